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

        private enum CodingKeys: String, CodingKey {
            case cycle, amount, products
        }

        /// Reads the value from a decoder.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            cycle = try container.decode(Recurrence.self, forKey: .cycle)
            amount = try container.decode(CodedMoney.self, forKey: .amount).money
            products = try container.decode([ProviderID: String].self, forKey: .products)
        }

        /// Writes the value to an encoder.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(cycle, forKey: .cycle)
            try container.encode(CodedMoney(money: amount), forKey: .amount)
            try container.encode(products, forKey: .products)
        }
    }
}
