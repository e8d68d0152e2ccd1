extension Account {
    /// Decides a use of units where nothing is due and nothing stands in its way, without a draft: the change is
    /// made from what the balance knows, and nothing of the account is copied.
    ///
    /// - Returns: The decision that the long way would lead to, or `nil` where that has to be taken.
    func consumeAtOnce(
        _ use: Command.Consumption,
        as command: Command,
        facts: Facts,
        at clock: Timestamp,
        in catalog: Catalog
    ) -> Decision? {
        if !facts.areNone, case .some = facts.precedent { return nil }
        let now = max(clock, instant)
        if let due = upgradesDueAt, due <= now { return nil }
        guard let held = unitsHeld(of: use.meter, at: now, besides: command.key),
            let index = balanceIndex(of: .meter(use.meter)),
            let prospect = balances.span[index].prospect(of: use.amount, at: now),
            let terms = standingTerms(of: use.meter, at: now, facts: facts, catalog: catalog),
            Int128(prospect.used) + held + Int128(use.amount) <= Int128(Int64.max)
        else { return nil }
        // What has been told of may have risen by time alone, which is for the long way to notice.
        if !warnings.isEmpty, !areWarnedSettled(at: now) { return nil }
        var credits = Funds(left: 0)
        if let draw = terms.draw {
            guard let pool = funds(of: draw.pool, at: now, in: catalog) else { return nil }
            credits = pool.units(costing: draw.cost)
        }
        // Within the running period, even where the provider's clock is ahead and says that it is yet to begin.
        let counted = max(now, prospect.start)
        var effects: [Effect]
        let remaining: Remaining
        if terms.allowance == .unlimited {
            guard !isWarned(of: .meter(use.meter)) else { return nil }
            effects = [.drawn(Draw(meter: use.meter, cover: .nothing, amount: use.amount, at: counted))]
            remaining = .unlimited
        } else {
            var given = prospect.given
            if let cover = prospect.cover {
                effects = [.drawn(Draw(meter: use.meter, cover: cover, amount: use.amount, at: counted))]
            } else {
                guard let several = severalAtOnce(use, of: index, counting: counted, at: now) else { return nil }
                effects = several.effects
                given -= several.finished
            }
            let own = Int64(clamping: prospect.available - Int128(use.amount))
            if given > 0 { given += credits.given }
            let funds = Funds(left: own.addingClamped(credits.left), given: given, hadSome: true)
            // Where a threshold is crossed the host has to be told.
            guard areTold(funds, of: .meter(use.meter), in: catalog) else { return nil }
            remaining = .units(funds.left)
        }
        let receipt = Receipt(
            revision: revision + 1,
            line: Receipt.Line(subject: .meter(use.meter), amount: use.amount, remaining: remaining),
            at: now
        )
        var hash = terms.useHash
        hash.add(use.amount)
        let change = Change(
            customer: customer,
            revision: revision + 1,
            kind: .consume,
            key: command.key,
            fingerprint: hash.value,
            member: command.member,
            recordedAt: now,
            effectiveAt: now,
            receipt: receipt,
            effects: effects,
            notices: [],
            references: []
        )
        return Decision(answer: .applied(receipt), change: change)
    }

    /// Returns whether every balance that the host has been told of is settled; a gauge has none, and time alone does
    /// nothing to it.
    private func areWarnedSettled(at now: Timestamp) -> Bool {
        warnings.allSatisfy { warning in
            balanceIndex(of: warning.subject).map { balances.span[$0].isSettled(at: now) } ?? true
        }
    }

    /// Returns the effects of a use of several grants, first all draws and then the leave of those that are used up,
    /// with the units that those had given; or `nil` where the grants do not suffice.
    private func severalAtOnce(
        _ use: Command.Consumption,
        of index: Int,
        counting instant: Timestamp,
        at now: Timestamp
    ) -> (effects: [Effect], finished: Int128)? {
        guard let takings = balances.span[index].takings(of: use.amount, at: now) else { return nil }
        let draws = takings.map { taking in
            let cover = Draw.Cover.grant(taking.grant.id, taking.grant.source)
            return Effect.drawn(Draw(meter: use.meter, cover: cover, amount: taking.amount, at: instant))
        }
        let finished = takings.filter(\.finishesIt).map { taking in
            var grant = taking.grant
            grant.used += taking.amount
            return grant
        }
        let given = finished.reduce(Int128(0)) { $0 + Int128($1.given) }
        return (draws + finished.map { .retired($0) }, given)
    }

    /// Returns what a pool has, or `nil` where something has to be written down or told of it first.
    private func funds(of pool: CreditPool.ID, at now: Timestamp, in catalog: Catalog) -> Funds? {
        guard let index = balanceIndex(of: .pool(pool)),
            let prospect = balances.span[index].prospect(of: 0, at: now)
        else { return nil }
        let funds = Funds(left: Int64(clamping: prospect.available), given: prospect.given)
        return areTold(funds, of: .pool(pool), in: catalog) ? funds : nil
    }

    /// Returns whether the host has been told of all thresholds that a balance is below, and of no others.
    private func areTold(_ funds: Funds, of subject: Balance.Subject, in catalog: Catalog) -> Bool {
        let thresholds = catalog.settings.lowBalance
        if warnings.isEmpty {
            for threshold in thresholds where funds.areBelow(.low(threshold), isTold: false) { return false }
            return !funds.areBelow(.exhausted, isTold: false)
        }
        var told = 0
        for index in warnings.indices where warnings[index].subject == subject { told += 1 }
        for degree in thresholds.map({ Warning.Degree.low($0) }) + [.exhausted] {
            let isTold = warnings.contains(Warning(subject, degree))
            // What was told stays so until the balance rises, which no use makes it.
            guard isTold || !funds.areBelow(degree, isTold: false) else { return false }
            if isTold { told -= 1 }
        }
        return told == 0
    }

    private func isWarned(of subject: Balance.Subject) -> Bool {
        warnings.contains { $0.subject == subject }
    }

    /// Returns the units of a meter that holds set aside, or `nil` where a hold has lapsed or has the key.
    private func unitsHeld(of meter: Meter.ID, at now: Timestamp, besides key: Key?) -> Int128? {
        var units: Int128 = 0
        for index in holds.indices {
            guard holds[index].lapsesAt > now, holds[index].key != key else { return nil }
            if holds[index].meter == meter { units += Int128(holds[index].amount) }
        }
        return units
    }

    /// Returns what the tier that the customer stands on says of a meter, or `nil` where the standing has to be
    /// looked at anew, or there is more to say.
    private func standingTerms(
        of meter: Meter.ID,
        at now: Timestamp,
        facts: Facts,
        catalog: Catalog
    ) -> Catalog.Terms? {
        guard let standing, overrides.isEmpty else { return nil }
        if case .some(let trial) = trial, trial.endedAt == nil { return nil }
        let isCurrent = standing.catalog == catalog.version
        if let until = standing.until {
            guard now < until else { return nil }
        } else {
            guard isCurrent, standing.tier == catalog.fallback else { return nil }
        }
        let terms =
            isCurrent
            ? catalog.terms(of: meter, in: standing.tier)
            : facts.catalogs[standing.catalog]?.terms(of: meter, in: standing.tier)
        guard let terms, terms.kind == .consumable, !terms.hasRates else { return nil }
        return terms
    }
}
