extension Account.Draft {
    /// Brings the draft up to its instant: opens a new account, ends lapsed holds, follows the tier.
    ///
    /// Things happen when they are due and are written down when somebody looks: every command begins here, so
    /// none sees a hold that has lapsed or a tier that has ended. What a command leaves behind is settled too,
    /// so that as long as nothing is due the next one has nothing to do here. After a long sleep what was due is
    /// written down in the order of its instants, so it makes no difference who looked on the way.
    ///
    /// - Parameter spared: A hold that does not lapse now, because the command itself ends it.
    /// - Returns: The access that the customer has, or `nil` when a catalog is missing, which is then noted.
    mutating func settle(sparing spared: Account.Hold.ID? = nil) -> Account.Access? {
        openIfNew()
        let end = now
        defer { now = end }
        while let instant = nextTurn(until: end, sparing: spared) {
            now = max(instant, account.instant)
            settleAll(before: instant)
            guard let access = settleAccess() else { return nil }
            let lapsed = account.holds.filter { $0.lapsesAt <= instant && $0.id != spared }
            // First what they were set aside of: so units that come back find their period.
            let subjects = Set(lapsed.flatMap(\.subjects)).sorted()
            for subject in subjects { settle(subject, under: access) }
            for hold in lapsed { self.end(account.holds.first { $0.id == hold.id } ?? hold, as: .lapsed) }
            // What has come back may cover what was used beyond a limit.
            for subject in subjects { settle(subject, under: access) }
        }
        now = end
        settleAttempts()
        return settleAccess()
    }

    /// Returns the next instant at which a hold lapses or access, a trial or an override ends, if it has come.
    private func nextTurn(until end: Timestamp, sparing spared: Account.Hold.ID?) -> Timestamp? {
        var next: Timestamp?
        func consider(_ instant: Timestamp?) {
            guard let instant, instant <= end, next.map({ instant < $0 }) ?? true else { return }
            next = instant
        }
        // By index: there may be ten thousand, and each that is taken out is copied.
        for index in account.holds.indices where account.holds[index].lapsesAt <= end {
            if account.holds[index].id != spared { consider(account.holds[index].lapsesAt) }
        }
        consider(account.standing?.until)
        consider(account.runningTrial?.end)
        for override in account.overrides { consider(override.end) }
        return next
    }

    /// Brings every balance up to the moment before access changes, under the access of that time.
    ///
    /// What is left over in intervals that ended before moves on by the rules that held then.
    private mutating func settleAll(before instant: Timestamp) {
        let changes = [account.standing?.until, account.runningTrial?.end] + account.overrides.map(\.end)
        guard changes.contains(instant) else { return }
        let turn = now
        defer { now = turn }
        now = max(account.instant, instant.advanced(by: .microseconds(-1)))
        guard now < turn, let access = account.access(at: now, in: catalogs) else { return }
        settleAll(under: access)
    }

    /// Opens an account of which nothing is known yet.
    mutating func openIfNew() {
        if account.isNew, effects.isEmpty { perform(.opened(anchor: now)) }
    }

    /// Writes down which tier the customer is on, and tells of a change.
    mutating func settleAccess() -> Account.Access? {
        guard let access = account.access(at: now, in: catalogs) else {
            for version in account.catalogVersions where catalogs[version] == nil { need(.catalog(version)) }
            return nil
        }
        dropVanishedChanges()
        let before = account.standing
        let standing = Account.Standing(tier: access.tier.id, catalog: access.catalog.version, until: access.until)
        let areTermsOver = dropOverrides()
        if standing != before {
            if let before, before.tier != standing.tier { notice(.tierChanged(from: before.tier, to: standing.tier)) }
            perform(.tierEntered(standing))
        }
        // What a balance gives hangs on all of these: so none is left on what another standing gave.
        if standing != before || areTermsOver {
            let periods = account.periods
            settleAll(under: access)
            if let before, before.tier != standing.tier { startOver(in: periods, under: access) }
        }
        followTrial()
        return access
    }

    /// Takes leave of terms that have ended, and returns whether there were any.
    private mutating func dropOverrides() -> Bool {
        let live = account.overrides.filter { $0.isLive(at: now) }
        guard live.count < account.overrides.count else { return false }
        perform(.overridden(live))
        return true
    }

    /// Brings every balance that there ever was up to now.
    mutating func settleAll(under access: Account.Access) {
        let gauges = account.levels.map { Account.Balance.Subject.meter($0.meter) }
        for subject in account.balances.map(\.subject) + gauges { settle(subject, under: access) }
    }

    /// Brings what a hold has set aside units of up to now.
    mutating func settle(_ hold: Account.Hold, under access: Account.Access) {
        for subject in hold.subjects { settle(subject, under: access) }
    }

    /// Brings a meter, and the pool that it draws on, up to now.
    mutating func settle(_ meter: Meter.ID, under access: Account.Access) {
        settle(.meter(meter), under: access)
        if let draw = access.draw(of: meter) { settle(.pool(draw.pool), under: access) }
    }

    /// Ends a grant: what it has left is gone, and so is the grant once no hold is on it.
    mutating func close(_ id: Account.Grant.ID) {
        guard let grant = account.grant(id) else { return }
        if grant.remaining > 0 || grant.held > 0 { perform(.expired(id, amount: grant.remaining)) }
        if grant.held == 0 { retire(id) }
    }

    /// Takes leave of a grant.
    mutating func retire(_ id: Account.Grant.ID) {
        if let grant = account.grant(id) { perform(.retired(grant)) }
    }

    /// Ends a hold.
    ///
    /// What it had set aside of a grant that is over goes with that grant.
    mutating func end(_ hold: Account.Hold, as end: Account.HoldEnd) {
        perform(.holdEnded(hold.id, end))
        closeFinished(hold.allParts)
    }

    /// Ends what has come free of grants that are over, and takes leave of those that are used up.
    mutating func closeFinished(_ parts: [Account.Hold.Part]) {
        for part in parts { closeIfFinished(part.grant) }
    }

    /// Ends a grant that no period gives any more or that is over, and takes leave of one that is used up.
    mutating func closeIfFinished(_ id: Account.Grant.ID?) {
        guard let grant = account.grant(id), !account.balances.contains(where: { $0.period?.grant == grant.id })
        else { return }
        if grant.source == .allowance || grant.isOver(at: now) {
            if grant.remaining > 0 || grant.held == 0 { close(grant.id) }
        } else if grant.isFinished {
            retire(grant.id)
        }
    }
}
