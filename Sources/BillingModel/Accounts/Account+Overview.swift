extension Account {
    /// A customer's standing at an instant: all that a billing page needs.
    public struct Overview: Hashable, Sendable {
        /// One meter's standing.
        public struct Line: Hashable, Sendable {
            /// The meter.
            public let meter: Meter
            /// What the tier, or the customer's own terms, give on it.
            public let allowance: Allowance
            /// The running period, or `nil` for a gauge, which has none.
            public let period: TimeSpan?
            /// The units used in the period; where a gauge stands.
            public let used: Int64
            /// The units set aside for work in progress.
            public let held: Int64
            /// What is left, units that credits pay for among it.
            public let remaining: Remaining
            /// The units used in the period that nothing covers; 0 on an unlimited meter.
            public let overage: Int64
            /// The units that would be let through now: not more than rates allow, and with those beyond a soft limit.
            public let permitted: Int64
        }

        /// One credit pool's standing.
        public struct CreditLine: Hashable, Sendable {
            /// The pool.
            public let pool: CreditPool
            /// What the tier gives of it again and again.
            public let allowance: Allowance
            /// The running period.
            public let period: TimeSpan
            /// The credits used in the period.
            public let used: Int64
            /// The credits set aside for work in progress.
            public let held: Int64
            /// The credits left.
            public let remaining: Int64
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

        /// Why the customer is on the tier.
        public let accessReason: Access.Reason

        /// Since when the customer is on it for that reason, or `nil` where nothing is known of the customer.
        public let accessSince: Timestamp?

        /// Every subscription that was ever reported, as last reported, by id.
        public let subscriptions: [SubscriptionSnapshot]

        /// The meters, in the catalog's order.
        public let meters: [Line]

        /// The credit pools, in the catalog's order.
        public let credits: [CreditLine]

        /// The trial that the customer has had of the kit, or `nil` for none yet.
        public let trial: Trial?

        /// The trial's span, which a first purchase cuts short, or `nil` where there has been none.
        public let trialSpan: TimeSpan?

        /// The terms that the customer has in place of the tier's.
        public let overrides: [Override]

        /// The thresholds that balances are below.
        public let warnings: [Warning]

        /// The live grants, in the order that they are drawn on.
        public let grants: [Grant]

        /// What the provider gives beside the tier, by id.
        public let benefits: [Benefit]

        /// The attempts to buy, oldest first.
        public let upgrades: [Upgrade]

        /// Returns a meter's line, or `nil` when the catalog has no such meter.
        public subscript(meter: Meter.ID) -> Line? {
            meters.first { $0.meter.id == meter }
        }

        /// Returns a pool's line, or `nil` when the catalog has no such pool.
        public subscript(pool: CreditPool.ID) -> CreditLine? {
            credits.first { $0.pool.id == pool }
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
            for pool in access.catalog.pools { draft.settle(.pool(pool.id), under: access) }
            draft.settleAll(under: access)
            draft.warn(under: access)
        }
        guard let access, draft.needs.isEmpty else {
            throw DecisionError(.missing(draft.needs), "The overview needs facts that were not loaded.")
        }
        let settled = draft.account
        return Overview(
            customer: customer,
            at: draft.now,
            tier: access.tier,
            subscription: access.subscription?.snapshot,
            accessUntil: access.until,
            accessReason: access.reason,
            accessSince: access.since,
            subscriptions: settled.subscriptions.map(\.snapshot),
            meters: access.catalog.meters.map { draft.line(of: $0, under: access) },
            credits: access.catalog.pools.compactMap { draft.line(of: $0, under: access) },
            trial: settled.trial,
            trialSpan: settled.trial?.span(firstPurchase: settled.firstPurchaseAt),
            overrides: settled.overrides,
            warnings: settled.warnings,
            grants: settled.grants,
            benefits: settled.benefits,
            upgrades: settled.upgrades
        )
    }
}

extension Account.Draft {
    fileprivate func line(of meter: Meter, under access: Account.Access) -> Account.Overview.Line {
        let allowance = access.tier.allowance(of: meter.id)
        let period = account.period(of: .meter(meter.id))
        let level = account.level(of: meter.id)
        let overage: Int64 =
            switch allowance {
            case .unlimited: 0
            case .level(let limit, overage: _): max(0, level - limit)
            case .none, .limited: meter.kind == .gauge ? level : period?.uncovered ?? 0
            }
        return Account.Overview.Line(
            meter: meter,
            allowance: allowance,
            period: period?.span,
            used: meter.kind == .gauge ? level : period?.used ?? 0,
            held: account.holds.reduce(Int64(0)) { $1.meter == meter.id ? $0.addingClamped($1.amount) : $0 },
            remaining: remaining(on: meter.id, under: access),
            overage: overage,
            permitted: permitted(on: meter.id, under: access)
        )
    }

    fileprivate func line(of pool: CreditPool, under access: Account.Access) -> Account.Overview.CreditLine? {
        guard let balance = account.balance(of: .pool(pool.id)), let period = balance.period else { return nil }
        return Account.Overview.CreditLine(
            pool: pool,
            allowance: access.allowance(of: .pool(pool.id)),
            period: period.span,
            used: period.used,
            held: heldCredits(of: pool.id),
            remaining: balance.available(at: now)
        )
    }
}
