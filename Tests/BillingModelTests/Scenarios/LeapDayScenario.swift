import BillingModel
import Testing

/// A customer who bought on the 31st of January of a leap year, and pays by the month, then one who pays by the year.
@Suite struct LeapDayScenario {
    @Test func `a day-31 anchor through a leap February`() throws {
        let boughtAt = try on("2028-01-31")
        // Each boundary counts from the first one, so the 31st comes back after the short months.
        let days = ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31"]
        for (number, day) in days.enumerated() {
            #expect(try Recurrence.month.boundary(Int64(number), from: boughtAt) == on(day))
        }

        // The provider reports each month as it bills it, and the kit takes its periods as they are.
        var acme = try Ledger(catalog: Sold.catalog())
        for (start, end) in zip(days, days.dropFirst()) {
            let period = try from(start, to: end)
            try acme.take(Fixture.subscription(.pro, period: period), at: period.start)
            #expect(try acme.line(at: period.start).remaining == .units(50), "\(start)")
            try acme.consume(50, at: period.end - .tick)
            #expect(try acme.line(at: period.end - .tick).period == period)
            #expect(try acme.consume(1, at: period.end - .tick).denial?.remaining == 0)
        }

        // On the 29th of February a month's allowance has begun that nobody has got twice.
        #expect(acme.usage(of: .meter(.documents), since: boughtAt).units == 200)

        // By the year, the kit divides the year itself: by months from the 31st on.
        var zeta = try Ledger("zeta", catalog: Sold.catalog())
        let year = try from("2028-01-31", to: "2029-01-31")
        try zeta.take(Fixture.subscription(.pro, period: year, cycle: .year), at: year.start)
        for (start, end) in zip(days, days.dropFirst()) {
            #expect(try zeta.line(at: on(start)).period == from(start, to: end))
            #expect(try zeta.line(at: on(end) - .tick).period == from(start, to: end))
        }

        // Half of February is half of its 29 days, to the second.
        let paid = Account.Estimate.PaidTime(
            tier: .pro,
            price: try Sold.dollars(29_00),
            period: try from("2028-02-01", to: "2028-03-01")
        )
        #expect(try paid.worth(from: on("2028-02-15T12:00:00Z")) == Sold.dollars(14_50))
        #expect(try paid.worth(from: on("2028-02-29")) == Sold.dollars(1_00), "the leap day has a price like any other")
        acme.audit.check(acme.account)
        zeta.audit.check(zeta.account)
    }
}
