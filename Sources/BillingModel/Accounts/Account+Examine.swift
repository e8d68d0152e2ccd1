extension Account {
    /// Returns everything in which the account contradicts itself, its catalogs or its journal.
    ///
    /// - Parameters:
    ///   - folded: The account that the journal folds to, see ``init(folding:of:until:)``; `nil` to leave the
    ///     journal out.
    ///   - facts: The catalogs beside the current one.
    ///   - catalog: The current catalog.
    /// - Returns: The findings, what the journal has otherwise first, then in the order of the account's parts.
    /// - Complexity: O(*n*) in the account's parts, times the live holds.
    public func findings(
        against folded: Account? = nil,
        facts: Facts = Facts(),
        in catalog: Catalog
    ) -> [Finding] {
        let catalogs = Catalogs(current: catalog, others: facts.catalogs)
        // First what the journal has otherwise: once it is put back, much of the rest is no more.
        var faults = folded.map { differences(to: $0).map { Finding.Fault.differsFromJournal($0) } } ?? []
        faults += standingFaults(in: catalogs)
        for balance in balances { faults += self.faults(of: balance, in: catalogs) }
        for level in levels {
            let known = catalogs.meter(level.meter)
            if known == nil { faults.append(.unknownSubject(.meter(level.meter))) }
            // One that an earlier catalog has left on a meter that is used up now is no contradiction.
            if level.units < 0 {
                faults.append(.malformedLevel(level.meter, level.units))
            }
        }
        for hold in holds {
            let isBacked = hold.allParts.allSatisfy { part in
                part.amount > 0 && (part.grant == nil || grant(part.grant) != nil)
            }
            if !isBacked || hold.amount < 1 { faults.append(.unbackedHold(hold.id)) }
        }
        return faults.map { Finding($0) }
    }

    private func standingFaults(in catalogs: Catalogs) -> [Finding.Fault] {
        var faults: [Finding.Fault] = []
        if let standing, let catalog = catalogs[standing.catalog], catalog.tier(standing.tier) == nil {
            faults.append(.unknownTier(standing.tier, standing.catalog))
        }
        for subscription in subscriptions {
            let tier = subscription.snapshot.tier
            if let catalog = catalogs[subscription.catalog], catalog.tier(tier) == nil {
                faults.append(
                    .unknownSubscribedTier(subscription: subscription.id, tier, subscription.catalog)
                )
            }
        }
        return faults
    }

    private func faults(of balance: Balance, in catalogs: Catalogs) -> [Finding.Fault] {
        var faults: [Finding.Fault] = []
        let isKnown =
            switch balance.subject {
            case .meter(let meter): catalogs.meter(meter) != nil
            case .pool(let pool): catalogs.pool(pool) != nil
            }
        if !isKnown, !balance.grants.isEmpty { faults.append(.unknownSubject(balance.subject)) }
        if let period = balance.period {
            let isSound = period.used >= 0 && period.uncovered >= 0 && period.uncovered <= period.used
            if !isSound { faults.append(.malformedCount(balance.subject)) }
            if let id = period.grant {
                if let grant = balance.grant(id) {
                    let isItsOwn = grant.effective == period.span.start && grant.expiry == period.span.end
                    if !isItsOwn { faults.append(.malformedPeriod(balance.subject)) }
                } else {
                    faults.append(.missingGrant(balance.subject, id))
                }
            }
        }
        for grant in balance.grants {
            let numbers = [grant.amount, grant.used, grant.held, grant.expired, grant.voided, grant.moved]
            if numbers.contains(where: { $0 < 0 }) || grant.exactlyRemaining < 0 {
                faults.append(.unconserved(grant.id))
            }
            let byHolds = unitsHeld(of: grant.id)
            if grant.held != byHolds {
                faults.append(.unbackedGrant(grant.id, held: grant.held, byHolds: byHolds))
            }
        }
        return faults
    }

    /// Returns the units that holds set aside of a grant.
    func unitsHeld(of grant: Grant.ID) -> Int64 {
        holds.reduce(Int64(0)) { sum, hold in
            hold.allParts.reduce(sum) { $0.addingClamped($1.grant == grant ? $1.amount : 0) }
        }
    }

    /// Returns the parts in which another account is not the same, as that one has them.
    private func differences(to other: Account) -> [Finding.Part] {
        var parts: [Finding.Part] = []
        let (grants, others) = (grants, other.grants)
        parts += others.filter { !grants.contains($0) }.map { .grant($0) }
        parts += grants.filter { grant in !others.contains { $0.id == grant.id } }.map { .surplusGrant($0.id) }
        parts += other.holds.filter { !holds.contains($0) }.map { .hold($0) }
        parts += holds.filter { hold in !other.holds.contains { $0.id == hold.id } }.map { .surplusHold($0.id) }
        parts += other.periods.filter { !periods.contains($0) }.map { .period($0) }
        let meters = Set(levels.map(\.meter)).union(other.levels.map(\.meter)).sorted()
        parts += meters.filter { level(of: $0) != other.level(of: $0) }.map { .level($0, other.level(of: $0)) }
        if let standing = other.standing, standing != self.standing { parts.append(.standing(standing)) }
        parts += other.subscriptions.filter { !subscriptions.contains($0) }.map { .subscription($0) }
        if overrides != other.overrides { parts.append(.overrides(other.overrides)) }
        if let trial = other.trial, trial != self.trial { parts.append(.trial(trial)) }
        parts += other.windows.filter { !windows.contains($0) }.map { .window($0) }
        return parts + surplus(besides: other)
    }

    /// Returns what the account has and another one, which its journal leads to, has not.
    private func surplus(besides other: Account) -> [Finding.Part] {
        var words: [String] = []
        words += periods.filter { period in !other.periods.contains { $0.subject == period.subject } }
            .map { "the running period of \($0.subject), which it does not have" }
        words += subscriptions.filter { one in !other.subscriptions.contains { $0.key == one.key } }
            .map { "subscription '\($0.id)', which it does not have" }
        words += windows.filter { window in !other.windows.contains { $0.place == window.place } }
            .map { "the window of \($0.seconds) seconds of '\($0.meter)', which it does not have" }
        if trial != nil, other.trial == nil { words.append("the trial, which it does not have") }
        if firstPurchaseAt != other.firstPurchaseAt { words.append("the first purchase") }
        if warnings != other.warnings { words.append("the thresholds that were told of") }
        if benefits != other.benefits { words.append("what the provider gives beside the tier") }
        if upgrades != other.upgrades { words.append("the attempts to buy") }
        if anchor != other.anchor { words.append("the account's opening") }
        return words.map { .other($0) }
    }
}

extension Account {
    /// Creates the account that a journal leads to.
    ///
    /// So the balance as of any past instant is known: fold the journal until then, and ask the ``overview(facts:at:in:)``
    /// of that instant.
    ///
    /// - Parameters:
    ///   - journal: The customer's changes from the first on, by revision; what comes after a gap is left out.
    ///   - customer: The customer.
    ///   - end: The last instant that counts, or `nil` for all; a change that was recorded at it counts.
    public init(folding journal: some Sequence<Change>, of customer: CustomerID, until end: Timestamp? = nil) {
        self.init(customer: customer)
        for change in journal {
            if let end, change.recordedAt > end { return }
            guard apply(change) else { return }
        }
    }
}

extension Catalogs {
    /// Returns the meter of an id in any of the catalogs, the current one first.
    func meter(_ id: Meter.ID) -> Meter? {
        current.meter(id) ?? others.values.sorted { $0.version > $1.version }.lazy.compactMap { $0.meter(id) }.first
    }

    /// Returns the pool of an id in any of the catalogs, the current one first.
    func pool(_ id: CreditPool.ID) -> CreditPool? {
        current.pool(id) ?? others.values.sorted { $0.version > $1.version }.lazy.compactMap { $0.pool(id) }.first
    }
}
