extension Catalog {
    /// Returns the tier of an id, or `nil` when this catalog has none.
    public func tier(_ id: Tier.ID) -> Tier? {
        tiers.first { $0.id == id }
    }

    /// Returns the meter of an id, or `nil` when this catalog has none.
    public func meter(_ id: Meter.ID) -> Meter? {
        meters.first { $0.id == id }
    }

    /// Returns the credit pool of an id, or `nil` when this catalog has none.
    public func pool(_ id: CreditPool.ID) -> CreditPool? {
        pools.first { $0.id == id }
    }

    /// Returns the feature of an id, or `nil` when this catalog has none.
    public func feature(_ id: Feature.ID) -> Feature? {
        features.first { $0.id == id }
    }

    /// Returns the pack of an id, or `nil` when this catalog has none.
    public func pack(_ id: Pack.ID) -> Pack? {
        packs.first { $0.id == id }
    }

    /// What a provider's product buys.
    public enum Offer: Hashable, Sendable {
        /// A tier, billed again and again.
        case tier(Tier.ID, cycle: Recurrence)
        /// A pack, billed once.
        case pack(Pack.ID)
    }

    /// Returns what a product buys, or `nil` when it is no product of this catalog.
    ///
    /// - Parameters:
    ///   - product: The product's id, as it stands in a price.
    ///   - provider: The provider's account that sells it.
    /// - Returns: The tier and its cycle, or the pack.
    /// - Complexity: O(*n*) in the number of prices.
    public func offer(for product: String, at provider: ProviderID) -> Offer? {
        let sells = { (products: [ProviderID: String]) in
            products[provider]?.utf8.elementsEqual(product.utf8) ?? false
        }
        for tier in tiers {
            if let price = tier.prices.first(where: { sells($0.products) }) {
                return .tier(tier.id, cycle: price.cycle)
            }
        }
        return packs.first { $0.prices.contains { sells($0.products) } }.map { .pack($0.id) }
    }
}

extension Catalog.Offer: CustomStringConvertible {
    /// The offer in words, such as `tier 'pro' per month`.
    public var description: String {
        switch self {
        case .tier(let tier, let cycle): "tier \(quoted(tier.rawValue)) per \(cycle)"
        case .pack(let pack): "pack \(quoted(pack.rawValue))"
        }
    }
}
