import BillingModel
import Testing

/// A customer who pays by the year wants to pay by the month.
@Suite struct AnnualToMonthlyScenario {
    @Test func `annual to monthly`() throws {
        var acme = try Ledger(catalog: Sold.catalog())
        let year = try from("2026-01-15", to: "2027-01-15")
        let price = try Sold.dollars(300_00)
        try acme.take(Fixture.subscription(.pro, period: year, cycle: .year, price: price), at: year.start)

        // Paid by the year, given by the month: 50 documents from each 15th on.
        try acme.consume(50, at: on("2026-03-20"))
        #expect(try acme.line(at: on("2026-03-20")).period == from("2026-03-15", to: "2026-04-15"))
        #expect(try acme.line(at: on("2026-04-15")).remaining == .units(50))

        // A shorter cycle is less, so it comes with the year's end and costs nothing now.
        let wish = Account.Command.SubscriptionChange.Wish.change(to: .init(cycle: .month), nil)
        let preview = try acme.preview(wish, at: on("2026-10-01"))
        let plan = try #require(preview.plan)
        #expect(plan.moment == .periodEnd && plan.appliesAt == year.end)
        #expect(try plan.estimate?.total == Sold.dollars(30_00))
        #expect(plan.estimate?.dueAt == year.end)
        #expect(try preview.after[.documents]?.period == from("2027-01-15", to: "2027-02-15"))

        // The provider takes note of it: one change is pending, and nothing else is different.
        let pending = try #require(plan.asked.pending)
        try acme.take(
            Fixture.subscription(
                .pro,
                period: year,
                at: on("2026-10-01"),
                cycle: .year,
                price: price,
                pending: pending
            ),
            at: on("2026-10-01")
        )
        #expect(try acme.overview(at: on("2026-12-31")).accessUntil == year.end + .days(3))
        #expect(try acme.plan(.dropPendingChange, at: on("2026-12-31")).asked.pending == nil)

        // At the year's end the first month begins, and is told two hours late.
        let month = try from("2027-01-15", to: "2027-02-15")
        try acme.consume(5, at: year.end + .hours(1))
        try acme.take(
            Fixture.subscription(.pro, period: month, cycle: .month, price: Sold.dollars(30_00)),
            at: year.end + .hours(2)
        )
        let line = try acme.line(at: year.end + .hours(2))
        #expect(line.period == month && line.used == 5 && line.remaining == .units(45))
        #expect(try acme.overview(at: year.end + .hours(2)).subscription?.pending == nil)

        // Back to the year is more, so it is made at once: the rest of the month is credited.
        let back = try acme.plan(.change(to: .init(cycle: .year), nil), at: on("2027-01-15T12:00:00Z"))
        #expect(back.moment == .now)
        #expect(try back.asked.period.start == on("2027-01-15T12:00:00Z"))
        #expect(try back.estimate?.total == Sold.dollars(300_00 - 30_00 + 48), "half a day of 31 is used")
        acme.audit.check(acme.account)
    }
}
