extension Subscription {
    /// A change of tier, cycle or quantity that the provider makes later by itself.
    ///
    /// There is one at most: a provider replaces an earlier wish by a later one, so the newest report's counts.
    public struct PendingChange: Hashable, Sendable {
        /// The tier from then on; the present one where only something else changes.
        ///
        /// A product that stands for no tier is named as it is: the change is then dropped, with a notice.
        public let tier: Tier.ID

        /// How often it is billed from then on, or `nil` when the provider did not say.
        public let cycle: Recurrence?

        /// The seats or units from then on, or `nil` where they stay as they are.
        public let quantity: Int64?

        /// When it is made.
        public let appliesAt: Timestamp

        /// Creates a pending change.
        public init(tier: Tier.ID, cycle: Recurrence? = nil, quantity: Int64? = nil, appliesAt: Timestamp) {
            self.tier = tier
            self.cycle = cycle
            self.quantity = quantity
            self.appliesAt = appliesAt
        }
    }

    /// A change that is not made, because nobody sells the tier that it leads to any more.
    public struct DroppedChange: Hashable, Sendable {
        /// The tier that it would have led to.
        public let tier: Tier.ID

        /// When it would have been made.
        public let appliesAt: Timestamp

        /// Creates a dropped change.
        public init(tier: Tier.ID, appliesAt: Timestamp) {
            self.tier = tier
            self.appliesAt = appliesAt
        }

        /// Creates what is left of a change that is dropped.
        init(_ pending: PendingChange) {
            self.init(tier: pending.tier, appliesAt: pending.appliesAt)
        }
    }
}

extension Account.Draft {
    /// Drops pending changes whose tier nobody sells any more, and tells of each once, however often it is repeated.
    ///
    /// The present tier then goes on: nobody can be on a tier that there is none of.
    mutating func dropVanishedChanges() {
        for subscription in account.subscriptions {
            guard let pending = subscription.snapshot.pending,
                pending.tier != subscription.snapshot.tier, catalogs.current.tier(pending.tier) == nil
            else { continue }
            var kept = subscription
            kept.snapshot.pending = nil
            kept.dropped = Subscription.DroppedChange(pending)
            perform(.subscribed(kept))
            if subscription.dropped != kept.dropped { notice(.changeDropped(subscription.id, to: pending.tier)) }
        }
    }
}

extension Catalogs {
    /// Returns a tier that a subscription may change to, with the catalog that it is bought under then, or `nil` where it
    /// is sold no more.
    ///
    /// The present tier is kept by who has it, sold or not.
    func target(_ id: Tier.ID, of subscription: Subscription) -> (tier: Tier, catalog: Catalog)? {
        guard let catalog = id == subscription.snapshot.tier ? self[subscription.catalog] : current else { return nil }
        return catalog.tier(id).map { ($0, catalog) }
    }
}
