extension Pack {
    /// What a pack costs, and under which ids the providers sell it.
    public struct Price: Hashable, Sendable, Codable {
        /// The amount, from nothing to ``Catalog/Limits/minorUnits``.
        public let amount: Money

        /// The id of the product (at Stripe: of the price) at each provider's account.
        public let products: [ProviderID: String]

        /// Creates a price.
        ///
        /// - Parameters:
        ///   - amount: The amount.
        ///   - products: The id of the product at each provider's account, 1 to 255 bytes each.
        public init(_ amount: Money, products: [ProviderID: String] = [:]) {
            self.amount = amount
            self.products = products
        }
    }
}
