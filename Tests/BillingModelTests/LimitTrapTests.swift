import BillingModel
import Testing

/// What goes wrong elsewhere when intervals turn over and tiers change.
@Suite struct LimitTrapTests {
    let now = Fixture.opening
    let period = Fixture.days(0, 31)

    // MARK: Rollover

    @Test func `an interval refills to full and does not add to what is there`() throws {
        var ledger = try Ledger()
        try ledger.consume(2, at: now)
        for month in 1...4 { #expect(try ledger.left(at: Recurrence.month.boundary(Int64(month), from: now)) == 10) }
    }

    @Test(arguments: [(1, 14), (2, 19), (3, 19), (40, 19)] as [(Int64, Int64)])
    func `what moves on is never more than the cap, after years of nothing used either`(
        month: Int64,
        left: Int64
    ) throws {
        let allowance = Allowance.limited(10, per: .month, rollover: .upTo(9))
        var ledger = try Ledger(catalog: Lab.catalog(free: [.documents: allowance]))
        try ledger.consume(6, at: now)
        let instant = Recurrence.month.boundary(month, from: now)
        #expect(try ledger.left(at: instant) == left, "4 are left of the first month, 10 of each that follows")
    }

    @Test func `of what has moved on the oldest is used first`() throws {
        let allowance = Allowance.limited(10, per: .month, rollover: .upTo(9))
        var ledger = try Ledger(catalog: Lab.catalog(free: [.documents: allowance]))
        try ledger.consume(6, at: now)
        try ledger.consume(3, at: Fixture.day(31))
        let grants = ledger.account.grants.filter { $0.subject == .meter(.documents) }
        #expect(grants.map(\.source) == [.rollover, .allowance] && grants.map(\.remaining) == [1, 10])
    }

    @Test func `no fraction of anything is lost, for there are none`() throws {
        var ledger = try Ledger(catalog: Lab.catalog(free: [.documents: .limited(10, per: .month)]))
        try ledger.credit(29, at: now)
        try ledger.consume(12, at: now)
        #expect(try ledger.credits(at: now).remaining == 9, "less than a document's cost, and still there")
        try ledger.consume(3, of: .searches, at: now)
        #expect(try ledger.credits(at: now).remaining == 0)
    }

    // MARK: Up

    @Test func `a change within a running period keeps what was used`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.free, period: period), at: now)
        try ledger.consume(8, at: now)
        try ledger.take(Fixture.subscription(.pro, period: period, at: now + .hours(1)), at: now + .hours(1))
        let line = try ledger.line(at: now + .hours(1))
        #expect(line.used == 8 && line.remaining == .units(42))
    }

    @Test func `a new paid period brings a fresh allowance`() throws {
        var ledger = try Ledger()
        try ledger.consume(8, at: now)
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(2, 33)), at: Fixture.day(2))
        let line = try ledger.line(at: Fixture.day(2))
        #expect(line.used == 0 && line.remaining == .units(50))
    }

    @Test func `a second subscription leaves credits that were bought alone`() throws {
        var ledger = try Ledger(catalog: Lab.catalog())
        try ledger.buy(.credits, at: now)
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        try ledger.take(Fixture.subscription(.pro, id: "sub_2", period: Fixture.days(1, 32)), at: Fixture.day(1))
        let bought = try #require(ledger.account.grants.first { $0.source == .order })
        #expect(bought.remaining == 120 && bought.expiry == Fixture.day(31))
    }

    // MARK: Down

    @Test func `with more used than the new limit, what is left is nothing and never less`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        try ledger.consume(32, at: now)
        try ledger.take(Fixture.subscription(.free, period: period, at: now + .hours(1)), at: now + .hours(1))
        let line = try ledger.line(at: now + .hours(1))
        #expect(line.used == 32 && line.overage == 22 && line.remaining == .units(0))
        #expect(try ledger.consume(at: now + .hours(1)).denial?.remaining == 0)
        let next = try ledger.line(at: Fixture.day(40))
        #expect(next.overage == 0 && next.remaining == .units(10), "no debt is carried into the next period")
    }

    @Test func `used, remaining, overage and given are four numbers`() throws {
        var ledger = try Ledger()
        try ledger.grant(5, expiry: Fixture.day(60), at: now)
        try ledger.record(18, at: now)
        try ledger.grant(4, at: now)
        let line = try ledger.line(at: now)
        #expect(line.used == 18 && line.overage == 3 && line.remaining == .units(4))
        let given = ledger.audit.books.values.reduce(0) { $0 + $1.amount }
        #expect(given == 19, "so what remains is not what was given less what was used")
    }
}
