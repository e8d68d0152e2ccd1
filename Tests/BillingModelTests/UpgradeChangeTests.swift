import BillingModel
import Testing

/// A running subscription is changed to another tier: the provider's order for it completes who asked for that tier.
@Suite struct UpgradeChangeTests {
    let now = Fixture.day(3)
    let later = Fixture.day(4)

    private func change(
        _ id: String = "order_2",
        to tier: Tier.ID? = .enterprise,
        at instant: Timestamp? = nil,
        total: Int64 = 2_900,
        checkout: String? = nil,
        reference: String? = nil
    ) throws -> Account.Order {
        try Fixture.order(
            id,
            tier: tier,
            at: instant ?? later,
            purpose: .change,
            total: total,
            checkout: checkout,
            reference: reference
        )
    }

    private var report: SubscriptionSnapshot {
        Fixture.subscription(.enterprise, period: Fixture.days(0, 31), at: later)
    }

    @Test func `the order for a change completes the attempt for its tier, before or after the subscription's report`()
        throws
    {
        for words in [[true, false], [false, true], [true, false, true], [false, true, true, false]] {
            var ledger = try Ledger()
            try ledger.startUpgrade(to: .enterprise, at: now)
            for isOrder in words {
                if isOrder {
                    try ledger.take(change(), at: later)
                } else {
                    try ledger.take(report, at: later)
                }
            }
            let attempt = try #require(ledger.account.upgrade(.tier(.enterprise)))
            #expect(attempt.stage == .completed && attempt.order == "order_2" && attempt.completedAt == later)
            #expect(attempt.checkout == nil && ledger.account.upgrades.count == 1)
            #expect(ledger.steps.count { $0 == .completed } == 1)
        }
    }

    @Test func `a reference that names the checkout which the subscription once came from does not hide who asked`()
        throws
    {
        for isChangeFirst in [false, true] {
            var ledger = try Ledger()
            try ledger.startUpgrade(to: .pro, reference: "job-1", at: now)
            let purchase = try Fixture.order(at: now, checkout: "checkout_1", reference: "job-1")
            if !isChangeFirst { try ledger.take(purchase, at: now) }
            try ledger.startUpgrade(to: .enterprise, reference: "job-2", at: now + .hours(1))
            try ledger.take(change(reference: "job-1"), at: later)
            if isChangeFirst { try ledger.take(purchase, at: later) }
            #expect(ledger.upgrade("job-1")?.order == "order_1")
            #expect(ledger.upgrade("job-2")?.order == "order_2" && ledger.upgrade("job-2")?.stage == .completed)
            #expect(ledger.account.upgrades.count == 2)
        }
    }

    @Test func `a reference that names the attempt itself counts, and completes no other`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(to: .enterprise, reference: "job-1", at: now)
        try ledger.startUpgrade(to: .enterprise, reference: "job-2", at: now)
        try ledger.take(change(reference: "job-2"), at: later)
        #expect(ledger.upgrade("job-1")?.stage == .clicked)
        #expect(ledger.upgrade("job-2")?.stage == .completed)
    }

    @Test func `a checkout that the change was paid by counts for more than a tier`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(to: .enterprise, reference: "job-1", at: now)
        try ledger.startUpgrade(to: .enterprise, at: now)
        try ledger.advance(.reference("job-1"), .checkoutOpened(.init("chk_1")), at: now)
        try ledger.take(change(checkout: "chk_1"), at: later)
        #expect(ledger.upgrade("job-1")?.stage == .completed && ledger.upgrade("job-1")?.checkout == "chk_1")
        #expect(ledger.account.upgrade(.tier(.enterprise))?.stage == .clicked)
    }

    @Test func `it completes nobody who asked later, or for something else`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(to: .pro, reference: "job-1", at: now)
        try ledger.lock(.init(.tier(.enterprise), reference: "job-2"), at: now)
        try ledger.take(change(), at: later)
        try ledger.startUpgrade(to: .enterprise, reference: "job-3", at: later + .tick)
        #expect(ledger.upgrade("job-1")?.stage == .clicked && ledger.upgrade("job-2")?.stage == .locked)
        #expect(ledger.upgrade("job-3")?.stage == .clicked)
        #expect(ledger.account.upgrade(.tier(.enterprise))?.stage == .completed, "the money is an attempt of its own")
    }

    @Test func `a click that is told late is completed, and what the money had waited under is gone`() throws {
        var ledger = try Ledger()
        try ledger.take(change(), at: later)
        #expect(ledger.account.upgrades.map(\.key) == [.tier(.enterprise)])
        let request = Account.Command.UpgradeRequest(.tier(.enterprise), reference: "job-1", at: now)
        #expect(try ledger.click(request, at: later + .hours(1)).stage == .completed)
        #expect(ledger.account.upgrades.map(\.key) == [.reference("job-1")])
    }

    @Test func `a renewal, and a change that costs nothing, complete nothing`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(to: .enterprise, at: now)
        try ledger.take(Fixture.order(tier: .enterprise, at: later, purpose: .renewal), at: later)
        try ledger.take(change(total: 0), at: later)
        try ledger.take(change("order_3", total: -100), at: later)
        #expect(ledger.account.upgrade(.tier(.enterprise))?.stage == .clicked)
    }

    @Test func `each of several changes completes the attempt of its time`() throws {
        for order in [[0, 1], [1, 0], [1, 0, 1, 0]] {
            var ledger = try Ledger()
            try ledger.startUpgrade(to: .enterprise, reference: "job-1", at: now)
            try ledger.startUpgrade(to: .enterprise, reference: "job-2", at: later + .hours(1))
            let changes = [try change(), try change("order_3", at: later + .hours(2))]
            for index in order { try ledger.take(changes[index], at: later + .hours(3)) }
            #expect(ledger.upgrade("job-1")?.order == "order_2")
            #expect(ledger.upgrade("job-2")?.order == "order_3")
        }
    }

    @Test func `a reference that nobody asked for it under does not hide who did`() throws {
        let old = try Fixture.order(at: now - .days(1), reference: "old-job")
        for isPurchaseTold in [false, true] {
            var ledger = try Ledger()
            try ledger.startUpgrade(to: .enterprise, reference: "job-9", at: now + .hours(1))
            try ledger.take(change(reference: "old-job"), at: later)
            if isPurchaseTold { try ledger.take(old, at: later + .hours(1)) }
            #expect(ledger.upgrade("job-9")?.order == "order_2" && ledger.upgrade("job-9")?.stage == .completed)
            #expect(ledger.upgrade("old-job")?.order == (isPurchaseTold ? "order_1" : "order_2"))
            try ledger.send(Account.Command(.settle), at: later + .days(90))
            #expect(ledger.notices.allSatisfy { if case .upgradeAbandoned = $0 { false } else { true } })
        }
    }

    @Test func `a reference whose attempt asked for it only later does not hide who asked before`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(to: .enterprise, reference: "job-9", at: now)
        try ledger.take(change(reference: "job-8"), at: later)
        try ledger.startUpgrade(to: .enterprise, reference: "job-8", at: later + .hours(1))
        #expect(ledger.upgrade("job-9")?.stage == .completed)
    }

    @Test func `it completes none that was cancelled, nor one whose click had expired`() throws {
        let key = Upgrade.Key.reference("job-1")
        for isTwice in [false, true] {
            var ledger = try Ledger()
            try ledger.startUpgrade(to: .enterprise, reference: "job-1", at: now)
            try ledger.advance(key, .cancelled, at: now + .hours(1))
            try ledger.startUpgrade(to: .enterprise, reference: "job-2", at: now + .hours(1))
            try ledger.take(change(), at: later)
            if isTwice { try ledger.advance(key, .cancelled, at: later + .hours(1)) }
            try ledger.advance(.reference("job-2"), .successSeen, at: later + .hours(2))
            #expect(ledger.upgrade("job-1")?.stage == .cancelled && ledger.upgrade("job-2")?.stage == .completed)
        }
        var ledger = try Ledger()
        try ledger.startUpgrade(to: .enterprise, reference: "job-1", at: now)
        let late = now + .days(30)  // what a click lasts
        try ledger.take(change(at: late), at: late)
        #expect(ledger.upgrade("job-1")?.stage == .expired)
        #expect(ledger.account.upgrade(.tier(.enterprise))?.stage == .completed)
    }

    @Test func `one that began anew after it was cancelled is completed`() throws {
        for isClicked in [false, true] {
            var ledger = try Ledger()
            try ledger.startUpgrade(to: .enterprise, reference: "job-1", at: now)
            try ledger.advance(.reference("job-1"), .cancelled, at: now + .hours(1))
            if isClicked {
                try ledger.startUpgrade(to: .enterprise, reference: "job-1", at: now + .hours(2))
            } else {
                try ledger.advance(.reference("job-1"), .checkoutOpened(.init("chk_1")), at: now + .hours(2))
            }
            try ledger.take(change(), at: later)
            #expect(ledger.upgrade("job-1")?.stage == .completed)
        }
    }
}
