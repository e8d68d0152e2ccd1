import BillingModel
import Testing

@Suite struct ReopenedPeriodTests {
    @Test func `what was taken back in two periods that turn out to be one leaves nothing, not less`() throws {
        var ledger = try Ledger()
        let now = Fixture.day(20)
        func correct(by amount: Int64) -> Account.Command {
            Account.Command(.correct(.init(meter: .documents, amount: amount, reason: "counted twice")), member: "ann")
        }
        try ledger.consume(at: Fixture.opening)
        try ledger.consume(3, at: now)
        try ledger.send(correct(by: -3), at: now)
        // Access that ended yesterday, told late: a period of its own has begun since.
        let paid = Fixture.subscription(.pro, period: Fixture.days(10, 20))
        try ledger.take(paid, at: now + .minutes(59))
        let end = Fixture.day(19)
        try ledger.take(
            Fixture.subscription(.pro, .canceled, period: Fixture.days(10, 20), at: end, endedAt: end),
            at: now + .hours(1)
        )
        #expect(try ledger.line(at: now + .hours(1)).used == 3)
        try ledger.send(correct(by: -3), at: now + .hours(1))
        // A subscription by the day, under which the month counts from the account's opening again.
        let daily = Fixture.subscription(.pro, id: "sub_2", period: Fixture.days(20, 21), cycle: .day)
        try ledger.take(daily, at: now + .hours(2))
        let line = try ledger.line(at: now + .hours(2))
        #expect(line.period == Fixture.days(0, 31))
        #expect(line.used == 0 && line.overage == 0 && line.remaining == .units(50))
        #expect(ledger.account.findings(in: ledger.catalog) == [])
        ledger.audit.check(ledger.account)
    }
}
