/// What a test waited for and did not come.
package struct NeverCame: Error, CustomStringConvertible {
    package let description: String
}

/// Returns once something is so that others bring about: a server, another connection.
///
/// It is asked for so often that whatever will come has come, and not for ever: a test that waits for what has been and
/// gone has to say so.
///
/// - Parameters:
///   - what: What is waited for.
///   - isSo: Whether it is so; asked up to half a million times.
/// - Throws: ``NeverCame``, and what `isSo` throws.
package func waitUntil(_ what: String, _ isSo: () async throws -> Bool) async throws {
    for _ in 0..<500_000 {
        if try await isSo() { return }
        await Task.yield()
    }
    throw NeverCame(description: "It was waited for in vain that \(what).")
}
