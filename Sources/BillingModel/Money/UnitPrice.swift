/// An exact price for one unit of something, such as 0.0015 cents for a token.
///
/// It has 12 decimals of the currency's minor unit, as many as payment providers take, and its magnitude is at
/// most `Int64.max` minor units. Money comes of it only when it meets a quantity, and there the rounding is
/// named: per line, before lines are added up.
public struct UnitPrice: Hashable, Sendable {
    /// The decimals of a minor unit that a price keeps.
    public static let decimals = 12

    /// The price of one unit in 10⁻¹² minor units of the currency.
    package let scaledMinorUnits: Int128

    /// The currency of the price.
    public let currency: Currency

    private init(checking scaledMinorUnits: Int128, currency: Currency) throws(MoneyError) {
        guard scaledMinorUnits.magnitude <= UInt128(Int64.max) * Self.scale.magnitude else {
            throw MoneyError(.overflow, "The price is beyond what a price in \(currency) can be.")
        }
        self.scaledMinorUnits = scaledMinorUnits
        self.currency = currency
    }

    /// Creates a price from a decimal number of the currency's main unit, such as `0.000015` for USD.
    ///
    /// - Parameters:
    ///   - decimal: A minus sign if any, digits, and a point with digits after it if any, 64 characters at most.
    ///   - currency: The currency.
    /// - Throws: ``MoneyError`` when the text is no such number, has more decimals than a price keeps (12 more
    ///   than the currency has), or is beyond the range.
    public init(decimal: some StringProtocol, currency: Currency) throws(MoneyError) {
        let scaled = try DecimalText.scaled(decimal, by: Self.decimals + currency.exponent)
        try self.init(checking: scaled, currency: currency)
    }

    /// Creates a price from a decimal number of minor units, as providers write it: `0.0015` cents.
    ///
    /// - Parameters:
    ///   - text: A minus sign if any, digits, and a point with up to 12 digits after it if any.
    ///   - currency: The currency.
    /// - Throws: ``MoneyError`` when the text is no such number or is beyond the range.
    public init(minorUnits text: some StringProtocol, currency: Currency) throws(MoneyError) {
        try self.init(checking: DecimalText.scaled(text, by: Self.decimals), currency: currency)
    }

    /// Creates the price of one unit from the price of several, such as $2.50 for a million tokens.
    ///
    /// - Parameters:
    ///   - amount: What the quantity costs.
    ///   - quantity: How many units that pays for, 1 or more.
    /// - Throws: ``MoneyError`` with ``MoneyError/Code/inexact`` when the price of one has more than 12 decimals
    ///   of a minor unit, as a third has: a price for one would then not be the price for several.
    public init(_ amount: Money, per quantity: Int64 = 1) throws(MoneyError) {
        guard quantity > 0 else {
            throw MoneyError(.outOfBounds, "A price is for 1 unit or more, not for \(quantity).")
        }
        let (price, rest) = (Int128(amount.minorUnits) * Self.scale).quotientAndRemainder(dividingBy: Int128(quantity))
        guard rest == 0 else {
            throw MoneyError(.inexact, "\(amount) for \(quantity) is no price for one in 12 decimals.")
        }
        try self.init(checking: price, currency: amount.currency)
    }

    /// Returns what a quantity costs, in whole minor units.
    ///
    /// - Parameters:
    ///   - quantity: The units; negative for a correction.
    ///   - rounding: How the exact product becomes whole minor units.
    /// - Returns: The amount, rounded once.
    /// - Throws: ``MoneyError`` when the result is beyond the range.
    public func amount(for quantity: Int64, rounding: Rounding) throws(MoneyError) -> Money {
        let (product, overflow) = scaledMinorUnits.multipliedReportingOverflow(by: Int128(quantity))
        // What is beyond 128 bits here is beyond 64 after the division as well.
        guard !overflow else {
            throw MoneyError(.overflow, "\(quantity) units cost more than an amount in \(currency) can be.")
        }
        return try Money(checking: rounding.quotient(product, by: Self.scale), currency: currency)
    }

    /// The price as a decimal number of the currency's main unit, with at least the currency's decimals.
    public var decimal: String {
        DecimalText.text(
            of: scaledMinorUnits,
            scaledBy: Self.decimals + currency.exponent,
            minimumDecimals: currency.exponent
        )
    }

    /// The price as a decimal number of minor units, as providers take it: `0.0015`.
    public var minorUnits: String {
        DecimalText.text(of: scaledMinorUnits, scaledBy: Self.decimals, minimumDecimals: 0)
    }

    private static let scale: Int128 = 1_000_000_000_000
}

extension UnitPrice: CustomStringConvertible {
    /// The decimal number and the code, such as `0.000015 USD`.
    public var description: String { "\(decimal) \(currency)" }
}

extension UnitPrice: Codable {
    /// Reads the price from a decoder, where it is decimal text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let currency = try container.decode(Currency.self, forKey: .currency)
        do {
            try self.init(minorUnits: try container.decode(String.self, forKey: .minorUnits), currency: currency)
        } catch let error as MoneyError {
            throw DecodingError.dataCorruptedError(
                forKey: .minorUnits,
                in: container,
                debugDescription: error.message
            )
        }
    }

    /// Writes the price to an encoder as decimal text: a number would pass through floating point somewhere.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(minorUnits, forKey: .minorUnits)
        try container.encode(currency, forKey: .currency)
    }

    private enum CodingKeys: String, CodingKey {
        case minorUnits, currency
    }
}
