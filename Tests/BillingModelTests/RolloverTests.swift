import BillingModel
import Testing

/// What is left over of an allowance and moves on to the next interval, up to a cap.
@Suite struct RolloverTests {
    let now = Fixture.opening

    private func ledger(
        _ units: Int64 = 10,
        per recurrence: Recurrence = .month,
        upTo cap: Int64
    ) throws -> Ledger {
        let allowance = Allowance.limited(units, per: recurrence, rollover: .upTo(cap))
        return try Ledger(catalog: Lab.catalog(free: [.documents: allowance]))
    }

    @Test func `what is left over moves on up to the cap`() throws {
        var ledger = try ledger(upTo: 4)
        try ledger.consume(3, at: now)
        #expect(try ledger.left(at: Fixture.day(31)) == 14)
        try ledger.consume(1, at: Fixture.day(31))
        #expect(ledger.audit.books.values.contains(Audit.Book(amount: 10, used: 3, expired: 3, moved: 4)))
        ledger.audit.check(ledger.account)
    }

    @Test func `less than the cap moves on whole`() throws {
        var ledger = try ledger(upTo: 4)
        try ledger.consume(9, at: now)
        #expect(try ledger.left(at: Fixture.day(31)) == 11)
    }

    @Test func `what was left over is used first, and is lost in its turn`() throws {
        var ledger = try ledger(upTo: 4)
        try ledger.consume(3, at: now)
        try ledger.consume(6, at: Fixture.day(31))
        let grants = ledger.account.grants
        #expect(grants.map(\.source) == [.allowance] && grants.map(\.used) == [2])
        #expect(try ledger.left(at: Fixture.day(59)) == 14)
    }

    @Test func `what is left over twice is capped once`() throws {
        var ledger = try ledger(upTo: 15)
        try ledger.consume(1, at: now)
        #expect(try ledger.left(at: Fixture.day(31)) == 19)
        #expect(try ledger.left(at: Fixture.day(59)) == 25, "9, 10 and 10, of which 15 and the month's own 10 count")
    }

    @Test func `intervals that nobody looked at have left theirs over too`() throws {
        var slept = try ledger(upTo: 35)
        try slept.consume(7, at: now)
        var looked = try ledger(upTo: 35)
        try looked.consume(7, at: now)
        for day in 1...1_000 as ClosedRange<Int64> { try looked.settle(at: Fixture.day(day)) }
        #expect(try slept.left(at: Fixture.day(60)) == 3 + 10 + 10)
        #expect(try slept.left(at: Fixture.day(1_000)) == 45)
        #expect(try looked.left(at: Fixture.day(1_000)) == 45)
    }

    @Test func `a hundred years of nothing used are the cap`() throws {
        var ledger = try ledger(Catalog.Limits.units, per: Recurrence(every: 1, .second), upTo: Catalog.Limits.units)
        try ledger.consume(1, at: now)
        #expect(try ledger.left(at: Fixture.day(36_500)) == 2 * Catalog.Limits.units)
    }

    @Test func `without a rollover an interval refills and adds nothing`() throws {
        var ledger = try Ledger()
        try ledger.consume(3, at: now)
        #expect(try ledger.left(at: Fixture.day(31)) == 10)
    }

    @Test func `units set aside do not move on`() throws {
        var ledger = try ledger(upTo: 4)
        let work = try ledger.reserve(8, for: .days(40), at: now)
        let next = Fixture.day(31)
        #expect(try ledger.left(at: next) == 12)
        try ledger.release(work, at: next)
        #expect(try ledger.left(at: next) == 12, "they came back to an interval that is over")
        ledger.audit.check(ledger.account)
    }

    @Test func `credits that a tier gives again and again move on as units do`() throws {
        var ledger = try Ledger(
            catalog: Lab.catalog(free: [:], credits: [.ai: .init(100, per: .month, rollover: .upTo(50))])
        )
        try ledger.consume(2, at: now)
        #expect(try ledger.credits(at: Fixture.day(31)).remaining == 150)
        try ledger.consume(9, at: Fixture.day(31))
        #expect(try ledger.credits(at: Fixture.day(59)).remaining == 150)
        #expect(try ledger.credits(at: Fixture.day(31)).used == 90)
        ledger.audit.check(ledger.account)
    }

    @Test func `the tier that the customer is on then says what moves on`() throws {
        var ledger = try Ledger(catalog: Lab.catalog())
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 31), cancels: true), at: now)
        try ledger.consume(5, at: now)
        #expect(try ledger.left(at: Fixture.day(31)) == 10, "Free lets nothing move on")
        var renewed = try Ledger(catalog: Lab.catalog())
        try renewed.take(Fixture.subscription(.pro, period: Fixture.days(0, 31)), at: now)
        try renewed.consume(5, at: now)
        try renewed.take(Fixture.subscription(.pro, period: Fixture.days(31, 59)), at: Fixture.day(31))
        #expect(try renewed.line(at: Fixture.day(31)).remaining == .units(50 + 20 + 15))
        #expect(try renewed.credits(at: Fixture.day(31)).remaining == 100 + 50, "which pay for 15 documents")
    }

    // MARK: Into an interval that ended early

    /// A customer of Pro with 20 moved on to the month that runs, and what that tier gives.
    private func moved() throws -> Ledger {
        let allowances: [Meter.ID: Allowance] = [.documents: .limited(50, per: .month, rollover: .upTo(20))]
        var ledger = try Ledger(
            catalog: Catalog(
                version: 1,
                meters: Fixture.meters,
                tiers: [Fixture.tiers[0], Tier(.pro, rank: 1, name: "Pro", allowances: allowances)],
                fallback: .free,
                settings: .init(lowBalance: [])
            )
        )
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 30)), at: now)
        try ledger.consume(1, at: Fixture.day(1))
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(30, 60)), at: Fixture.day(30))
        #expect(try ledger.left(at: Fixture.day(31)) == 50 + 20)
        return ledger
    }

    private func end(_ ledger: inout Ledger, at end: Timestamp) throws {
        let period = Fixture.days(30, 60)
        try ledger.take(Fixture.subscription(.pro, .canceled, period: period, at: end, endedAt: end), at: end)
    }

    @Test func `what is refunded of what had moved on is lost when its interval has ended early`() throws {
        var ledger = try moved()
        try ledger.consume(20, key: "use", at: Fixture.day(31))
        try end(&ledger, at: Fixture.day(35))
        #expect(try ledger.left(at: Fixture.day(36)) == 10)
        try ledger.refund(under: "use", at: Fixture.day(36))
        #expect(try ledger.left(at: Fixture.day(36)) == 10)
        ledger.audit.check(ledger.account)
    }

    @Test func `what is released of what had moved on is lost when its interval has ended early`() throws {
        var ledger = try moved()
        let work = try ledger.reserve(20, for: .days(5), at: Fixture.day(34))
        try end(&ledger, at: Fixture.day(35))
        #expect(try ledger.left(at: Fixture.day(36)) == 10)
        try ledger.release(work, at: Fixture.day(36))
        #expect(try ledger.left(at: Fixture.day(36)) == 10)
        ledger.audit.check(ledger.account)
    }
}
