import BillingModel
import Testing

/// Ann has two tabs open.
///
/// Each is stuck at a job that her tier does not let through, and each offers Pro.
///
/// She opens a checkout in both and pays in the first. What she bought is one thing, and it opens both jobs; what she was
/// about to buy is two, and only one of them was paid.
@Suite struct BoughtInAnotherTabTests {
    let start = Fixture.day(3)

    @Test func `bought in tab A while tab B is open for another job`() throws {
        var ledger = try Ledger()
        try ledger.consume(10, at: start)

        // Both tabs ask for a document more and show a paywall.
        let denial = try #require(try ledger.consume(1, at: start).denial)
        let (inA, inB) = (
            Account.Command.UpgradeRequest(.tier(.pro), cycle: .month, reference: "job-A", denial: denial),
            Account.Command.UpgradeRequest(.tier(.pro), cycle: .month, reference: "job-B", denial: denial)
        )
        try ledger.lock(inA, by: "ann", at: start + .minutes(1))
        try ledger.lock(inB, by: "ann", at: start + .minutes(2))
        #expect(ledger.account.upgrades.map(\.stage) == [.locked, .locked])

        // She asks for Pro in both, and each tab gets a checkout of its own.
        try ledger.click(inA, by: "ann", at: start + .minutes(3))
        try ledger.click(inB, by: "ann", at: start + .minutes(4))
        let urlOfB = "https://example.com/pay/B"
        try ledger.advance(.reference("job-A"), .checkoutOpened(.init("checkout-A")), at: start + .minutes(5))
        try ledger.advance(
            .reference("job-B"),
            .checkoutOpened(.init("checkout-B", url: urlOfB)),
            at: start + .minutes(6)
        )

        // She pays in tab A. The provider tells of it in four deliveries.
        let paidAt = start + .minutes(7)
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(3, 33), at: paidAt), at: paidAt)
        try ledger.take(Fixture.order(at: paidAt, checkout: "checkout-A", reference: "job-A"), at: paidAt)
        try ledger.take(
            Fixture.checkout("checkout-A", at: start + .minutes(5), version: paidAt, reference: "job-A"),
            at: paidAt
        )
        try ledger.take(Fixture.checkout("checkout-B", at: start + .minutes(6), reference: "job-B"), at: paidAt)

        // Only the attempt in tab A is completed; tab B still has its page to pay.
        let (a, b) = (try #require(ledger.upgrade("job-A")), try #require(ledger.upgrade("job-B")))
        #expect(a.stage == .completed && a.order == "order_1")
        #expect(b.stage == .checkout && b.order == nil && b.checkoutURL == urlOfB)

        // But what was bought is hers in every tab: the job of tab B goes through without another payment.
        #expect(try ledger.consume(1, at: paidAt + .minutes(1)).isApplied)

        // Tab B notices, and lets its attempt go. Nothing of tab A changes by that.
        try ledger.advance(.reference("job-B"), .cancelled, by: "ann", at: paidAt + .minutes(2))
        #expect(ledger.upgrade("job-B")?.stage == .cancelled)
        #expect(ledger.upgrade("job-A") == a)
        #expect(a.denial?.meter == .documents && a.denial?.requested == 1, "and it is known what sold Pro")
    }

    @Test func `and if she pays in both, both payments are there to see`() throws {
        var ledger = try Ledger()
        for (minute, tab) in [(1 as Int64, "A"), (2, "B")] {
            let now = start + .minutes(minute)
            try ledger.click(.init(.tier(.pro), reference: "job-\(tab)"), at: now)
            try ledger.advance(.reference("job-\(tab)"), .checkoutOpened(.init("checkout-\(tab)")), at: now)
        }
        for (minute, tab) in [(3 as Int64, "A"), (4, "B")] {
            let now = start + .minutes(minute)
            let order = try Fixture.order("order-\(tab)", at: now, checkout: "checkout-\(tab)", reference: "job-\(tab)")
            try ledger.take(order, at: now)
        }
        #expect(ledger.account.upgrades.map(\.stage) == [.completed, .completed])
        #expect(ledger.account.upgrades.map(\.order) == ["order-A", "order-B"])
        #expect(ledger.steps.count { $0 == .completed } == 2)
    }
}
