extension Account {
    /// Which tier a customer was last seen to be on.
    public struct Standing: Hashable, Sendable {
        /// The tier.
        public let tier: Tier.ID

        /// The catalog version that the tier is taken from.
        public let catalog: Catalog.Version

        /// When the tier ends unless news comes, or `nil` on the fallback tier.
        public let until: Timestamp?

        /// Creates a standing.
        public init(tier: Tier.ID, catalog: Catalog.Version, until: Timestamp?) {
            self.tier = tier
            self.catalog = catalog
            self.until = until
        }
    }
}
