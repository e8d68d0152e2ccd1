extension Account {
    /// A customer's standing at an instant: all that a billing page needs.
    public struct Overview: Hashable, Sendable {
        /// One meter's standing.
        public struct Line: Hashable, Sendable {
            /// The meter.
            public let meter: Meter
            /// What the tier gives on it.
            public let allowance: Allowance
            /// The running period.
            public let period: TimeSpan
            /// The units used in the period.
            public let used: Int64
            /// The units set aside for work in progress.
            public let held: Int64
            /// What is left.
            public let remaining: Remaining
            /// The units used in the period that nothing covers; 0 on an unlimited meter.
            public let overage: Int64
        }

        /// The customer.
        public let customer: CustomerID

        /// The instant that the overview is of.
        public let at: Timestamp

        /// The tier that the customer is on.
        public let tier: Tier

        /// The subscription that gives the tier, as last reported, or `nil` on the fallback tier.
        public let subscription: SubscriptionSnapshot?

        /// When the tier ends unless news comes, or `nil` on the fallback tier.
        public let accessUntil: Timestamp?

        /// Every subscription that was ever reported, as last reported, by id.
        public let subscriptions: [SubscriptionSnapshot]

        /// The meters, in the catalog's order.
        public let meters: [Line]

        /// The live grants, in the order that they are drawn on.
        public let grants: [Grant]

        /// The attempts to buy, oldest first.
        public let upgrades: [Upgrade]

        /// Returns a meter's line, or `nil` when the catalog has no such meter.
        public subscript(meter: Meter.ID) -> Line? {
            meters.first { $0.meter.id == meter }
        }
    }

    /// Returns the customer's standing at an instant, without changing anything.
    ///
    /// What is due by then has happened in the answer: lapsed holds have ended, periods have turned.
    ///
    /// - Throws: ``DecisionError`` with ``DecisionError/Code/missing(_:)`` when it needs facts.
    public func overview(
        facts: Facts = Facts(),
        at now: Timestamp,
        in catalog: Catalog
    ) throws(DecisionError) -> Overview {
        var draft = Draft(self, facts: facts, now: now, catalog: catalog)
        let access = draft.settle()
        if let access {
            for meter in access.catalog.meters { draft.settle(meter.id, under: access) }
        }
        guard let access, draft.needs.isEmpty else {
            throw DecisionError(.missing(draft.needs), "The overview needs facts that were not loaded.")
        }
        let settled = draft.account
        let lines = access.catalog.meters.compactMap { meter -> Overview.Line? in
            guard let period = settled.period(of: meter.id) else { return nil }
            let allowance = access.tier.allowance(of: meter.id)
            return Overview.Line(
                meter: meter,
                allowance: allowance,
                period: period.span,
                used: period.used,
                held: settled.holds.reduce(0) { $0 + ($1.meter == meter.id ? $1.amount : 0) },
                remaining: draft.remaining(on: meter.id, under: access),
                overage: allowance == .unlimited ? 0 : period.uncovered
            )
        }
        return Overview(
            customer: customer,
            at: draft.now,
            tier: access.tier,
            subscription: access.subscription?.snapshot,
            accessUntil: access.until,
            subscriptions: settled.subscriptions.map(\.snapshot),
            meters: lines,
            grants: settled.grants,
            upgrades: settled.upgrades
        )
    }
}
