import BillingModel
import Testing

/// Thresholds: each is told of when a balance falls below it, and not again until the balance has risen.
@Suite struct WarningTests {
    let now = Fixture.opening
    let documents = Account.Balance.Subject.meter(.documents)

    private func ledger(_ thresholds: [Catalog.Threshold]) throws -> Ledger {
        try Ledger(
            catalog: Lab.catalog(
                free: [.documents: .limited(10, per: .month)],
                settings: .init(lowBalance: thresholds)
            )
        )
    }

    @Test func `a share of what was given is a threshold`() throws {
        var ledger = try ledger([.percent(50), .percent(20)])
        try ledger.consume(5, at: now)
        #expect(ledger.notices == [], "half is not less than half")
        try ledger.consume(1, at: now)
        #expect(ledger.notices == [.lowBalance(documents, .percent(50), left: 4)])
        try ledger.consume(3, at: now)
        #expect(ledger.notices.last == .lowBalance(documents, .percent(20), left: 1))
        try ledger.consume(1, at: now)
        #expect(ledger.notices.last == .exhausted(documents))
        #expect(ledger.notices.count == 3)
    }

    @Test func `a number of units is a threshold`() throws {
        var ledger = try ledger([.units(3)])
        try ledger.consume(7, at: now)
        #expect(ledger.notices == [])
        try ledger.consume(1, at: now)
        #expect(ledger.notices == [.lowBalance(documents, .units(3), left: 2)])
    }

    @Test func `one command may cross several thresholds, the mildest is told first`() throws {
        var ledger = try ledger([.units(3), .percent(50)])
        try ledger.consume(10, at: now)
        #expect(
            ledger.notices == [
                .lowBalance(documents, .units(3), left: 0), .lowBalance(documents, .percent(50), left: 0),
                .exhausted(documents),
            ]
        )
        #expect(ledger.journal.last?.notices.map(\.ordinal) == [0, 1, 2])
    }

    @Test func `a threshold is told of again once the balance has risen`() throws {
        var ledger = try ledger([.percent(20)])
        try ledger.consume(9, key: "a", at: now)
        try ledger.refund(1, under: "a", at: now)
        #expect(ledger.account.warnings == [], "2 of 10 is not less than a fifth")
        try ledger.consume(1, at: now)
        #expect(ledger.notices.count == 2)
    }

    @Test func `a new period lets the balance rise`() throws {
        var ledger = try ledger([.percent(20)])
        try ledger.consume(9, at: now)
        try ledger.consume(9, at: Fixture.day(31))
        #expect(ledger.notices.count == 2)
        ledger.audit.check(ledger.account)
    }

    @Test func `an expiry is a crossing, and settling tells of it`() throws {
        var ledger = try ledger([.percent(20)])
        try ledger.consume(9, at: now)
        try ledger.grant(20, expiry: Fixture.day(2), at: now)
        #expect(ledger.account.warnings == [])
        let count = ledger.notices.count
        #expect(try ledger.settle(at: Fixture.day(2) - .tick) == [])
        #expect(ledger.account.dueAt == Fixture.day(2))
        #expect(try ledger.settle(at: Fixture.day(2)) == [.lowBalance(documents, .percent(20), left: 1)])
        #expect(try ledger.settle(at: Fixture.day(2)) == [])
        #expect(ledger.notices.count == count + 1)
    }

    @Test func `a lower tier is a crossing`() throws {
        var ledger = try ledger([.percent(20)])
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 31)), at: now)
        try ledger.consume(9, at: now)
        #expect(!ledger.notices.contains { $0 == .lowBalance(documents, .percent(20), left: 1) })
        let later = now + .hours(1)
        try ledger.take(Fixture.subscription(.free, period: Fixture.days(0, 31), at: later), at: later)
        #expect(ledger.notices.contains(.lowBalance(documents, .percent(20), left: 1)))
        #expect(ledger.notices.last == .exhausted(.pool(.ai)), "the higher one had given credits")
    }

    @Test func `a higher tier lets the balance rise`() throws {
        var ledger = try ledger([.percent(20)])
        try ledger.consume(9, at: now)
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 31)), at: now)
        #expect(ledger.account.warnings.filter { $0.subject == documents } == [])
    }

    @Test func `units set aside are not there`() throws {
        var ledger = try ledger([.percent(20)])
        let work = try ledger.reserve(9, at: now)
        #expect(ledger.notices == [.lowBalance(documents, .percent(20), left: 1)])
        try ledger.capture(work, at: now)
        #expect(ledger.notices.count == 1, "told once")
    }

    @Test func `a pool has thresholds as a meter has`() throws {
        var ledger = try ledger([.percent(20)])
        try ledger.consume(10, at: now)
        try ledger.credit(100, at: now)
        try ledger.consume(8, at: now)
        #expect(!ledger.account.warnings.contains { $0.subject == .pool(.ai) }, "20 of 100 credits")
        try ledger.consume(1, at: now)
        #expect(ledger.notices.last == .lowBalance(.pool(.ai), .percent(20), left: 10))
        try ledger.consume(1, at: now)
        #expect(ledger.notices.suffix(2) == [.exhausted(documents), .exhausted(.pool(.ai))])
    }

    @Test func `credits that one meter uses up are gone for the others`() throws {
        var ledger = try ledger([])
        try ledger.credit(10, at: now)
        try ledger.consume(10, at: now)
        #expect(ledger.notices == [], "a document is left")
        try ledger.consume(1, of: .searches, at: now)
        #expect(ledger.notices == [.exhausted(documents)], "7 credits pay for no document")
        #expect(ledger.account.warnings.map(\.subject) == [documents])
    }

    @Test func `an unlimited meter is never low`() throws {
        var ledger = try ledger([.percent(99), .units(1_000)])
        try ledger.take(Fixture.subscription(.enterprise, period: Fixture.days(0, 31)), at: now)
        try ledger.consume(1_000_000, at: now)
        #expect(!ledger.account.warnings.contains { $0.subject == documents })
    }

    @Test func `a meter that never had anything is not low`() throws {
        var ledger = try ledger([.percent(20), .units(5)])
        #expect(try ledger.consume(of: .searches, at: now).denial != nil)
        try ledger.record(1, of: .searches, at: now)
        #expect(ledger.notices == [])
    }

    @Test func `a gauge has thresholds too`() throws {
        var ledger = try Ledger(
            catalog: Lab.catalog(free: [.desks: .level(5)], settings: .init(lowBalance: [.units(2)]))
        )
        let desks = Account.Balance.Subject.meter(.desks)
        try ledger.raise(by: 3, at: now)
        #expect(ledger.notices == [])
        try ledger.raise(at: now)
        #expect(ledger.notices == [.lowBalance(desks, .units(2), left: 1)])
        try ledger.lower(at: now)
        #expect(ledger.account.warnings == [])
        try ledger.raise(by: 2, at: now)
        #expect(ledger.notices.last == .exhausted(desks))
    }

    @Test func `thresholds of a later catalog hold from then on`() throws {
        var ledger = try ledger([.percent(20)])
        try ledger.consume(9, at: now)
        #expect(ledger.account.warnings == [.init(documents, .low(.percent(20)))])
        ledger.catalog = try Lab.catalog(
            version: 2,
            free: [.documents: .limited(10, per: .month)],
            settings: .init(lowBalance: [.units(4)])
        )
        #expect(try ledger.settle(at: now) == [.lowBalance(documents, .units(4), left: 1)])
        #expect(ledger.account.warnings == [.init(documents, .low(.units(4)))], "the old one is forgotten")
    }

    @Test func `a threshold is told of once while the balance only falls, whatever else has been used up`() throws {
        var ledger = try ledger([.percent(20)])
        try ledger.grant(100, of: .searches, priority: 0, at: now)
        try ledger.grant(10, of: .searches, priority: 1, at: now)
        for _ in 0..<110 { try ledger.consume(1, of: .searches, at: now) }
        let told = ledger.notices.filter { if case .lowBalance = $0 { true } else { false } }
        #expect(told.count == 1)
        #expect(ledger.notices.last == .exhausted(.meter(.searches)))
        ledger.audit.check(ledger.account)
    }

    @Test func `a balance that has risen by time is known to have, whatever is asked next`() throws {
        var ledger = try Ledger()
        try ledger.consume(10, at: Fixture.opening)
        #expect(!ledger.account.warnings.isEmpty)
        try ledger.consume(1, of: .searches, at: Fixture.day(31))
        #expect(ledger.account.warnings.filter { $0.subject == .meter(.documents) } == [])
        ledger.audit.check(ledger.account)
    }
}
