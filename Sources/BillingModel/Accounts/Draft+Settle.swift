extension Account.Draft {
    /// Brings the draft up to its instant: opens a new account, ends lapsed holds, follows the tier.
    ///
    /// Things happen when they are due and are written down when somebody looks: every command begins here, so
    /// none sees a hold that has lapsed or a tier that has ended.
    ///
    /// - Parameter spared: A hold that does not lapse now, because the command itself ends it.
    /// - Returns: The access that the customer has, or `nil` when a catalog is missing, which is then noted.
    mutating func settle(sparing spared: Account.Hold.ID? = nil) -> Account.Access? {
        openIfNew()
        for hold in account.holds where hold.lapsesAt <= now && hold.id != spared {
            end(hold, as: .lapsed)
        }
        return settleAccess()
    }

    /// Opens an account of which nothing is known yet.
    mutating func openIfNew() {
        if account.isNew, effects.isEmpty { perform(.opened(anchor: now)) }
    }

    /// Writes down which tier the customer is on, and tells of a change.
    mutating func settleAccess() -> Account.Access? {
        guard let access = account.access(at: now, in: catalogs) else {
            for subscription in account.subscriptions where catalogs[subscription.catalog] == nil {
                need(.catalog(subscription.catalog))
            }
            return nil
        }
        if account.tier != access.tier.id {
            if let before = account.tier { notice(.tierChanged(from: before, to: access.tier.id)) }
            perform(.tierEntered(access.tier.id))
        }
        return access
    }

    /// Brings a meter's running period, and the grant of the tier for it, to what the access gives now.
    mutating func settle(_ meter: Meter.ID, under access: Account.Access) {
        let span = account.meteringSpan(of: meter, at: now, under: access, in: catalogs)
        let period = account.period(of: meter)
        let isSame = period?.span.start == span.start
        if !isSame {
            roll(meter, to: span)
        } else if period?.span.end != span.end {
            perform(.periodExtended(meter, until: span.end))
        }
        switch access.tier.allowance(of: meter) {
        case .limited(let units, per: _, overage: _, rollover: _): fit(meter, to: units)
        case .none, .level, .unlimited:
            if let grant = account.grant(period?.grant), isSame {
                uncover(grant.used, of: grant)
                close(grant.id)
            }
        }
        moveHolds(of: meter, since: span.start)
    }

    /// Moves holds that were made since a period began to that period's grant, as far as it goes, or to none
    /// where there is none.
    ///
    /// Their work counts there, just as what was used since then does. Older holds stay where they are and
    /// settle against the grants that they came from.
    private mutating func moveHolds(of meter: Meter.ID, since start: Timestamp) {
        let current = account.period(of: meter)?.grant
        for hold in account.holds where hold.meter == meter && hold.reservedAt >= start {
            guard hold.parts.contains(where: { $0.grant != current }) else { continue }
            let own = hold.parts.reduce(0) { $0 + ($1.grant != nil && $1.grant == current ? $1.amount : 0) }
            let covered = min(hold.amount, own + (account.grant(current)?.remaining ?? 0))
            let parts = [
                Account.Hold.Part(grant: current, amount: covered),
                Account.Hold.Part(grant: nil, amount: hold.amount - covered),
            ].filter { $0.amount > 0 }
            guard parts != hold.parts else { continue }
            perform(.holdEnded(hold.id, .moved))
            closeFinished(after: hold)
            perform(.held(hold.replacing(parts: parts)))
        }
    }

    /// Closes a meter's period and opens another.
    ///
    /// What was used since the new period's start belongs to it, whichever period it was drawn in: the provider
    /// may tell late that a period began.
    private mutating func roll(_ meter: Meter.ID, to span: TimeSpan) {
        let old = account.period(of: meter)
        let used = usage(of: meter, since: span.start, in: old)
        if let grant = account.grant(old?.grant) {
            uncover(min(used, grant.used), of: grant)
            close(grant.id)
        }
        perform(
            .periodOpened(
                Account.Period(meter: meter, span: span, used: used, uncovered: used, lastUsed: old?.lastUsed)
            )
        )
    }

    private mutating func usage(of meter: Meter.ID, since start: Timestamp, in old: Account.Period?) -> Int64 {
        guard let lastUsed = old?.lastUsed, lastUsed >= start else { return 0 }
        let question = Account.Facts.UsageQuestion(meter: meter, since: start)
        if let units = facts.usage[question] { return units }
        need(.usage(question))
        return 0
    }

    /// Gives the running period a grant of a number of units, or brings the one it has to that number.
    private mutating func fit(_ meter: Meter.ID, to units: Int64) {
        guard let period = account.period(of: meter) else { return }
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
                        meter: meter,
                        source: .allowance,
                        amount: units,
                        span: period.span
                    )
                )
            )
        }
        guard let now = account.period(of: meter), let grant = account.grant(now.grant) else { return }
        let covered = min(now.uncovered, grant.remaining)
        if covered > 0 { perform(.moved(meter, from: nil, to: grant.id, amount: covered)) }
    }

    private mutating func uncover(_ units: Int64, of grant: Account.Grant) {
        if units > 0 { perform(.moved(grant.meter, from: grant.id, to: nil, amount: units)) }
    }

    /// Ends a grant: what it has left is gone, and so is the grant once no hold is on it.
    private mutating func close(_ id: Account.Grant.ID) {
        guard let grant = account.grant(id) else { return }
        if grant.remaining > 0 || grant.held > 0 { perform(.expired(id, amount: grant.remaining)) }
        if grant.held == 0 { perform(.retired(id)) }
    }

    /// Ends a hold.
    ///
    /// What it had set aside of a grant that is over goes with that grant.
    mutating func end(_ hold: Account.Hold, as end: Account.HoldEnd) {
        perform(.holdEnded(hold.id, end))
        closeFinished(after: hold)
    }

    /// Ends what a hold has freed of grants that no period gives any more.
    mutating func closeFinished(after hold: Account.Hold) {
        for id in hold.parts.compactMap(\.grant) where !account.periods.contains(where: { $0.grant == id }) {
            close(id)
        }
    }
}
