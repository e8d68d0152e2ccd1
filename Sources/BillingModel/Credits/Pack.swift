/// Credits or units that are bought once, beside any tier.
public struct Pack: Hashable, Sendable, Codable {
    /// The name of a pack in code and tables.
    ///
    /// Declare one static member for each, as with ``Meter/ID``.
    public struct ID: Identifier {
        /// The text itself.
        public let rawValue: String

        /// Creates the id from its text: 1 to 255 bytes without NUL.
        public init(_ rawValue: String) {
            self.rawValue = rawValue
        }
    }

    /// What is in a pack; amounts are from 1 to ``Catalog/Limits/units``.
    public enum Contents: Hashable, Sendable, Codable {
        /// Credits of a pool.
        case credits(Int64, of: CreditPool.ID)
        /// Units of a consumable meter, in its smallest unit.
        case units(Int64, of: Meter.ID)
    }

    /// The pack's name in code and tables.
    public let id: ID

    /// The name that people read.
    public let name: String

    /// What is in it.
    public let contents: Contents

    /// How long after the purchase the contents can be used, or `nil` for ever.
    public let life: Recurrence?

    /// What the pack costs; empty for one that nobody can buy.
    public let prices: [Price]

    /// Creates a pack.
    ///
    /// - Parameters:
    ///   - id: The pack's name in code and tables.
    ///   - name: The name that people read, 1 to 255 bytes.
    ///   - contents: What is in it.
    ///   - life: How long after the purchase the contents can be used; for ever when left out.
    ///   - prices: What the pack costs, once for each currency.
    public init(_ id: ID, name: String, contents: Contents, life: Recurrence? = nil, prices: [Price] = []) {
        self.id = id
        self.name = name
        self.contents = contents
        self.life = life
        self.prices = prices
    }
}
