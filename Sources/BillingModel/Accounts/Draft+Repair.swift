extension Account.Draft {
    /// Looks for contradictions and tells of them.
    mutating func examine(against folded: Account?, as command: Account.Command) -> Account.Decision {
        needCatalogs()
        let findings = account.findings(against: folded, facts: facts, in: catalogs.current)
        for finding in findings { notice(.inconsistent(finding.severity, finding.description)) }
        return Account.Decision(
            answer: .examined(findings),
            change: findings.isEmpty ? nil : change(of: command, takingKey: false)
        )
    }

    /// Asks for the catalogs that the account hangs on: without them what they have would seem unknown.
    private mutating func needCatalogs() {
        let versions = account.catalogVersions + [account.standing?.catalog].compactMap(\.self)
        for version in versions where catalogs[version] == nil { need(.catalog(version)) }
    }

    /// Mends what an examination found, if it is still there.
    ///
    /// What differs from the journal is taken over as the finding has it: compare anew right before.
    mutating func repair(_ finding: Account.Finding, as command: Account.Command) -> Account.Decision {
        needCatalogs()
        guard isStillThere(finding) else { return Account.Decision(answer: .repaired) }
        switch finding.fault {
        case .unknownTier, .unknownSubscribedTier: _ = settle()
        case .unknownSubject(let subject):
            for grant in account.balance(of: subject)?.grants ?? [] { drop(grant) }
            if case .meter(let meter) = subject { setLevel(of: meter, to: 0) }
        case .malformedLevel(let meter, _):
            setLevel(of: meter, to: 0)
        case .malformedCount(let subject), .malformedPeriod(let subject), .missingGrant(let subject, _):
            restate(subject)
        case .unconserved(let id), .unbackedGrant(let id, _, _): restate(id)
        case .unbackedHold(let id):
            if let hold = account.holds.first(where: { $0.id == id }) {
                perform(.holdEnded(id, .released))
                for part in hold.allParts { if let id = part.grant { restate(id) } }
            }
        case .differsFromJournal(let part): adopt(part)
        }
        return Account.Decision(
            answer: .repaired,
            change: effects.isEmpty ? nil : change(of: command, takingKey: false)
        )
    }

    /// Returns whether a finding is one of the account as it is now; what the journal has is not known here.
    private func isStillThere(_ finding: Account.Finding) -> Bool {
        if case .differsFromJournal = finding.fault { return true }
        return account.findings(facts: facts, in: catalogs.current).contains(finding)
    }

    private mutating func setLevel(of meter: Meter.ID, to units: Int64) {
        if account.level(of: meter) != units { perform(.levelled(meter, at: units)) }
    }

    /// Takes a grant out whose subject is no more; units that holds have of it are theirs no more either.
    private mutating func drop(_ grant: Account.Grant) {
        for hold in account.holds where hold.allParts.contains(where: { $0.grant == grant.id }) {
            perform(.holdEnded(hold.id, .released))
        }
        if let grant = account.grant(grant.id), grant.remaining > 0 {
            perform(.expired(grant.id, amount: grant.remaining))
        }
        retire(grant.id)
    }

    /// Opens the running period anew with counts that can be: what its grant has used and what lies beyond.
    private mutating func restate(_ subject: Account.Balance.Subject) {
        guard var period = account.period(of: subject) else { return }
        if let grant = account.grant(period.grant) {
            period.span = TimeSpan(from: grant.effective, to: grant.expiry ?? period.span.end)
        } else if period.grant != nil {
            period.grant = nil
            // What was used of it is for the next one to cover.
            let usage = usage(of: subject, since: period.span.start, in: period)
            period.uncovered = usage.units - usage.fromOtherGrants
        }
        period.used = max(0, period.used)
        period.uncovered = min(max(0, period.uncovered), period.used)
        if period != account.period(of: subject) { perform(.periodOpened(period)) }
    }

    /// Gives a grant numbers that can be: what holds have of it is set aside, and the rest is left.
    private mutating func restate(_ id: Account.Grant.ID) {
        guard let old = account.grant(id) else { return }
        var grant = old
        grant.held = max(0, account.unitsHeld(of: id))
        var room = Int64.max - grant.held
        func fit(_ units: Int64) -> Int64 {
            let fitting = min(max(0, units), room)
            room -= fitting
            return fitting
        }
        grant.used = fit(grant.used)
        grant.expired = fit(grant.expired)
        grant.voided = fit(grant.voided)
        grant.moved = fit(grant.moved)
        // What is known to be used or set aside was given, so a sum that is too small is the amount's fault.
        grant.amount = max(grant.amount, .max - room)
        if grant != old { perform(.restored(grant)) }
    }

    /// Takes a part of the account over as the journal has it.
    private mutating func adopt(_ part: Account.Finding.Part) {
        switch part {
        case .grant(let grant): if account.grant(grant.id) != grant { perform(.restored(grant)) }
        case .surplusGrant(let id): retire(id)
        case .hold(let hold):
            guard !account.holds.contains(hold) else { return }
            let parts = hold.allParts + (account.holds.first { $0.id == hold.id }?.allParts ?? [])
            if account.holds.contains(where: { $0.id == hold.id }) { perform(.holdEnded(hold.id, .moved)) }
            perform(.held(hold))
            for part in parts { if let id = part.grant { restate(id) } }
        case .surplusHold(let id):
            guard let hold = account.holds.first(where: { $0.id == id }) else { return }
            perform(.holdEnded(id, .released))
            for part in hold.allParts { if let id = part.grant { restate(id) } }
        case .period(let period): if account.period(of: period.subject) != period { perform(.periodOpened(period)) }
        case .level(let meter, let units): setLevel(of: meter, to: units)
        case .standing(let standing): if account.standing != standing { perform(.tierEntered(standing)) }
        case .subscription(let subscription):
            if !account.subscriptions.contains(subscription) { perform(.subscribed(subscription)) }
        case .overrides(let overrides): if account.overrides != overrides { perform(.overridden(overrides)) }
        case .trial(let trial): if account.trial != trial { perform(.trialChanged(trial)) }
        case .window(let window): if !account.windows.contains(window) { perform(.windowOpened(window)) }
        case .other: break
        }
    }
}
