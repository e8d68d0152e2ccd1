import BillingModel
import Testing

/// Ann pays and closes the browser before the success page, or opens that page without having paid.
///
/// The page is no proof of anything, either way: what she has follows from what the provider says.
@Suite struct ClosedBrowserTests {
    let start = Fixture.day(3)

    private func opened() throws -> Ledger {
        var ledger = try Ledger()
        try ledger.consume(10, at: start)
        try ledger.click(.init(.tier(.pro), reference: "job-1"), by: "ann", at: start)
        try ledger.advance(.reference("job-1"), .checkoutOpened(.init("checkout_1")), at: start)
        return ledger
    }

    private func pay(_ ledger: inout Ledger, at now: Timestamp) throws {
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(3, 33), at: now), at: now)
        try ledger.take(Fixture.order(at: now, checkout: "checkout_1", reference: "job-1"), at: now)
    }

    @Test func `closed the browser before the success page`() throws {
        var ledger = try opened()
        let paidAt = start + .minutes(5)
        try pay(&ledger, at: paidAt)

        // Nobody has seen a success page, and nothing is missing for that.
        let attempt = try #require(ledger.upgrade("job-1"))
        #expect(attempt.stage == .completed && attempt.successSeenAt == nil)
        #expect(try ledger.consume(1, at: paidAt).isApplied)

        // Two days later she finds the tab, and the page is seen after all. That is noted, and changes nothing else.
        let seen = try ledger.advance(.reference("job-1"), .successSeen, at: start + .days(2))
        #expect(seen.stage == .completed && seen.successSeenAt == start + .days(2))
        #expect(seen.completedAt == paidAt)
    }

    @Test func `a success page without a payment opens nothing`() throws {
        var ledger = try opened()
        let seen = try ledger.advance(.reference("job-1"), .successSeen, at: start + .minutes(1))
        #expect(seen.stage == .checkout && seen.successSeenAt == start + .minutes(1))
        #expect(try ledger.consume(1, at: start + .minutes(2)).denial != nil)
        #expect(try ledger.overview(at: start + .minutes(2)).tier.id == .free)
        #expect(!ledger.steps.contains(.completed))

        // The payment that was under way arrives, and only now there is something to show.
        try pay(&ledger, at: start + .minutes(3))
        #expect(ledger.upgrade("job-1")?.stage == .completed)
        #expect(ledger.upgrade("job-1")?.successSeenAt == start + .minutes(1))
        #expect(try ledger.consume(1, at: start + .minutes(4)).isApplied)
    }
}
