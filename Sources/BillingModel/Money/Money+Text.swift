extension Money {
    /// Creates an amount from a decimal number of the currency's main unit, such as `29.90` for USD.
    ///
    /// - Parameters:
    ///   - decimal: A minus sign if any, digits, and a point with digits after it if any; no exponent, no
    ///     grouping, no spaces, at most 64 characters. Zeros beyond the currency's decimals are let pass.
    ///   - currency: The currency.
    /// - Throws: ``MoneyError`` when the text is no such number, when it has more decimals than the currency,
    ///   because dropping them would be a rounding that nobody named, or when it is beyond the range.
    public init(decimal: some StringProtocol, currency: Currency) throws(MoneyError) {
        try self.init(checking: DecimalText.scaled(decimal, by: currency.exponent), currency: currency)
    }

    /// The amount as a decimal number of the currency's main unit, with all its decimals: `29.90`, `-0.05`.
    ///
    /// For machines and logs. What people read depends on their language, and is the host's.
    public var decimal: String {
        DecimalText.text(
            of: Int128(minorUnits),
            scaledBy: currency.exponent,
            minimumDecimals: currency.exponent
        )
    }
}

extension Money: CustomStringConvertible {
    /// The decimal number and the code, such as `29.90 USD` or `1200 JPY`.
    public var description: String { "\(decimal) \(currency)" }
}
