/// An amount of money in the smallest unit of its currency.
public struct Money: Hashable, Sendable {
    /// The amount in minor units: cents for USD, yen for JPY.
    public let minorUnits: Int64

    /// The currency of the amount.
    public let currency: Currency

    /// Creates an amount from minor units of a currency.
    public init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }
}
