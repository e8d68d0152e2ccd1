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
        // Not compared with `nil`, which copies it.
        if case .some = facts.precedent { return nil }
        let now = max(clock, instant)
        guard let held = unitsHeld(of: use.meter, at: now, besides: command.key),
            let index = balanceIndex(of: .meter(use.meter)),
            balances[index].isSettled(at: now), let start = balances[index].period?.span.start,
            let used = balances[index].period?.used,
            let allowance = standingAllowance(of: use.meter, at: now, facts: facts, catalog: catalog),
            Int128(used) + held + Int128(use.amount) <= Int128(Int64.max)
        else { return nil }
        // Within the running period, even where the provider's clock is ahead and says that it is yet to begin.
        let counted = max(now, start)
        var effects: [Effect]
        var notices: [Notice] = []
        let remaining: Remaining
        if allowance == .unlimited {
            remaining = .unlimited
            effects = [.drawn(Draw(meter: use.meter, grant: nil, source: nil, amount: use.amount, at: counted))]
        } else {
            guard let cover = balances[index].cover(of: use.amount, at: now) else { return nil }
            let draw = Draw(
                meter: use.meter,
                grant: cover.grant,
                source: cover.source,
                amount: use.amount,
                at: counted
            )
            effects = [.drawn(draw)]
            if cover.isUsedUp, cover.grant != balances[index].period?.grant { effects.append(.retired(cover.grant)) }
            let left = Int64(clamping: balances[index].exactlyAvailable(at: now) - Int128(use.amount))
            remaining = .units(left)
            if left == 0 { notices = [notice(.exhausted(use.meter), at: now)] }
        }
        let receipt = Receipt(
            revision: revision + 1,
            meter: use.meter,
            amount: use.amount,
            remaining: remaining,
            at: now
        )
        let change = Change(
            customer: customer,
            revision: revision + 1,
            kind: .consume,
            key: command.key,
            fingerprint: command.fingerprint,
            member: command.member,
            recordedAt: now,
            effectiveAt: now,
            receipt: receipt,
            effects: effects,
            notices: notices,
            references: []
        )
        return Decision(answer: .applied(receipt), change: change)
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

    /// Returns what the tier that the customer stands on gives on a meter, or `nil` where the standing has to be
    /// looked at anew.
    private func standingAllowance(
        of meter: Meter.ID,
        at now: Timestamp,
        facts: Facts,
        catalog: Catalog
    ) -> Allowance? {
        guard let standing, catalog.meter(meter) != nil else { return nil }
        if let until = standing.until {
            guard now < until else { return nil }
        } else {
            guard standing.catalog == catalog.version, standing.tier == catalog.fallback else { return nil }
        }
        return standing.catalog == catalog.version
            ? catalog.allowance(of: meter, in: standing.tier)
            : facts.catalogs[standing.catalog]?.allowance(of: meter, in: standing.tier)
    }

    private func notice(_ kind: Notice.Kind, at now: Timestamp) -> Notice {
        Notice(customer: customer, revision: revision + 1, ordinal: 0, kind: kind, at: now)
    }
}
