import BillingModel
import Testing

extension Life {
    /// Holds the account against everything that is known of it.
    func check() throws {
        ledger.audit.check(ledger.account)
        let folded = Account(folding: ledger.journal, of: ledger.account.customer)
        #expect(folded == ledger.account, "the account is what its journal says")
        #expect(reloaded() == ledger.account, "a store may give the parts back in any order")
        #expect(reloaded().dueAt == ledger.account.dueAt, "what is due hangs on nothing that a store does not keep")
        let findings = ledger.account.findings(against: folded, in: ledger.catalog)
        #expect(findings == [], "what was decided never contradicts itself")
        for period in ledger.account.periods {
            let drawn = drawn(in: period)
            #expect(period.used == drawn, "what was used in a period is what was drawn in it and has not come back")
        }
        try checkThatNothingHappensBeforeItIsDue()
        let overview = try ledger.overview(at: max(clock, ledger.account.instant))
        for line in overview.meters { check(line, in: overview) }
    }

    /// Returns the units that were drawn in a running period and have not come back, by the journal.
    ///
    /// Where more of its own had been taken back when it was opened, because of corrections in periods that turned out
    /// to be one with it, it began with nothing of its own.
    private func drawn(in period: Account.Period) -> Int64 {
        var (own, others, surplus): (Int64, Int64, Int64) = (0, 0, 0)
        func count(_ draw: Account.Draw, _ sign: Int64) {
            guard draw.subject == period.subject, draw.at >= period.span.start else { return }
            if draw.cover.isOwn { own += sign * draw.amount } else { others += sign * draw.amount }
        }
        for effect in ledger.journal.flatMap(\.effects) {
            switch effect {
            case .drawn(let draw): count(draw, 1)
            case .returned(let back): count(back.draw, -1)
            case .periodOpened(let opened) where opened.subject == period.subject: surplus = max(0, -own)
            default: break
            }
        }
        return own + surplus + others
    }

    /// Returns the account as a store gives it back: the same parts in another order.
    private func reloaded() -> Account {
        let account = ledger.account
        return Account(
            customer: account.customer,
            revision: account.revision,
            instant: account.instant,
            anchor: account.anchor,
            standing: account.standing,
            periods: account.periods.reversed(),
            grants: account.grants.reversed(),
            holds: account.holds.reversed(),
            levels: account.levels.reversed(),
            windows: account.windows.reversed(),
            warnings: account.warnings.reversed(),
            overrides: account.overrides,
            trial: account.trial,
            firstPurchaseAt: account.firstPurchaseAt,
            subscriptions: account.subscriptions.reversed(),
            benefits: account.benefits.reversed(),
            upgrades: account.upgrades.reversed()
        )
    }

    private func check(_ line: Account.Overview.Line, in overview: Account.Overview) {
        #expect(line.used >= 0 && line.held >= 0 && line.overage >= 0 && line.permitted >= 0)
        if case .level(let limit, _) = line.allowance {
            #expect(line.remaining == .units(max(0, limit - line.used)) && line.overage == max(0, line.used - limit))
        }
        guard let period = line.period else { return }
        #expect(period.contains(overview.at) || period.start > overview.at)
        guard case .limited(let units, per: _, overage: _, rollover: _) = line.allowance,
            case .units(let left) = line.remaining
        else { return }
        let aside: Int64 = ledger.account.holds.reduce(0) { sum, hold in
            let isLive = hold.lapsesAt > overview.at && hold.reservedAt >= period.start
            return sum + (isLive && hold.meter == line.meter.id ? ownUnits(of: hold) : 0)
        }
        let subject = Account.Balance.Subject.meter(line.meter.id)
        let used = line.used - ledger.usage(of: subject, since: period.start).fromOtherGrants
        let own = max(0, units - used - aside)
        let others = overview.grants.filter { grant in
            grant.source != .allowance && grant.subject == subject && grant.span.contains(overview.at)
        }
        var credits: Int64 = 0
        if let draw = line.meter.draw { credits = (overview[draw.pool]?.remaining ?? 0) / draw.cost }
        #expect(
            left == own + others.reduce(0) { $0 + $1.remaining } + credits,
            "remaining = allowance - used - held, and what there is beside"
        )
    }

    private func checkThatNothingHappensBeforeItIsDue() throws {
        let instant = ledger.account.instant
        guard !ledger.account.isNew, let dueAt = ledger.account.dueAt(in: ledger.catalog), dueAt > instant else {
            return
        }
        let (now, then) = (try ledger.overview(at: instant), try ledger.overview(at: dueAt - .tick))
        #expect(now.tier == then.tier && now.accessUntil == then.accessUntil && now.trial == then.trial)
        // What was never used has nothing yet that could stay the same.
        let begun = Set(ledger.account.periods.map(\.subject))
        let (here, there) = (
            now.grants.filter { begun.contains($0.subject) }, then.grants.filter { begun.contains($0.subject) }
        )
        #expect(here == there, "nothing happens before \(dueAt)")
        for line in now.meters where begun.contains(.meter(line.meter.id)) {
            let other = then[line.meter.id]
            #expect(other?.used == line.used && other?.held == line.held && other?.overage == line.overage)
            // A pool that was never used is none of them, and what it gives may begin anew.
            if line.meter.draw.map({ begun.contains(.pool($0.pool)) }) ?? true {
                #expect(other?.remaining == line.remaining, "nothing happens before \(dueAt)")
            }
        }
    }

    /// The units of a hold that are of allowances, or of none.
    private func ownUnits(of hold: Account.Hold) -> Int64 {
        let others = Set(ledger.account.grants.filter { $0.source != .allowance }.map(\.id))
        return hold.parts.reduce(0) { sum, part in
            sum + (part.grant.map(others.contains) ?? false ? 0 : part.amount)
        }
    }

    /// Expects that who sleeps for long finds what one finds who looked whenever something was due.
    func checkThatSleepingMakesNoDifference(until end: Timestamp) throws {
        guard !ledger.account.isNew else { return }
        var (sleeper, watcher) = (ledger, ledger)
        var looks = 0
        while let dueAt = watcher.account.dueAt(in: watcher.catalog), dueAt < end, looks < 400 {
            let before = watcher.account
            try watcher.send(Account.Command(.settle), at: max(dueAt, watcher.account.instant))
            looks += 1
            if watcher.account == before { break }
        }
        for command in [Account.Command(.settle)] {
            try sleeper.send(command, at: end)
            try watcher.send(command, at: end)
        }
        let (slept, watched) = (Residue(sleeper.account, at: end), Residue(watcher.account, at: end))
        #expect(
            slept == watched,
            """
            \(looks) looks until \(end): \(slept.difference(to: watched)).
            Slept: \(sleeper.journal.dropFirst(ledger.journal.count).map { ($0.recordedAt, $0.effects) })
            Looked: \(watcher.journal.dropFirst(ledger.journal.count).map { ($0.recordedAt, $0.effects) })
            """
        )
    }
}

/// What is left of an account when the names of things, which tell who made them when, are taken away.
private struct Residue: Equatable {
    struct Lot: Hashable {
        let subject: Account.Balance.Subject
        let source: Account.Grant.Source
        let effective: Timestamp
        let expiry: Timestamp?
        let amount: Int64
        let used: Int64
        let held: Int64
        let remaining: Int64
    }

    let standing: Account.Standing?
    let lots: Set<Lot>
    let counts: [Account.Balance.Subject: [Int64]]
    let spans: [Account.Balance.Subject: TimeSpan]
    let holds: Set<Account.Hold.ID>
    let levels: [Account.Level]
    let hasEnded: Bool?
    let overrides: [Account.Override]

    /// What is not the same in another one, in words.
    func difference(to other: Residue) -> String {
        let subjects = Set(counts.keys).union(other.counts.keys).sorted()
        let different = subjects.filter { counts[$0] != other.counts[$0] || spans[$0] != other.spans[$0] }
            .map {
                "\($0) \(counts[$0] ?? []) \(spans[$0] as Any) or \(other.counts[$0] ?? []) \(other.spans[$0] as Any)"
            }
        return """
            lots \(lots.subtracting(other.lots)) or \(other.lots.subtracting(lots)); \(different); \
            standing \(standing as Any) or \(other.standing as Any); holds \(holds) or \(other.holds)
            """
    }

    init(_ account: Account, at end: Timestamp) {
        standing = account.standing
        lots = Set(
            account.grants.map { grant in
                Lot(
                    subject: grant.subject,
                    source: grant.source,
                    effective: grant.effective,
                    // When exactly a grant was over makes no difference once it is.
                    expiry: grant.expiry.map { max($0, end) },
                    amount: grant.amount,
                    used: grant.used,
                    held: grant.held,
                    remaining: grant.remaining
                )
            }
        )
        let periods = account.periods
        counts = Dictionary(uniqueKeysWithValues: periods.map { ($0.subject, [$0.used, $0.uncovered]) })
        spans = Dictionary(uniqueKeysWithValues: periods.map { ($0.subject, $0.span) })
        holds = Set(account.holds.map(\.id))
        levels = account.levels
        hasEnded = account.trial.map { $0.endedAt != nil }
        overrides = account.overrides
    }
}
