extension Tier {
    /// What a tier costs per billing cycle, and under which ids the providers sell it.
    ///
    /// A tier has one price for each pair of cycle and currency.
    public struct Price: Hashable, Sendable, Codable {
        /// How often it is billed.
        public let cycle: Recurrence

        /// The amount per cycle, from nothing to ``Catalog/Limits/minorUnits``.
        public let amount: Money

        /// The id of the product (at Stripe: of the price) at each provider's account.
        ///
        /// A sandbox is an account of its own with a ``ProviderID`` of its own, so its products stand here too.
        public let products: [ProviderID: String]

        /// Creates a price.
        ///
        /// - Parameters:
        ///   - amount: The amount per cycle.
        ///   - cycle: How often it is billed.
        ///   - products: The id of the product at each provider's account, 1 to 255 bytes each.
        public init(_ amount: Money, per cycle: Recurrence, products: [ProviderID: String] = [:]) {
            self.amount = amount
            self.cycle = cycle
            self.products = products
        }
    }
}
