/// Text as PostgreSQL can hold it.
///
/// It has no place for U+0000, which a name must not contain and a detail may. So U+0000 is written as U+0001
/// U+0001 and U+0001 as U+0001 U+0002: nothing else changes, texts stay different and in their order, and what is read is
/// what was written.
///
/// Every driver has to do so alike, because what one writes another reads.
public enum PostgresText {
    /// Returns a text as it is bound to a statement.
    public static func stored(_ text: String) -> String {
        var text = text
        let bytes: [UInt8]? = text.withUTF8 { isAffected($0) ? escaped($0) : nil }
        return bytes.map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// Returns the text that a result's text stands for.
    public static func original(_ stored: String) -> String {
        var stored = stored
        return stored.withUTF8(text)
    }

    /// Whether a text has to be written otherwise than it is.
    package static func isAffected(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        // Eight at a time: of a byte above 1, what is left after 2 has been taken away does not reach its highest bit unless
        // that was set before.
        let raw = UnsafeRawBufferPointer(bytes)
        var offset = 0
        while offset + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            if (word &- 0x0202_0202_0202_0202) & ~word & 0x8080_8080_8080_8080 != 0 { return containsMark(bytes) }
            offset += 8
        }
        return containsMark(UnsafeBufferPointer(rebasing: bytes[offset...]))
    }

    private static func containsMark(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
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
