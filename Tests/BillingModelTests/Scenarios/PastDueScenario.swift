import BillingModel
import Testing

/// The renewal's payment fails.
///
/// The provider tries the card again and again, and the host lets the customer go on for seven days whatever the provider
/// does.
@Suite struct PastDueScenario {
    @Test func `past due, recovered on the last day of grace`() throws {
        var acme = try Ledger(catalog: Sold.catalog())
        let january = try from("2026-01-01", to: "2026-02-01")
        let february = try from("2026-02-01", to: "2026-03-01")
        try acme.take(Fixture.subscription(.pro, period: january), at: on("2026-01-01"))
        try acme.consume(35, at: on("2026-01-20"))

        // February begins, and the card is refused.
        let failedAt = try on("2026-02-01T06:00:00Z")
        try acme.take(
            Fixture.subscription(.pro, .pastDue, period: february, at: failedAt, pastDueAt: failedAt),
            at: failedAt
        )
        #expect(acme.notices.last == .paymentDue("sub_1"))
        let due = try acme.overview(at: failedAt)
        #expect(due.tier.id == .pro && due.accessReason == .paymentDue && due.accessSince == failedAt)
        #expect(due.accessUntil == failedAt + .days(7))
        #expect(due[.documents]?.remaining == .units(15), "a period that is not paid gives nothing new")

        // Another try fails on the 3rd: the grace counts from the first failure, so nothing moves.
        let again = try on("2026-02-03T06:00:00Z")
        try acme.take(
            Fixture.subscription(.pro, .pastDue, period: february, at: again, pastDueAt: failedAt),
            at: again
        )
        #expect(try acme.overview(at: again).accessUntil == failedAt + .days(7))
        try acme.consume(10, at: again)

        // The last instant of the grace is one of access, and the first after it is not.
        let end = failedAt + .days(7)
        #expect(try acme.overview(at: end - .tick).tier.id == .pro)
        #expect(try acme.overview(at: end).tier.id == .free)

        // On the last day the customer gives another card.
        let recovered = end - .hours(1)
        try acme.take(Fixture.subscription(.pro, period: february, at: recovered), at: recovered)
        let page = try acme.overview(at: recovered)
        #expect(page.accessReason == .paid)
        #expect(try page.accessUntil == on("2026-03-04"), "with the grace for a renewal")
        #expect(page[.documents]?.period == february)
        #expect(page[.documents]?.used == 10, "what was used since the 1st is February's")
        #expect(page[.documents]?.remaining == .units(40))
        #expect(try acme.overview(at: end).tier.id == .pro, "and there was no day without")
        #expect(!acme.notices.contains { if case .tierChanged(from: .pro, to: _) = $0 { true } else { false } })
        acme.audit.check(acme.account)
    }
}
