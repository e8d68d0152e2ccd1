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

        private enum CodingKeys: String, CodingKey {
            case amount, products
        }

        /// Reads the value from a decoder.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            amount = try container.decode(CodedMoney.self, forKey: .amount).money
            products = try container.decode([ProviderID: String].self, forKey: .products)
        }

        /// Writes the value to an encoder.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(CodedMoney(money: amount), forKey: .amount)
            try container.encode(products, forKey: .products)
        }
    }
}
