#if Postgres
/// Text as PostgreSQL can hold it.
///
/// It has no place for U+0000, which a name must not contain and a detail or a member may. So U+0000 is written as U+0001
/// U+0001 and U+0001 as U+0001 U+0002: nothing else changes, texts stay different and in their order, and what is read is
/// what was written.
package enum PostgresText {
    /// Whether a text has to be written otherwise than it is.
    package static func isAffected(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.contains { $0 <= 1 }
    }

    /// Returns the bytes that are written for those of a text.
    package static func escaped(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        bytes.flatMap { $0 <= 1 ? [1, $0 + 1] : [$0] }
    }

    /// Returns the text whose bytes were read.
    package static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard bytes.contains(1) else { return String(decoding: bytes, as: UTF8.self) }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let isMark = bytes[index] == 1 && index + 1 < bytes.count && 1...2 ~= bytes[index + 1]
            result.append(isMark ? bytes[index + 1] - 1 : bytes[index])
            index += isMark ? 2 : 1
        }
        return String(decoding: result, as: UTF8.self)
    }
}
#endif
