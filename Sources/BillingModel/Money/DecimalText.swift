/// Decimal numbers as text, exact: a sign, digits, and a point with digits after it.
enum DecimalText {
    /// The most bytes that are read: every number that any type here holds is shorter.
    static let maximumLength = 64

    /// Returns the number times a power of ten.
    ///
    /// There is no plus sign, no exponent, no grouping and no space, and a point stands between digits. Zeros
    /// at the end change nothing, however many they are.
    ///
    /// - Throws: ``MoneyError`` when the text is no such number, has more decimals than the power takes, or is
    ///   beyond 128 bits.
    static func scaled(_ text: some StringProtocol, by power: Int) throws(MoneyError) -> Int128 {
        var bytes = Array(text.utf8.prefix(maximumLength + 1))
        guard bytes.count <= maximumLength else {
            throw MoneyError(.malformedNumber, "A decimal number has at most \(maximumLength) characters.")
        }
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes.removeFirst() }
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        var decimals = parts.count == 2 ? parts[1] : []
        let isNumber = parts.allSatisfy { part in
            !part.isEmpty && part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
        guard isNumber, let whole = parts.first else {
            throw MoneyError(.malformedNumber, "The text is not a decimal number such as '-12.50'.")
        }
        while decimals.last == UInt8(ascii: "0") { decimals.removeLast() }
        guard decimals.count <= power else {
            throw MoneyError(.inexact, "The number has \(decimals.count) decimals, and \(power) are kept.")
        }
        var scaled: Int128 = 0
        for digit in whole + decimals + Array(repeating: UInt8(ascii: "0"), count: power - decimals.count) {
            let (product, tooLarge) = scaled.multipliedReportingOverflow(by: 10)
            // Downward, because the range reaches one further there.
            let (sum, overflow) = product.subtractingReportingOverflow(Int128(digit - UInt8(ascii: "0")))
            guard !tooLarge, !overflow else { throw beyondRange }
            scaled = sum
        }
        guard !isNegative else { return scaled }
        guard scaled != .min else { throw beyondRange }
        return -scaled
    }

    /// Returns the text of a number that was multiplied by a power of ten.
    ///
    /// - Parameters:
    ///   - scaled: The number times the power.
    ///   - power: The power of ten.
    ///   - minimumDecimals: How many decimals are written even when they are zeros.
    /// - Returns: The digits, and no zeros at the end beyond the minimum.
    static func text(of scaled: Int128, scaledBy power: Int, minimumDecimals: Int) -> String {
        let digits = String(scaled.magnitude)
        let padded = String(repeating: "0", count: max(0, power + 1 - digits.count)) + digits
        let whole = padded.dropLast(power)
        var decimals = padded.suffix(power)
        while decimals.count > minimumDecimals, decimals.last == "0" { decimals.removeLast() }
        return (scaled < 0 ? "-" : "") + whole + (decimals.isEmpty ? "" : "." + decimals)
    }

    private static var beyondRange: MoneyError {
        MoneyError(.overflow, "The number is beyond the range of its type.")
    }
}
