import BillingModel
import Testing

/// A subscription begins with a trial or a free period of the provider's: its first payment completes the attempt that it
/// came from, whatever that payment was made for.
@Suite struct UpgradeFirstPaymentTests {
    let now = Fixture.day(3)
    private var paidAt: Timestamp { now + .days(14) }

    private func free(tier: Tier.ID? = .pro, checkout: String? = nil, reference: String? = nil) throws -> Account.Order
    {
        try Fixture.order(
            tier: tier,
            at: now,
            total: 0,
            subscription: "sub_1",
            checkout: checkout,
            reference: reference
        )
    }

    private func paid(
        _ id: String = "order_2",
        at instant: Timestamp? = nil,
        purpose: Account.Order.Purpose = .renewal,
        total: Int64 = 2_900,
        subscription: String = "sub_1"
    ) throws -> Account.Order {
        try Fixture.order(
            id,
            at: instant ?? paidAt,
            purpose: purpose,
            total: total,
            subscription: subscription
        )
    }

    @Test func `the first payment after an order of nothing completes what that named, whichever is told first`()
        throws
    {
        let words = [
            try free(checkout: "checkout_1", reference: "job-1"),
            try paid("order_0", at: now + .days(7), total: 0),
            try paid(),
            try paid("order_3", at: paidAt + .days(30)),
        ]
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [0, 3, 2, 1], [3, 0, 0, 2, 2], [3, 2, 3, 0]] {
            var ledger = try Ledger()
            try ledger.startUpgrade(to: .pro, reference: "job-1", at: now)
            for (hour, index) in order.enumerated() {
                try ledger.take(words[index], at: now + .days(60) + .hours(Int64(hour)))
            }
            let attempt = try #require(ledger.upgrade("job-1"))
            #expect(attempt.stage == .completed && attempt.order == "order_2" && attempt.completedAt == paidAt)
            #expect(attempt.checkout == "checkout_1" && attempt.tier == .pro)
            #expect(ledger.account.upgrades.count == 1)
            #expect(ledger.account.firstPurchaseAt == paidAt)
        }
    }

    @Test func `an order of nothing names its attempt by its checkout or its tier as well`() throws {
        for hasCheckout in [false, true] {
            var ledger = try Ledger()
            let reference = hasCheckout ? "job-1" : nil
            try ledger.startUpgrade(to: .pro, reference: reference, at: now)
            if hasCheckout { try ledger.advance(.reference("job-1"), .checkoutOpened(.init("checkout_1")), at: now) }
            try ledger.take(free(checkout: hasCheckout ? "checkout_1" : nil), at: now)
            #expect(ledger.account.upgrades.map(\.stage) != [.completed])
            try ledger.take(paid(), at: paidAt)
            #expect(ledger.account.upgrades.map(\.stage) == [.completed])
            #expect(ledger.account.upgrades.map(\.order) == ["order_2"])
        }
    }

    @Test func `a change that is paid in a trial completes who asked for it, and what began the trial`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(to: .pro, reference: "job-1", at: now)
        try ledger.take(free(reference: "job-1"), at: now)
        try ledger.startUpgrade(to: .enterprise, reference: "job-2", at: now + .days(1))
        let change = try Fixture.order(
            "order_2",
            tier: .enterprise,
            at: now + .days(2),
            purpose: .change,
            subscription: "sub_1",
            reference: "job-1"
        )
        try ledger.take(change, at: now + .days(2))
        #expect(ledger.upgrade("job-1")?.order == "order_2" && ledger.upgrade("job-1")?.tier == .pro)
        #expect(ledger.upgrade("job-2")?.order == "order_2")
    }

    @Test func `an order of nothing alone, and a payment for another subscription, complete nothing`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(to: .pro, reference: "job-1", at: now)
        try ledger.take(free(reference: "job-1"), at: now)
        try ledger.take(paid(subscription: "sub_2"), at: now)
        try ledger.take(paid("order_3", total: 0), at: paidAt)
        #expect(ledger.account.upgrades.map(\.stage) == [.clicked])
    }

    @Test func `a renewal of what was paid for from the start completes nothing`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(to: .pro, reference: "job-1", at: now)
        try ledger.take(paid("order_1", at: now, purpose: .purchase), at: now)
        try ledger.take(paid(), at: paidAt)
        #expect(ledger.upgrade("job-1")?.stage == .clicked)
    }
}
