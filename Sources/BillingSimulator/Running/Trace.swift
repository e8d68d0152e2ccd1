/// What happened in a world, one line for each event, as bytes.
struct Trace: Sendable {
    /// The lines, each with its line feed.
    private(set) var bytes: [UInt8] = []
    private(set) var digest = Digest()

    /// Adds a line.
    mutating func add(_ line: String) {
        digest.add(line.utf8)
        digest.add(CollectionOfOne(0x0A))
        bytes.append(contentsOf: line.utf8)
        bytes.append(0x0A)
    }
}
