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

    @Test func `annual to monthly at once, and paid`() throws {
        var acme = try Ledger(catalog: Sold.catalog())
        let year = try from("2026-01-15", to: "2027-01-15")
        let price = try Sold.dollars(300_00)
        try acme.take(Fixture.subscription(.pro, period: year, cycle: .year, price: price), at: year.start)
        try acme.consume(20, at: on("2026-09-20"))

        // 106 of the 365 days are left: they are credited, and pay for the first month and more.
        let changedAt = try on("2026-10-01")
        let plan = try acme.plan(.change(to: .init(cycle: .month), .now), at: changedAt)
        #expect(plan.moment == .now && plan.asked.cycle == .month)
        #expect(try plan.estimate?.total == Sold.dollars(30_00 - 87_12))

        // The month begins, and with it a fresh allowance.
        let month = try from("2026-10-01", to: "2026-11-01")
        let monthly = try Fixture.subscription(.pro, period: month, cycle: .month, price: Sold.dollars(30_00))
        try acme.take(monthly, at: changedAt)
        try acme.take(order(at: changedAt), at: changedAt)
        let page = try acme.overview(at: changedAt)
        #expect(page.accessReason == .paid && page[.documents]?.period == month)
        #expect(page[.documents]?.remaining == .units(50))
        #expect(try page.accessUntil == on("2026-11-04"), "what is left of the year was given back")

        // Half a day later the card is refused, for something else: the month's order is paid.
        try acme.take(due(month, cycle: .month, at: changedAt + .hours(12)), at: changedAt + .hours(12))
        let due = try acme.overview(at: changedAt + .hours(12))
        #expect(due.accessReason == .paymentDue && due.accessUntil == month.end)
        acme.audit.check(acme.account)
    }

    @Test func `monthly to annual at once, and the card is refused`() throws {
        var acme = try Ledger(catalog: Sold.catalog())
        let month = try from("2026-03-01", to: "2026-04-01")
        try acme.take(Fixture.subscription(.pro, period: month), at: month.start)
        try acme.consume(30, at: on("2026-03-05"))

        // On the 10th the customer wants the year, which is more: at once.
        let changedAt = try on("2026-03-10")
        #expect(try acme.plan(.change(to: .init(cycle: .year), nil), at: changedAt).moment == .now)
        let year = try from("2026-03-10", to: "2027-03-10")
        try acme.take(Fixture.subscription(.pro, period: year, cycle: .year), at: changedAt)
        #expect(try acme.line(at: changedAt).remaining == .units(50), "the provider shows it before it is paid")
        try acme.consume(15, at: changedAt)

        // An hour later it says that the charge failed. March was paid, so March is kept, with what was used in it.
        let failedAt = changedAt + .hours(1)
        try acme.take(order(at: changedAt, isPaid: false), at: failedAt)
        try acme.take(due(year, cycle: .year, at: failedAt), at: failedAt)
        #expect(acme.notices.contains(.paymentDue("sub_1")))
        let due = try acme.overview(at: failedAt)
        #expect(due.tier.id == .pro && due.accessReason == .paymentDue && due.accessUntil == month.end)
        #expect(due[.documents]?.period == month && due[.documents]?.remaining == .units(5))

        // The last instant of March is one of Pro, and April is not, unless the year is paid.
        #expect(try acme.overview(at: month.end - .tick).tier.id == .pro)
        #expect(try acme.overview(at: month.end).tier.id == .free)
        let recovered = try on("2026-03-20")
        try acme.take(Fixture.subscription(.pro, period: year, at: recovered, cycle: .year), at: recovered)
        let page = try acme.overview(at: recovered)
        #expect(try page.accessReason == .paid && page.accessUntil == on("2027-03-13"))
        #expect(
            page[.documents]?.used == 15 && page[.documents]?.remaining == .units(35),
            "what was used since the 10th"
        )
        acme.audit.check(acme.account)
    }

    private func due(_ period: TimeSpan, cycle: Recurrence, at failedAt: Timestamp) -> SubscriptionSnapshot {
        Fixture.subscription(.pro, .pastDue, period: period, at: failedAt, cycle: cycle, pastDueAt: failedAt)
    }

    private func order(at instant: Timestamp, isPaid: Bool = true) throws -> Account.Order {
        try Fixture.order(at: instant, isPaid: isPaid, purpose: .change, subscription: "sub_1")
    }
}
