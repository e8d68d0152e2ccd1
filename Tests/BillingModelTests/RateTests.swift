import BillingModel
import Testing

/// Short windows that hold beside an allowance.
@Suite struct RateTests {
    let now = Fixture.opening
    let rate = Tier.Rate(3, per: .minute)

    private func ledger(
        _ allowance: Allowance = .limited(10, per: .month),
        rates: [Tier.Rate]? = nil
    ) throws -> Ledger {
        try Ledger(catalog: Lab.catalog(free: [.documents: allowance], rates: [.documents: rates ?? [rate]]))
    }

    @Test func `what a window has let through is not let through again in it`() throws {
        var ledger = try ledger()
        try ledger.consume(2, at: now)
        let denial = try #require(try ledger.consume(2, at: now + .seconds(59)).denial)
        #expect(denial.limit == .rate(rate) && denial.remaining == 1)
        #expect(denial.resetsAt == now + .minutes(1))
        #expect(denial.unlockedByPacks == [], "no pack makes it faster")
        #expect(try ledger.line(at: now).remaining == .units(8))
        #expect(try ledger.line(at: now).permitted == 1)
    }

    @Test func `a window ends at the instant at which the next begins`() throws {
        var ledger = try ledger()
        try ledger.consume(3, at: now)
        let end = now + .minutes(1)
        #expect(try ledger.consume(at: end - .tick).denial?.resetsAt == end)
        #expect(try ledger.consume(3, at: end).isApplied)
    }

    @Test func `windows are those of the clock, whenever the customer came`() throws {
        var ledger = try ledger()
        try ledger.consume(3, at: now + .seconds(50))
        #expect(try ledger.consume(at: now + .seconds(59)).denial?.resetsAt == now + .minutes(1))
        #expect(try ledger.consume(at: now + .minutes(1)).isApplied)
    }

    @Test func `more than a window ever lets through is not worth waiting for`() throws {
        var ledger = try ledger()
        let denial = try #require(try ledger.consume(4, at: now).denial)
        #expect(denial.limit == .rate(rate) && denial.remaining == 3 && denial.resetsAt == nil)
        #expect(denial.unlockedBy == [.pro, .enterprise], "which have no such rate")
    }

    @Test func `of several rates the tightest counts`() throws {
        var ledger = try ledger(rates: [rate, .init(5, per: .hour)])
        try ledger.consume(3, at: now)
        try ledger.consume(2, at: now + .minutes(1))
        let denial = try #require(try ledger.consume(1, at: now + .minutes(2)).denial)
        #expect(denial.limit == .rate(.init(5, per: .hour)) && denial.resetsAt == now + .hours(1))
    }

    @Test func `where the allowance does not suffice either, that is what is said`() throws {
        var ledger = try ledger(.limited(3, per: .month))
        try ledger.consume(3, at: now)
        let denial = try #require(try ledger.consume(1, at: now).denial)
        #expect(denial.limit == .allowance(.limited(3, per: .month)))
        #expect(denial.resetsAt == Fixture.day(31))
    }

    @Test func `an unlimited meter has its rate all the same`() throws {
        var ledger = try ledger(.unlimited)
        try ledger.consume(3, at: now)
        #expect(try ledger.consume(1, at: now).denial?.limit == .rate(rate))
        #expect(try ledger.line(at: now).remaining == .unlimited)
    }

    @Test func `as many as are left means as many as the rate lets through`() throws {
        var ledger = try ledger()
        try ledger.consume(1, at: now)
        #expect(try ledger.send(.consume(upTo: 9), at: now).answer.receipt?.amount == 2)
        let denial = try #require(try ledger.send(.consume(upTo: 9), at: now).answer.denial)
        #expect(denial.requested == 9 && denial.remaining == 0)
        #expect(denial.limit == .rate(rate), "one is there, and has to wait")
        #expect(denial.resetsAt == now + .minutes(1))
    }

    @Test func `work that goes on counts in the window it began in`() throws {
        var ledger = try ledger()
        let work = try ledger.reserve(3, for: .hours(1), at: now)
        #expect(try ledger.consume(at: now).denial?.limit == .rate(rate))
        #expect(try ledger.consume(3, at: now + .minutes(1)).isApplied)
        try ledger.capture(work, at: now + .minutes(1))
        #expect(try ledger.consume(at: now + .minutes(2)).isApplied)
        ledger.audit.check(ledger.account)
    }

    @Test func `work that failed gives its place in the window back, a refund does not`() throws {
        var ledger = try ledger()
        try ledger.release(try ledger.reserve(3, at: now), at: now)
        #expect(try ledger.consume(3, key: "a", at: now).isApplied)
        try ledger.refund(under: "a", at: now)
        #expect(try ledger.consume(at: now).denial?.limit == .rate(rate), "what it ran on was used")
        #expect(try ledger.left(at: now) == 10)
    }

    @Test func `what was done already is counted in the window and never refused`() throws {
        var ledger = try ledger()
        try ledger.record(5, at: now)
        #expect(try ledger.consume(at: now).denial?.limit == .rate(rate))
        #expect(try ledger.consume(at: now + .minutes(1)).isApplied)
    }

    @Test func `a rate holds while the provider's period is yet to begin`() throws {
        var ledger = try Ledger(catalog: Lab.catalog())
        let period = TimeSpan(from: now + .minutes(10), to: Fixture.day(31))
        try ledger.take(Fixture.subscription(.pro, period: period, at: now), at: now)
        #expect(try ledger.consume(8, of: .searches, at: now).isApplied)
        for _ in 0..<2 {
            #expect(try ledger.consume(of: .searches, at: now).denial?.limit == .rate(.init(8, per: .hour)))
        }
        ledger.audit.check(ledger.account)
    }
}
