/// An amount of money in the smallest unit of its currency.
///
/// Amounts are exact, from `Int64.min` to `Int64.max` minor units, which for USD is ±92 quadrillion dollars. Two
/// currencies never mix: arithmetic and order between them is an error, as is a result beyond the range.
public struct Money: Hashable, Sendable, Codable {
    /// The amount in minor units: cents for USD, yen for JPY.
    public let minorUnits: Int64

    /// The currency of the amount.
    public let currency: Currency

    /// Creates an amount from minor units of a currency.
    public init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// Creates an amount that was computed in 128 bits, if it fits.
    init(checking minorUnits: Int128, currency: Currency) throws(MoneyError) {
        guard let minorUnits = Int64(exactly: minorUnits) else {
            throw MoneyError(.overflow, "The result is beyond what an amount in \(currency) can be.")
        }
        self.init(minorUnits: minorUnits, currency: currency)
    }

    /// Returns no money, in a currency.
    public static func zero(_ currency: Currency) -> Money {
        Money(minorUnits: 0, currency: currency)
    }
}
