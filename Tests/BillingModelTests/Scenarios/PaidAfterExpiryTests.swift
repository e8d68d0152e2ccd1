import BillingModel
import Testing

/// Ann opens a checkout on Monday, forgets it, and finds the tab again on Tuesday, just when its time is over.
///
/// The provider lets a payment through that was under way. So the attempt has expired, by the clock and by the provider's
/// own word, when the order comes; the money counts.
@Suite struct PaidAfterExpiryTests {
    let monday = Fixture.day(3)
    let tuesday = Fixture.day(4)

    private func expired() throws -> Ledger {
        var ledger = try Ledger()
        try ledger.click(.init(.tier(.pro), reference: "job-1"), by: "ann", at: monday)
        let opening = Upgrade.Opening("checkout_1", url: "https://example.com/pay", expiresAt: tuesday)
        let open = try ledger.advance(.reference("job-1"), .checkoutOpened(opening), at: monday)
        #expect(open.stage == .checkout && open.expiresAt == tuesday)
        #expect(ledger.account.dueAt.map { $0 <= tuesday } ?? false, "somebody has to look by then")
        return ledger
    }

    @Test func `paid after the attempt expired`() throws {
        var ledger = try expired()

        // At the very instant it can no longer be paid; nobody has to say so.
        #expect(try ledger.overview(at: tuesday - .tick).upgrade(.reference("job-1"))?.stage == .checkout)
        #expect(try ledger.overview(at: tuesday).upgrade(.reference("job-1"))?.stage == .expired)
        try ledger.send(Account.Command(.settle), at: tuesday)
        let attempt = try #require(ledger.upgrade("job-1"))
        #expect(attempt.stage == .expired && attempt.expiredAt == tuesday && attempt.checkoutURL == nil)
        #expect(ledger.steps == [.started, .clicked, .checkoutOpened, .expired])

        // The provider says so too, which is nothing new.
        let late = tuesday + .minutes(1)
        try ledger.take(
            Fixture.checkout(at: monday, version: late, isExpired: true, reference: "job-1"),
            at: late
        )
        #expect(ledger.upgrade("job-1")?.stage == .expired)
        #expect(ledger.upgrade("job-1")?.expiredAt == tuesday)

        // Then the money comes in all the same.
        try ledger.take(Fixture.order(at: late, checkout: "checkout_1", reference: "job-1"), at: late + .minutes(1))
        let paid = try #require(ledger.upgrade("job-1"))
        #expect(paid.stage == .completed && paid.order == "order_1" && paid.completedAt == late)
        #expect(ledger.steps.last == .completed)

        // And no word of the checkout's end that comes after it takes that away.
        try ledger.take(
            Fixture.checkout(at: monday, version: late + .hours(1), isExpired: true, reference: "job-1"),
            at: late + .hours(1)
        )
        #expect(ledger.upgrade("job-1")?.stage == .completed)
    }

    @Test func `she had begun anew meanwhile, and the old checkout's payment is not lost behind the new one`() throws {
        var ledger = try expired()
        let again = tuesday + .hours(1)
        #expect(try ledger.click(.init(.tier(.pro), reference: "job-1"), by: "ann", at: again).stage == .clicked)
        let newer = Upgrade.Opening("checkout_2", expiresAt: again + .days(1))
        #expect(try ledger.advance(.reference("job-1"), .checkoutOpened(newer), at: again).stage == .checkout)

        // The order names its checkout and nothing else; the checkout was superseded an hour ago.
        try ledger.take(Fixture.order(tier: nil, at: tuesday, checkout: "checkout_1"), at: again + .minutes(1))
        let paid = try #require(ledger.upgrade("job-1"))
        #expect(ledger.account.upgrades.count == 1)
        #expect(paid.stage == .completed && paid.checkout == "checkout_1" && paid.order == "order_1")
        #expect(
            ledger.account.upgrade(checkout: "checkout_2")?.key == .reference("job-1"),
            "the newer one is known too"
        )
    }
}
