/// The forms that the values of signed headers must have, which senders and receivers share.
package enum HeaderSyntax {
    /// The longest identifier that is accepted, in bytes.
    package static let identifierByteLimit = 255

    /// The most digits a timestamp may have: far more than any date needs, and far from overflow.
    package static let timestampDigitLimit = 15

    /// Returns where the value is without the spaces and tabs around it.
    ///
    /// They are no part of a field value (RFC 9110, 5.5).
    package static func trimmed(_ value: Span<UInt8>) -> Range<Int> {
        var start = 0
        var end = value.count
        while start < end, isBlank(value[start]) {
            start += 1
        }
        while end > start, isBlank(value[end - 1]) {
            end -= 1
        }
        return start..<end
    }

    /// Returns the text without the spaces and tabs around it, which is the very same text where there are none.
    static func trimmed(_ text: String) -> String {
        let range = withBytes(of: text) { trimmed($0) }
        if range.count == text.utf8.count {
            return text
        }
        return withBytes(of: text) { bytes in
            String(decoding: range.map { bytes[$0] }, as: UTF8.self)
        }
    }

    /// Returns whether the bytes are 1 to 255 visible ASCII characters without the one that ends an identifier.
    package static func isIdentifier(_ bytes: Span<UInt8>, endedBy end: UInt8?) -> Bool {
        guard (1...identifierByteLimit).contains(bytes.count) else {
            return false
        }
        for index in 0..<bytes.count where !(0x21...0x7e).contains(bytes[index]) || bytes[index] == end {
            return false
        }
        return true
    }

    /// Returns the number that the digits stand for, or `nil` where there is anything but 1 to 15 ASCII digits or a
    /// zero before other digits.
    package static func timestamp(_ digits: Span<UInt8>) -> Int64? {
        guard (1...timestampDigitLimit).contains(digits.count) else {
            return nil
        }
        if digits[0] == UInt8(ascii: "0") && digits.count > 1 {
            return nil
        }
        var value: Int64 = 0
        for index in 0..<digits.count {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digits[index]) else {
                return nil
            }
            value = value * 10 + Int64(digits[index] - UInt8(ascii: "0"))
        }
        return value
    }

    /// Calls a function with the bytes of a text, which on all but Apple's bridged strings copies nothing.
    static func withBytes<Answer>(of text: String, _ body: (Span<UInt8>) -> Answer) -> Answer {
        var text = text
        return text.withUTF8 { bytes in
            body(unsafe Span(_unsafeElements: bytes))
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}
