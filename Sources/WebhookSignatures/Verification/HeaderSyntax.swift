/// The forms that the values of signed headers must have, which senders and receivers share.
enum HeaderSyntax {
    /// The longest identifier that is accepted, in bytes.
    static let identifierByteLimit = 255

    /// The most digits a timestamp may have: far more than any date needs, and far from overflow.
    static let timestampDigitLimit = 15

    /// Returns the value without the spaces and tabs around it, which are no part of a field value (RFC 9110, 5.5).
    static func trimmed(_ value: [UInt8]) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
        }
        var trimmed = value.drop(while: isBlank)
        while let last = trimmed.last, isBlank(last) {
            trimmed.removeLast()
        }
        return trimmed
    }

    static func isIdentifier(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty
            && bytes.count <= identifierByteLimit
            && bytes.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: ".") }
    }

    /// Returns the number that the digits stand for, or `nil` where there is anything but 1 to 15 ASCII digits or a
    /// zero before other digits.
    static func timestamp(_ digits: some Collection<UInt8>) -> Int64? {
        guard (1...timestampDigitLimit).contains(digits.count) else {
            return nil
        }
        if digits.first == UInt8(ascii: "0") && digits.count > 1 {
            return nil
        }
        var value: Int64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else {
                return nil
            }
            value = value * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return value
    }
}
