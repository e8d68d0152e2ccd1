/// Bytes as Base64 text in the alphabet with `+` and `/`, RFC 4648 section 4.
///
/// Signatures and secrets need different readers. A signature has exactly one spelling, or the same one could be
/// presented in several forms. Secrets are pasted by people and made by generators that draw random letters: they
/// come without padding, and their last letter carries bits that belong to no byte.
package enum Base64 {
    private static let alphabet = [UInt8]("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")

    /// Returns the padded text of the bytes.
    ///
    /// - Parameter bytes: The bytes to write.
    /// - Returns: The canonical text, four characters for every three bytes begun.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let available = min(3, bytes.count - index)
            var group = UInt32(bytes[index]) &<< 16
            if available > 1 {
                group |= UInt32(bytes[index + 1]) &<< 8
            }
            if available > 2 {
                group |= UInt32(bytes[index + 2])
            }
            text.append(alphabet[Int(group &>> 18 & 0x3f)])
            text.append(alphabet[Int(group &>> 12 & 0x3f)])
            text.append(available > 1 ? alphabet[Int(group &>> 6 & 0x3f)] : padding)
            text.append(available > 2 ? alphabet[Int(group & 0x3f)] : padding)
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Returns the bytes of canonical text, the one spelling that ``encode(_:)`` produces.
    ///
    /// - Parameter text: The characters as ASCII bytes.
    /// - Returns: The bytes, or `nil` where padding is missing, trailing bits are set or a character is foreign.
    package static func decodeStrictly(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard var decoded = decode(text) else {
            return nil
        }
        guard text.count % 4 == 0, !decoded.hasTrailingBits else {
            SecretMemory.erase(&decoded.bytes)
            return nil
        }
        return decoded.bytes
    }

    /// Returns the bytes of a secret's text, which may lack its padding and carry stray trailing bits.
    ///
    /// - Parameter text: The characters as ASCII bytes.
    /// - Returns: The bytes, or `nil` where a character is foreign, the length is that of no byte string or there is
    ///   more padding than the length asks for.
    package static func decodeLeniently(_ text: some Collection<UInt8>) -> [UInt8]? {
        decode(text)?.bytes
    }

    /// Returns the eight big-endian words of a 32-byte code in canonical text.
    ///
    /// The text is what was received and no secret, so its letters may index a table.
    ///
    /// - Parameter text: The characters as ASCII bytes.
    /// - Returns: The words, or `nil` for anything but the one spelling of 32 bytes.
    package static func code(_ text: Span<UInt8>) -> SIMD8<UInt32>? {
        guard text.count == 44, text[43] == padding else {
            return nil
        }
        let values = letterValues
        var words: SIMD8<UInt32> = .zero
        // Four letters are 24 bits. The highest bit of a group says that there was no such letter.
        var groups: SIMD16<UInt32> = .zero
        var foreign: UInt32 = 0
        for index in 0..<10 {
            let place = 4 * index
            let upper: UInt32 = values[Int(text[place])] &<< 18 | values[Int(text[place + 1])] &<< 12
            let lower: UInt32 = values[Int(text[place + 2])] &<< 6 | values[Int(text[place + 3])]
            groups[index] = upper | lower
            foreign |= upper | lower
        }
        let last: UInt32 =
            values[Int(text[40])] &<< 18 | values[Int(text[41])] &<< 12 | values[Int(text[42])] &<< 6
        foreign |= last
        words[0] = groups[0] &<< 8 | groups[1] &>> 16
        words[1] = groups[1] &<< 16 | groups[2] &>> 8
        words[2] = groups[2] &<< 24 | groups[3]
        words[3] = groups[4] &<< 8 | groups[5] &>> 16
        words[4] = groups[5] &<< 16 | groups[6] &>> 8
        words[5] = groups[6] &<< 24 | groups[7]
        words[6] = groups[8] &<< 8 | groups[9] &>> 16
        words[7] = groups[9] &<< 16 | last &>> 8
        // 43 letters are 258 bits.
        return foreign &>> 31 == 0 && last & 0xff == 0 ? words : nil
    }

    /// The value of each byte as a letter; where it is none, a number whose highest bit no shift moves away.
    private static let letterValues: [UInt32] = (0...UInt8.max).map { value(of: $0) ?? 0x8208_2000 }

    /// Returns the bytes and whether the last letter has bits that belong to none of them.
    ///
    /// The text may be a secret with one wrong letter, so what was decoded up to there is erased. There is room for all
    /// bytes from the start: an array that grows leaves a copy behind.
    private static func decode(_ text: some Collection<UInt8>) -> (bytes: [UInt8], hasTrailingBits: Bool)? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3 + 2)
        var pending: UInt32 = 0
        var pendingBitCount = 0
        var letterCount = 0
        var paddingCount = 0
        for character in text {
            if character == padding {
                paddingCount += 1
                continue
            }
            guard paddingCount == 0, let value = value(of: character) else {
                SecretMemory.erase(&bytes)
                return nil
            }
            letterCount += 1
            pending = pending &<< 6 | value
            pendingBitCount += 6
            if pendingBitCount >= 8 {
                pendingBitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending &>> UInt32(pendingBitCount)))
                pending &= (1 &<< UInt32(pendingBitCount)) - 1
            }
        }
        let remainder = letterCount % 4
        guard remainder != 1, paddingCount <= (remainder == 0 ? 0 : 4 - remainder) else {
            SecretMemory.erase(&bytes)
            return nil
        }
        return (bytes, pending != 0)
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
