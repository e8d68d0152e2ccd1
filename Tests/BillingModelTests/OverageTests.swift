import BillingModel
import Testing

/// Soft limits: units beyond the allowance that are let through and counted by themselves.
@Suite struct OverageTests {
    let now = Fixture.opening

    private func ledger(_ overage: Allowance.Overage = .counted(upTo: 4)) throws -> Ledger {
        try Ledger(catalog: Lab.catalog(free: [.documents: .limited(10, per: .month, overage: overage)]))
    }

    @Test func `beyond a soft limit units are let through up to the cap, and counted as overage`() throws {
        var ledger = try ledger()
        let receipt = try #require(try ledger.consume(12, at: now).receipt)
        #expect(receipt.overage == 2 && receipt.remaining == .units(0))
        let line = try ledger.line(at: now)
        #expect(line.used == 12 && line.overage == 2 && line.permitted == 2)
        let denial = try #require(try ledger.consume(3, at: now).denial)
        #expect(denial.remaining == 2)
        #expect(try ledger.consume(2, at: now).receipt?.overage == 2)
        #expect(try ledger.consume(1, at: now).denial?.remaining == 0)
    }

    @Test func `without a cap nothing is refused`() throws {
        var ledger = try ledger(.countedWithoutCap)
        #expect(try ledger.consume(1_000_000, at: now).receipt?.overage == 999_990)
        #expect(try ledger.line(at: now).permitted == .max)
    }

    @Test func `a hard limit has no overage`() throws {
        var ledger = try ledger(.refused)
        #expect(try ledger.consume(11, at: now).denial?.remaining == 10)
    }

    @Test func `credits are used before a unit is beyond the limit`() throws {
        var ledger = try ledger()
        try ledger.credit(20, at: now)
        #expect(try ledger.consume(13, at: now).receipt?.overage == 1)
        #expect(try ledger.credits(at: now).remaining == 0)
        #expect(try ledger.line(at: now).overage == 1)
    }

    @Test func `work that goes on counts against the cap`() throws {
        var ledger = try ledger()
        let work = try ledger.reserve(13, at: now)
        #expect(try ledger.line(at: now).permitted == 1)
        #expect(try ledger.consume(2, at: now).denial?.remaining == 1)
        #expect(try ledger.capture(work, 11, at: now).receipt?.overage == 1)
        #expect(try ledger.line(at: now).permitted == 3)
        ledger.audit.check(ledger.account)
    }

    @Test func `work that took more than the cap is counted and not refused`() throws {
        var ledger = try ledger()
        let work = try ledger.reserve(1, at: now)
        #expect(try ledger.capture(work, 30, at: now).receipt?.overage == 20)
        #expect(try ledger.line(at: now).overage == 20)
        #expect(try ledger.line(at: now).permitted == 0)
    }

    @Test func `as many as are left include those beyond a soft limit`() throws {
        var ledger = try ledger()
        let receipt = try #require(try ledger.send(.consume(upTo: 99), at: now).answer.receipt)
        #expect(receipt.amount == 14 && receipt.overage == 4)
    }

    @Test func `each period has its own overage`() throws {
        var ledger = try ledger()
        try ledger.consume(14, at: now)
        let next = Fixture.day(31)
        #expect(try ledger.line(at: next).overage == 0)
        #expect(try ledger.consume(14, at: next).receipt?.overage == 4)
    }

    @Test func `what is given later does not cover what was beyond the limit before`() throws {
        var ledger = try ledger()
        try ledger.consume(12, at: now)
        try ledger.grant(5, at: now)
        let line = try ledger.line(at: now)
        #expect(line.overage == 2 && line.remaining == .units(5), "overage stays what it was when it was billed")
    }

    @Test func `the crossing into a soft limit tells that the meter is exhausted`() throws {
        var ledger = try ledger()
        try ledger.consume(12, at: now)
        #expect(ledger.notices == [.exhausted(.meter(.documents))])
        try ledger.consume(1, at: now)
        #expect(ledger.notices.count == 1)
    }
}
