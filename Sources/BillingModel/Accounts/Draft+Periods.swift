extension Account.Draft {
    /// Brings the running period of a meter or pool, and the grant of the tier for it, to what the access gives now.
    mutating func settle(_ subject: Account.Balance.Subject, under access: Account.Access) {
        touched.insert(subject)
        // A gauge has no periods; one that was used up under an earlier catalog has what is left of them.
        let isGauge = if case .meter(let meter) = subject { access.catalog.meter(meter)?.kind == .gauge } else { false }
        if isGauge, account.balance(of: subject) == nil { return }
        let span = account.meteringSpan(of: subject, at: now, under: access, in: catalogs)
        let period = account.period(of: subject)
        let allowance = access.allowance(of: subject)
        let isSame = period?.span.start == span.start
        if !isSame {
            roll(subject, to: span, under: allowance)
        } else if period?.span.end != span.end {
            perform(.periodExtended(subject, until: span.end))
        }
        expireGrants(of: subject)
        switch allowance {
        case .limited(let units, per: _, overage: _, rollover: _): fit(subject, to: units)
        case .none, .level, .unlimited:
            if let grant = account.grant(period?.grant), isSame {
                uncover(grant.used, of: grant)
                close(grant.id)
            }
        }
        moveHolds(of: subject, since: span.start)
    }

    /// Writes off what is left of grants that are over.
    private mutating func expireGrants(of subject: Account.Balance.Subject) {
        guard let balance = account.balance(of: subject) else { return }
        for grant in balance.grantsOver(at: now) where grant.id != balance.period?.grant { close(grant.id) }
    }

    /// Closes a running period and opens another.
    ///
    /// What was used since the new period's start belongs to it, whichever period it was drawn in: the provider
    /// may tell late that a period began.
    private mutating func roll(_ subject: Account.Balance.Subject, to span: TimeSpan, under allowance: Allowance) {
        let old = account.period(of: subject)
        let usage = usage(of: subject, since: span.start, in: old)
        let own = usage.units - usage.fromOtherGrants
        if let grant = account.grant(old?.grant) {
            // What lies beyond the old limit was used last, so it is the first to belong to the new period.
            uncover(min(max(0, own - (old?.uncovered ?? 0)), grant.used), of: grant)
        }
        let carried = old.flatMap { carry(from: $0, to: span, under: allowance) }
        if let grant = account.grant(old?.grant) { close(grant.id) }
        // What was left over before and has not moved on ends with its period, whenever that ends.
        for grant in rolledOver(in: old) {
            // Before its time where the period is: and what holds give back of it later goes with it.
            if !grant.isOver(at: now) { perform(.voided(grant.id, amount: 0, at: now)) }
            close(grant.id)
        }
        perform(
            .periodOpened(
                Account.Period(subject: subject, span: span, used: usage.units, uncovered: own, lastUsed: old?.lastUsed)
            )
        )
        if let carried { perform(.granted(carried)) }
    }

    /// Returns what was used since an instant, as far as it is in the running period.
    mutating func usage(
        of subject: Account.Balance.Subject,
        since start: Timestamp,
        in old: Account.Period?
    ) -> Account.Facts.Usage {
        guard let lastUsed = old?.lastUsed, lastUsed >= start else { return Account.Facts.Usage() }
        let question = Account.Facts.UsageQuestion(subject, since: start)
        if let usage = facts.usage[question] {
            // A correction takes back no draw in particular: what it took back in one period may have come back by a
            // refund in another, or two corrected periods turn out to be one. Never less than nothing was used.
            let others = max(0, usage.fromOtherGrants)
            return Account.Facts.Usage(units: max(usage.units, others), fromOtherGrants: others)
        }
        need(.usage(question))
        return Account.Facts.Usage()
    }

    /// Gives the running period a grant of a number of units, or brings the one it has to that number.
    private mutating func fit(_ subject: Account.Balance.Subject, to units: Int64) {
        guard let period = account.period(of: subject) else { return }
        if let grant = account.grant(period.grant) {
            // Holds are honoured, so a limit that was lowered never cuts into what is set aside.
            let excess = max(0, grant.used + grant.held - units)
            uncover(min(excess, grant.used), of: grant)
            let amount = max(units, grant.held)
            if amount != grant.amount { perform(.resized(grant.id, by: amount - grant.amount)) }
        } else {
            perform(
                .granted(
                    Account.Grant(
                        id: Account.Grant.ID(nextName()),
                        subject: subject,
                        source: .allowance,
                        effective: period.span.start,
                        expiry: period.span.end,
                        amount: units
                    )
                )
            )
        }
        guard let now = account.period(of: subject), let grant = account.grant(now.grant) else { return }
        let covered = min(now.uncovered, grant.remaining)
        if covered > 0 { perform(.moved(subject, from: nil, to: grant.id, amount: covered)) }
    }

    /// Gives what was used of allowances once more where a meter starts over with a change of tier: the change came
    /// within the period that was running before.
    mutating func startOver(in before: [Account.Period], under access: Account.Access) {
        for old in before {
            guard case .meter(let meter) = old.subject, access.catalog.meter(meter)?.tierChange == .startsOver,
                case .limited(let units, per: _, overage: _, rollover: _) = access.tier.allowance(of: meter),
                let period = account.period(of: old.subject), period.span.start == old.span.start
            else { continue }
            let own = min(units, period.uncovered.addingClamped(account.grant(period.grant)?.used ?? 0))
            guard own > 0 else { continue }
            perform(
                .granted(
                    Account.Grant(
                        id: Account.Grant.ID(nextName()),
                        subject: old.subject,
                        source: .renewal,
                        effective: now,
                        expiry: period.span.end,
                        amount: own
                    )
                )
            )
        }
    }

    private mutating func uncover(_ units: Int64, of grant: Account.Grant) {
        if units > 0 { perform(.moved(grant.subject, from: grant.id, to: nil, amount: units)) }
    }

    /// Moves what holds that were made since a period began have of allowances to that period's, as far as it
    /// goes, or to none where there is none.
    ///
    /// Their work counts there, just as what was used since then does. Older holds stay where they are and
    /// settle against the grants that they came from, and so does what is held of other grants.
    private mutating func moveHolds(of subject: Account.Balance.Subject, since start: Timestamp) {
        for hold in account.holds where hold.reservedAt >= start {
            switch subject {
            case .meter(hold.meter):
                guard let parts = moved(hold.parts, of: subject) else { continue }
                replace(hold, by: Account.Supply(parts: parts, credits: hold.credits))
            case .pool(let pool):
                guard let credits = hold.credits, credits.pool == pool, let parts = moved(credits.parts, of: subject)
                else { continue }
                let other = Account.Hold.Credits(pool: pool, units: credits.units, parts: parts)
                replace(hold, by: Account.Supply(parts: hold.parts, credits: other))
            case .meter: continue
            }
        }
    }

    /// Returns the parts as the running period's allowance meets them, or `nil` where that changes nothing.
    private func moved(
        _ parts: [Account.Hold.Part],
        of subject: Account.Balance.Subject
    ) -> [Account.Hold.Part]? {
        let current = account.period(of: subject)?.grant
        guard parts.contains(where: { $0.grant != current }) else { return nil }
        let kept = parts.filter { part in account.grant(part.grant).map { $0.source != .allowance } ?? false }
        let own = parts.reduce(0) { $0 + ($1.grant != nil && $1.grant == current ? $1.amount : 0) }
        let movable = parts.reduce(0) { $0 + $1.amount } - kept.reduce(0) { $0 + $1.amount }
        let covered = min(movable, own + (account.grant(current)?.remaining ?? 0))
        let moved = [
            Account.Hold.Part(grant: current, amount: covered),
            Account.Hold.Part(grant: nil, amount: movable - covered),
        ].filter { $0.amount > 0 }
        return Set(moved + kept) == Set(parts) ? nil : inOrder(moved + kept)
    }

    /// Returns the parts in the order that they are drawn, those of no grant last.
    private func inOrder(_ parts: [Account.Hold.Part]) -> [Account.Hold.Part] {
        parts.sorted { left, right in
            guard let left = account.grant(left.grant) else { return false }
            return account.grant(right.grant).map { Account.Grant.burnsBefore(left, $0) } ?? true
        }
    }

    private mutating func replace(_ hold: Account.Hold, by supply: Account.Supply) {
        perform(.holdEnded(hold.id, .moved))
        perform(.held(hold.replacing(supply: supply)))
        closeFinished(hold.allParts)
    }
}

// MARK: Rollover

extension Account.Draft {
    /// The live grants of what had been left over at the period's start and ends with it.
    private func rolledOver(in period: Account.Period?) -> [Account.Grant] {
        guard let period, let balance = account.balance(of: period.subject) else { return [] }
        return balance.grants.filter { $0.isOfPeriod && $0.expiry == period.span.end }
    }

    /// Lets what is left over move to a new period, as far as the tier that the customer is on now says.
    ///
    /// Intervals that passed unused in between have each left their allowance over, so that a customer who comes
    /// back after a year finds what one finds who looked every day.
    ///
    /// - Returns: The grant of what has moved, or `nil` for nothing.
    private mutating func carry(
        from old: Account.Period,
        to span: TimeSpan,
        under allowance: Allowance
    ) -> Account.Grant? {
        guard case .limited(let units, let recurrence, _, .upTo(let cap)) = allowance, old.span.start < span.start
        else { return nil }
        // The period's own units first, so that those which are older are the ones that are lost.
        let grants = [account.grant(old.grant)].compactMap(\.self) + rolledOver(in: old)
        let left = grants.reduce(Int128(0)) { $0 + Int128($1.remaining) }
        let skipped = old.grant == nil ? 0 : recurrence.boundaries(from: old.span.end, until: span.start)
        let carried = Int64(min(Int128(cap), left + Int128(skipped) * Int128(units)))
        guard carried > 0 else { return nil }
        var missing = carried
        for grant in grants where missing > 0 && grant.remaining > 0 {
            perform(.carried(grant.id, amount: min(missing, grant.remaining)))
            missing -= min(missing, grant.remaining)
        }
        return Account.Grant(
            id: Account.Grant.ID(nextName()),
            subject: old.subject,
            source: .rollover,
            // A moment older than the period's own grant, so that it is drawn on first.
            effective: span.start.advanced(by: .microseconds(-1)),
            expiry: span.end,
            amount: carried
        )
    }
}

extension Recurrence {
    /// Returns how many whole intervals lie between an instant and a boundary after it.
    fileprivate func boundaries(from start: Timestamp, until end: Timestamp) -> Int64 {
        guard start < end else { return 0 }
        let intervals = -index(of: start, from: end)
        // Counted from a boundary that was clamped to a short month, those before it seem up to three days early.
        let slack: Duration = unit == .month || unit == .year ? .seconds(3 * 86_400) : .zero
        return start.duration(since: boundary(-intervals, from: end)) <= slack ? intervals : intervals - 1
    }
}
