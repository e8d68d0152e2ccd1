import BillingModel
import Testing

/// Levels that stand and are set, raised and lowered.
///
/// Free has 2 desks, Pro 5 and 2 more, Enterprise any number.
@Suite struct GaugeTests {
    let now = Fixture.opening

    private func ledger(on tier: Tier.ID = .free) throws -> Ledger {
        var ledger = try Ledger(catalog: Lab.catalog(free: Lab.tiers[0].allowances))
        if tier != .free { try ledger.take(Fixture.subscription(tier, period: Fixture.days(0, 31)), at: now) }
        return ledger
    }

    @Test func `a gauge is raised to its limit and not beyond`() throws {
        var ledger = try ledger()
        #expect(try ledger.raise(by: 2, at: now).receipt?.amount == 2, "the receipt says where it stands")
        let denial = try #require(try ledger.raise(at: now).denial)
        #expect(denial.limit == .allowance(.level(2)) && denial.requested == 1 && denial.remaining == 0)
        #expect(denial.resetsAt == nil, "time frees no desk")
        #expect(denial.unlockedBy == [.pro, .enterprise] && denial.unlockedByPacks == [])
        #expect(try ledger.line(.desks, at: now).used == 2)
    }

    @Test func `what is lowered can be raised again`() throws {
        var ledger = try ledger()
        try ledger.raise(by: 2, at: now)
        #expect(try ledger.lower(at: now).receipt?.remaining == .units(1))
        #expect(try ledger.raise(at: now).isApplied)
        ledger.audit.check(ledger.account)
    }

    @Test func `a gauge is set to what it stands at, whatever it stood at`() throws {
        var ledger = try ledger()
        #expect(try ledger.set(to: 2, at: now).receipt?.amount == 2)
        #expect(try ledger.set(to: 2, at: now).receipt?.remaining == .units(0))
        #expect(try ledger.set(to: 3, at: now).denial?.requested == 1)
        #expect(try ledger.set(to: 0, at: now).receipt?.remaining == .units(2))
        #expect(ledger.account.levels == [])
        ledger.audit.check(ledger.account)
    }

    @Test func `a gauge never stands below nothing`() throws {
        var ledger = try ledger()
        try ledger.raise(at: now)
        #expect(code { try ledger.lower(by: 2, at: now) } == .amountOutOfBounds)
        #expect(code { try ledger.set(to: -1, at: now) } == .amountOutOfBounds)
        #expect(try ledger.lower(at: now).isApplied)
    }

    @Test func `a gauge stands across periods`() throws {
        var ledger = try ledger()
        try ledger.raise(by: 2, at: now)
        let later = Fixture.day(400)
        #expect(try ledger.line(.desks, at: later).used == 2)
        #expect(try ledger.line(.desks, at: later).period == nil)
        #expect(try ledger.raise(at: later).denial != nil)
    }

    @Test func `a soft limit lets a gauge be raised to its cap`() throws {
        var ledger = try ledger(on: .pro)
        #expect(try ledger.set(to: 5, at: now).receipt?.overage == 0)
        #expect(try ledger.raise(by: 2, at: now).receipt?.overage == 2)
        #expect(try ledger.raise(at: now).denial?.remaining == 0)
        #expect(try ledger.line(.desks, at: now).overage == 2)
    }

    @Test func `a gauge without a limit is counted`() throws {
        var ledger = try ledger(on: .enterprise)
        #expect(try ledger.raise(by: 900, at: now).receipt?.remaining == .unlimited)
        #expect(try ledger.line(.desks, at: now).used == 900)
    }

    @Test func `a smaller tier takes no desk away, and lets none be added`() throws {
        var ledger = try ledger(on: .pro)
        try ledger.set(to: 5, at: now)
        let later = now + .hours(1)
        try ledger.take(Fixture.subscription(.free, period: Fixture.days(0, 31), at: later), at: later)
        let line = try ledger.line(.desks, at: later)
        #expect(line.used == 5 && line.overage == 3 && line.remaining == .units(0))
        #expect(try ledger.raise(at: later).denial != nil)
        #expect(try ledger.lower(by: 2, at: later).receipt?.overage == 1)
        #expect(try ledger.set(to: 3, at: later).isApplied, "as it stands")
        #expect(try ledger.lower(by: 2, at: later).isApplied)
        #expect(try ledger.raise(at: later).isApplied)
    }

    @Test func `a gauge that is no part of the tier stays at nothing`() throws {
        var ledger = try Ledger(catalog: Lab.catalog(free: [:]))
        #expect(try ledger.raise(at: now).denial?.limit == .notIncluded)
        #expect(try ledger.set(to: 0, at: now).isApplied)
    }

    @Test func `a raise under the same key raises once`() throws {
        var ledger = try ledger()
        let first = try #require(try ledger.raise(key: "ann joins", at: now).receipt)
        #expect(try ledger.raise(key: "ann joins", at: now) == .repeated(first))
        #expect(code { try ledger.raise(by: 2, key: "ann joins", at: now) } == .keyReused)
        #expect(code { try ledger.lower(key: "ann joins", at: now) } == .keyReused)
        #expect(try ledger.line(.desks, at: now).used == 1)
    }

    @Test func `each kind of meter has its own commands`() throws {
        var ledger = try ledger()
        #expect(code { try ledger.raise(.documents, at: now) } == .wrongMeterKind)
        #expect(code { try ledger.consume(of: .desks, at: now) } == .wrongMeterKind)
        #expect(code { try ledger.reserve(1, of: .desks, at: now) } == .wrongMeterKind)
        #expect(code { try ledger.record(of: .desks, at: now) } == .wrongMeterKind)
        #expect(code { try ledger.correct(by: 1, of: .desks, at: now) } == .wrongMeterKind)
        #expect(code { try ledger.grant(1, of: .desks, at: now) } == .grantNotAllowed)
    }

    @Test func `what cannot be counted is an error`() throws {
        var ledger = try ledger(on: .enterprise)
        try ledger.raise(by: .max, at: now)
        #expect(code { try ledger.raise(at: now) } == .overflow)
    }
}
