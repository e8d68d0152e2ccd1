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
