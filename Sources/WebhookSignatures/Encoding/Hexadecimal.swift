/// Bytes as lowercase hexadecimal digits, RFC 4648 section 8.
package enum Hexadecimal {
    /// Returns the digits of the bytes, two for each.
    ///
    /// - Parameter bytes: The bytes to write.
    /// - Returns: Lowercase digits without a prefix.
    package static func encode(_ bytes: [UInt8]) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            digits.append(digit(byte &>> 4))
            digits.append(digit(byte & 0x0f))
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// Returns the eight big-endian words of a 32-byte code in lowercase digits.
    ///
    /// - Parameter text: The characters as ASCII bytes.
    /// - Returns: The words, or `nil` for anything but 64 lowercase digits.
    package static func code(_ text: Span<UInt8>) -> SIMD8<UInt32>? {
        guard text.count == 64 else {
            return nil
        }
        var words: SIMD8<UInt32> = .zero
        for wordIndex in 0..<8 {
            var word: UInt32 = 0
            for index in 8 * wordIndex..<8 * wordIndex + 8 {
                guard let value = value(of: text[index]) else {
                    return nil
                }
                word = word &<< 4 | value
            }
            words[wordIndex] = word
        }
        return words
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(character - UInt8(ascii: "a")) + 10
        default: nil
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
    }
}
