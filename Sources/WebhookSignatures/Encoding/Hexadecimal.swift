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

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
    }
}
