import BillingModel
import Testing

/// Contradictions in an account: each is found, told of, and gone once its repair is applied.
@Suite struct ExaminationTests {
    typealias Fault = Account.Finding.Fault

    let now = Fixture.day(3)

    /// A sound account with usage, a promotion, a gauge and work in progress.
    private func sound() throws -> Ledger {
        var ledger = try Ledger(catalog: Lab.catalog(free: Lab.tiers[0].allowances))
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 31)), at: now)
        try ledger.consume(7, at: now)
        try ledger.grant(5, expiry: Fixture.day(90), at: now)
        try ledger.raise(by: 3, at: now)
        _ = try ledger.reserve(4, for: .days(5), at: now)
        return ledger
    }

    private func allowance(of ledger: Ledger) throws -> Account.Grant {
        try #require(ledger.account.grants.first { $0.source == .allowance && $0.subject == .meter(.documents) })
    }

    /// Returns the grants of a ledger with one of them changed.
    private func grants(of ledger: Ledger, changing body: (inout Account.Grant) -> Void) throws -> [Account.Grant] {
        var grant = try allowance(of: ledger)
        let others = ledger.account.grants.filter { $0.id != grant.id }
        body(&grant)
        return others + [grant]
    }

    private func periods(of ledger: Ledger, changing body: (inout Account.Period) -> Void) -> [Account.Period] {
        ledger.account.periods.map { period in
            var period = period
            if period.subject == .meter(.documents) { body(&period) }
            return period
        }
    }

    /// Makes sure that a fault is found, that its repair removes it, and that all others can be mended too.
    private func check(
        _ patient: Patient,
        finds fault: Fault,
        _ severity: Account.Finding.Severity = .error
    ) throws {
        var patient = patient
        let finding = Account.Finding(fault)
        #expect(patient.faults.contains(fault))
        #expect(finding.severity == severity && !finding.description.isEmpty)
        var alone = patient
        try alone.repair(finding)
        #expect(!alone.faults.contains(fault), "the repair removes it")
        let told = try patient.send(Account.Command(.examine(folded: patient.folded)), at: now)
        #expect(
            told.change?.notices.contains { $0.kind == .inconsistent(finding.severity, finding.description) } == true
        )
        try patient.mend()
    }

    @Test func `what was decided never contradicts itself`() throws {
        var ledger = try sound()
        #expect(Patient(ledger).findings == [])
        let decision = try ledger.send(Account.Command(.examine(folded: Patient(ledger).folded)), at: now)
        #expect(decision.answer == .examined([]) && decision.change == nil)
    }

    @Test func `a repair of what is not there does nothing`() throws {
        var ledger = try sound()
        let id = try allowance(of: ledger).id
        let faults: [Fault] = [
            .unconserved(id), .unbackedGrant(id, held: 1, byHolds: 0), .malformedCount(.meter(.documents)),
            .missingGrant(.meter(.documents), id), .malformedLevel(.desks, -1), .unbackedHold(.init("9.9")),
        ]
        for fault in faults {
            let decision = try ledger.send(Account.Command(.repair(.init(fault))), at: now)
            #expect(decision.answer == .repaired && decision.change == nil, "\(fault)")
        }
    }

    // MARK: Tiers

    @Test func `a tier that its catalog does not have`() throws {
        let standing = Account.Standing(tier: Tier.ID("gone"), catalog: 1, until: nil)
        try check(Patient(sound(), standing: standing), finds: .unknownTier(Tier.ID("gone"), 1), .warning)
    }

    @Test func `a subscription to a tier that its catalog does not have can only be given its catalog`() throws {
        let ledger = try sound()
        var subscription = try #require(ledger.account.subscriptions.first)
        subscription.snapshot = Fixture.subscription(Tier.ID("gone"), period: Fixture.days(0, 31))
        let patient = Patient(ledger, subscriptions: [subscription])
        let fault = Fault.unknownSubscribedTier(subscription: "sub_1", Tier.ID("gone"), 1)
        #expect(patient.faults.contains(fault))
        #expect(Account.Finding(fault).repair == nil && Account.Finding(fault).severity == .error)
    }

    @Test func `units of a meter that no catalog has`() throws {
        let ledger = try sound()
        let stray = Account.Grant(
            id: Account.Grant.ID("9.9"),
            subject: .meter(.calls),
            source: .promotion,
            effective: now,
            expiry: nil,
            amount: 3
        )
        try check(
            Patient(ledger, grants: ledger.account.grants + [stray]),
            finds: .unknownSubject(.meter(.calls)),
            .warning
        )
    }

    // MARK: Gauges

    @Test func `a gauge below nothing`() throws {
        try check(Patient(sound(), levels: [.init(meter: .desks, units: -3)]), finds: .malformedLevel(.desks, -3))
    }

    @Test func `a gauge that is none contradicts nothing but the journal`() throws {
        let levels = [Account.Level(meter: .desks, units: 3), Account.Level(meter: .documents, units: 2)]
        var patient = try Patient(sound(), levels: levels)
        #expect(patient.faults == [], "an earlier catalog may have left it")
        #expect(patient.findings == [Account.Finding(.differsFromJournal(.level(.documents, 0)))])
        try patient.mend()
    }

    // MARK: Periods

    @Test(arguments: [(-1, 0), (5, -1), (5, 6)] as [(Int64, Int64)])
    func `a count below nothing, or more beyond the limit than there is`(used: Int64, uncovered: Int64) throws {
        let ledger = try sound()
        let periods = periods(of: ledger) { ($0.used, $0.uncovered) = (used, uncovered) }
        try check(Patient(ledger, periods: periods), finds: .malformedCount(.meter(.documents)))
    }

    @Test func `a period whose units end at another time`() throws {
        let ledger = try sound()
        let periods = periods(of: ledger) { $0.span = Fixture.days(0, 40) }
        try check(Patient(ledger, periods: periods), finds: .malformedPeriod(.meter(.documents)))
    }

    @Test func `a period whose units are not there`() throws {
        let ledger = try sound()
        let own = try allowance(of: ledger)
        let patient = Patient(ledger, grants: ledger.account.grants.filter { $0.id != own.id })
        try check(patient, finds: .missingGrant(.meter(.documents), own.id))
        var mended = patient
        try mended.mend()
        #expect(mended.account.grant(named: own.id) == own, "the journal has them")
        try mended.send(Account.Command(.settle), at: now)
        #expect(
            mended.account.grants.filter { $0.subject == .meter(.documents) }.count == 2,
            "and nothing is given twice"
        )
    }

    @Test func `without a journal, units that are not there are given again less what was used`() throws {
        let ledger = try sound()
        let own = try allowance(of: ledger)
        var patient = Patient(ledger, grants: ledger.account.grants.filter { $0.id != own.id })
        try patient.repair(Account.Finding(.missingGrant(.meter(.documents), own.id)))
        try patient.send(Account.Command(.settle), at: now)
        let new = try #require(
            patient.account.grants.first { $0.source == .allowance && $0.subject == .meter(.documents) }
        )
        #expect(new.used == 7 && new.held == 4 && new.remaining == 39)
        #expect(patient.account.findings(in: ledger.catalog) == [])
    }

    @Test func `a repair does not mend what is sound again`() throws {
        let ledger = try sound()
        let hold = try #require(ledger.account.holds.first)
        let own = try allowance(of: ledger)
        var patient = Patient(ledger, grants: ledger.account.grants.filter { $0.id != own.id })
        let stale = Account.Finding(.unbackedHold(hold.id))
        #expect(patient.findings.contains(stale))
        try patient.repair(Account.Finding(.differsFromJournal(.grant(own))))
        try patient.repair(stale)
        #expect(patient.account.holds == [hold], "what it had set aside is there again")
    }

    // MARK: Grants

    @Test func `units that are not all accounted for`() throws {
        let ledger = try sound()
        let id = try allowance(of: ledger).id
        let broken: [(inout Account.Grant) -> Void] = [
            { $0.used = -1 }, { $0.amount = -50 }, { $0.used = 60 }, { $0.expired = -2 }, { $0.voided = 80 },
            { $0.moved = -9 },
        ]
        for body in broken {
            try check(Patient(ledger, grants: try grants(of: ledger, changing: body)), finds: .unconserved(id))
        }
    }

    @Test func `numbers beyond everything trap nothing`() throws {
        let ledger = try sound()
        let id = try allowance(of: ledger).id
        let broken: [(inout Account.Grant) -> Void] = [
            { ($0.amount, $0.used) = (.min, .max) }, { ($0.used, $0.expired, $0.voided) = (.max, .max, .max) },
            { ($0.amount, $0.used, $0.moved) = (.max, .min, .min) },
        ]
        for body in broken {
            try check(Patient(ledger, grants: try grants(of: ledger, changing: body)), finds: .unconserved(id))
        }
    }

    @Test func `holds, counts and gauges beyond everything trap nothing`() throws {
        let ledger = try sound()
        let hold = try #require(ledger.account.holds.first)
        let part = try #require(hold.parts.first)
        let huge = [Account.Hold.Part(grant: part.grant, amount: .max)]
        let broken = Account.Hold(
            id: hold.id,
            meter: hold.meter,
            parts: huge,
            key: hold.key,
            attempt: hold.attempt,
            member: nil,
            reservedAt: hold.reservedAt,
            lapsesAt: hold.lapsesAt
        )
        let periods = periods(of: ledger) { ($0.used, $0.uncovered) = (.max, .min) }
        let levels = [Account.Level(meter: .desks, units: .min)]
        var patient = Patient(ledger, periods: periods, holds: [broken], levels: levels)
        #expect(patient.faults.contains(.malformedCount(.meter(.documents))))
        #expect(patient.faults.contains(.malformedLevel(.desks, .min)))
        try patient.mend()
    }

    @Test func `units set aside for nothing`() throws {
        let ledger = try sound()
        let own = try allowance(of: ledger)
        let grants = try grants(of: ledger) { $0.held += 2 }
        try check(Patient(ledger, grants: grants), finds: .unbackedGrant(own.id, held: own.held + 2, byHolds: own.held))
    }

    // MARK: Holds

    @Test func `work that has set aside what is not there`() throws {
        let ledger = try sound()
        let hold = try #require(ledger.account.holds.first)
        func broken(_ parts: [Account.Hold.Part]) -> Account.Hold {
            Account.Hold(
                id: hold.id,
                meter: hold.meter,
                parts: parts,
                key: hold.key,
                attempt: hold.attempt,
                member: hold.member,
                reservedAt: hold.reservedAt,
                lapsesAt: hold.lapsesAt
            )
        }
        for parts in [[Account.Hold.Part(grant: Account.Grant.ID("9.9"), amount: 4)], []] {
            try check(Patient(ledger, holds: [broken(parts)]), finds: .unbackedHold(hold.id))
        }
    }

    // MARK: The journal

    @Test func `whatever is not as the journal has it is put back`() throws {
        let ledger = try sound()
        let account = ledger.account
        let own = try allowance(of: ledger)
        let hold = try #require(account.holds.first)
        let stray = Account.Grant(
            id: Account.Grant.ID("9.9"),
            subject: .meter(.documents),
            source: .promotion,
            effective: now,
            expiry: nil,
            amount: 3
        )
        let other = Account.Hold(
            id: Account.Hold.ID("9.9"),
            meter: .documents,
            parts: [.init(grant: nil, amount: 1)],
            key: "stray",
            attempt: "first",
            member: nil,
            reservedAt: now,
            lapsesAt: now + .days(1)
        )
        let patients: [(Patient, Account.Finding.Part)] = [
            (Patient(ledger, grants: try grants(of: ledger) { $0.used -= 1 }), .grant(own)),
            (Patient(ledger, grants: account.grants.filter { $0.id != own.id }), .grant(own)),
            (Patient(ledger, grants: account.grants + [stray]), .surplusGrant(stray.id)),
            (Patient(ledger, holds: []), .hold(hold)),
            (Patient(ledger, grants: try grants(of: ledger) { $0.held = 0 }, holds: []), .hold(hold)),
            (Patient(ledger, holds: [hold, other]), .surplusHold(other.id)),
            (
                Patient(ledger, periods: periods(of: ledger) { $0.used = 1 }),
                .period(try #require(account.periods.first { $0.subject == .meter(.documents) }))
            ),
            (Patient(ledger, levels: [.init(meter: .desks, units: 1)]), .level(.desks, 3)),
            (Patient(ledger, levels: []), .level(.desks, 3)),
            (
                Patient(ledger, standing: .init(tier: .free, catalog: 1, until: nil)),
                .standing(try #require(account.standing))
            ),
            (Patient(ledger, subscriptions: []), .subscription(try #require(account.subscriptions.first))),
        ]
        for (patient, part) in patients {
            var patient = patient
            #expect(patient.findings.contains(Account.Finding(.differsFromJournal(part))), "\(part)")
            try patient.mend()
            let mended = Account(folding: ledger.journal, of: account.customer)
            #expect(patient.account.grants == mended.grants && patient.account.holds == mended.holds, "\(part)")
            #expect(patient.account.periods == mended.periods && patient.account.levels == mended.levels, "\(part)")
            #expect(patient.account.standing == mended.standing, "\(part)")
        }
    }

    @Test func `terms of the customer's own that the journal does not have are put back`() throws {
        let ledger = try sound()
        var patient = Patient(ledger, overrides: [.init(.allowance(.unlimited, of: .documents))])
        #expect(patient.findings == [Account.Finding(.differsFromJournal(.overrides([])))])
        try patient.mend()
        #expect(patient.account.overrides == [])
    }

    @Test func `what the journal does not have at all is found, and only loading from it mends that`() throws {
        var ledger = try Ledger(catalog: Lab.catalog())
        try ledger.consume(1, at: now)
        let span = Fixture.days(0, 3_000)
        let subscription = Subscription(
            snapshot: Fixture.subscription(.enterprise, period: span),
            periods: [
                .init(
                    span: span,
                    version: Fixture.version(now),
                    terms: .init(tier: .enterprise, quantity: nil, catalog: 1)
                )
            ],
            catalog: 1
        )
        let trial = Account.Trial(startedAt: now, days: 300, gift: .tier(.enterprise), catalog: 1)
        let period = Account.Period(subject: .meter(.searches), span: Fixture.days(0, 31), used: 3)
        let patients = [
            Patient(ledger, trial: trial), Patient(ledger, subscriptions: [subscription]),
            Patient(ledger, periods: ledger.account.periods + [period]), Patient(ledger, firstPurchaseAt: now),
            Patient(ledger, windows: [.init(meter: .searches, seconds: 60, start: now, used: 3)]),
        ]
        for patient in patients {
            #expect(patient.account != patient.folded)
            #expect(patient.findings.contains { $0.severity == .error && $0.repair == nil })
            #expect(patient.folded == ledger.account)
        }
    }

    // MARK: The past

    @Test func `the balance as of any past instant is what the journal had until then`() throws {
        var ledger = try Ledger()
        try ledger.consume(2, at: Fixture.day(0))
        try ledger.consume(3, key: "a", at: Fixture.day(1))
        try ledger.refund(1, under: "a", at: Fixture.day(2))
        try ledger.consume(5, at: Fixture.day(40))
        let expected: [(Timestamp, Int64)] = [
            (Fixture.opening - .tick, 10), (Fixture.day(0), 8), (Fixture.day(1) - .tick, 8), (Fixture.day(1), 5),
            (Fixture.day(2), 6), (Fixture.day(30), 6), (Fixture.day(31), 10), (Fixture.day(40), 5),
        ]
        for (instant, left) in expected {
            let account = Account(folding: ledger.journal, of: "acme", until: instant)
            let overview = try account.overview(at: instant, in: ledger.catalog)
            #expect(overview[.documents]?.remaining == .units(left), "at \(instant)")
        }
        #expect(Account(folding: ledger.journal, of: "acme") == ledger.account)
    }

    @Test func `what comes after a gap in a journal is left out`() throws {
        var ledger = try Ledger()
        for _ in 0..<3 { try ledger.consume(1, at: now) }
        let account = Account(folding: [ledger.journal[0], ledger.journal[2]], of: "acme")
        #expect(account.revision == 1)
    }
}

extension Account {
    fileprivate func grant(named id: Grant.ID) -> Grant? { grants.first { $0.id == id } }
}
