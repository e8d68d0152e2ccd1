import BillingModel
import Testing

@Suite struct UpgradeTests {
    let now = Fixture.day(3)
    let later = Fixture.day(3) + .hours(1)

    /// Returns the only attempt, which has to be there.
    private func attempt(in ledger: Ledger) throws -> Upgrade {
        #expect(ledger.account.upgrades.count == 1)
        return try #require(ledger.account.upgrades.first)
    }

    @Test func `a customer without an attempt has none`() throws {
        #expect(try Ledger().overview(at: now).upgrades == [])
    }

    @Test func `an attempt goes from the click over the checkout to the money`() throws {
        var ledger = try Ledger()
        let clicked = try ledger.startUpgrade(reference: "job-1", by: "ann", at: now)
        #expect(clicked.stage == .clicked && clicked.clickedAt == now && clicked.startedBy == "ann")
        #expect(clicked.tier == .pro && clicked.cycle == .month && clicked.reference == "job-1")
        try ledger.take(Fixture.checkout(at: later, reference: "job-1"), at: later)
        #expect(try attempt(in: ledger).stage == .checkout)
        #expect(try attempt(in: ledger).checkout == "checkout_1")
        #expect(try attempt(in: ledger).checkoutAt == later)
        try ledger.take(Fixture.order(at: later, checkout: "checkout_1", reference: "job-1"), at: later)
        let completed = try attempt(in: ledger)
        #expect(completed.stage == .completed && completed.order == "order_1" && completed.completedAt == later)
        #expect(completed.clickedAt == now && completed.checkoutAt == later)
        #expect(try ledger.overview(at: later).upgrades == [completed])
    }

    @Test func `stages are in order`() {
        #expect(
            Upgrade.Stage.allCases.sorted() == [.locked, .clicked, .checkout, .cancelled, .expired, .completed]
        )
    }

    @Test func `a second click is the same attempt, and one of the same instant changes nothing`() throws {
        var ledger = try Ledger()
        let first = try ledger.startUpgrade(reference: "job-1", by: "ann", at: now)
        #expect(try ledger.startUpgrade(reference: "job-1", by: "bob", at: now) == first)
        #expect(ledger.journal.count == 1)
        let second = try ledger.startUpgrade(reference: "job-1", by: "bob", at: later)
        #expect(second.clickedAt == now && second.startedBy == "ann" && second.wish?.at == later)
        try ledger.take(Fixture.checkout(at: later, reference: "job-1"), at: later)
        #expect(try ledger.startUpgrade(reference: "job-1", at: later + .hours(1)).stage == .checkout)
        #expect(ledger.account.upgrades.count == 1)
    }

    @Test func `what was asked for last is what is to be bought, and how`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(to: .pro, reference: "job-1", at: now)
        let again = Account.Command.UpgradeRequest(
            .tier(.enterprise),
            cycle: .year,
            reference: "job-1",
            promoCode: "SAVE10"
        )
        try ledger.send(Account.Command(.startUpgrade(again)), at: later)
        let attempt = try attempt(in: ledger)
        #expect(attempt.tier == .enterprise && attempt.cycle == .year && attempt.promoCode == "SAVE10")
        #expect(attempt.clickedAt == now)
    }

    // MARK: Completed beats everything

    @Test func `what is paid stays paid`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.order(at: now, checkout: "checkout_1", reference: "job-1"), at: now)
        let clicked = try ledger.startUpgrade(reference: "job-1", at: later)
        #expect(clicked.stage == .completed && clicked.clickedAt == later)
        for checkout in [
            Fixture.checkout(at: now, reference: "job-1"),
            Fixture.checkout(at: now, version: later, isExpired: true, reference: "job-1"),
            Fixture.checkout("checkout_2", at: later, reference: "job-1"),
            Fixture.checkout("checkout_2", at: later, version: later + .hours(1), isExpired: true, reference: "job-1"),
        ] {
            try ledger.take(checkout, at: later)
            let attempt = try attempt(in: ledger)
            #expect(attempt.stage == .completed && attempt.order == "order_1" && attempt.checkout == "checkout_1")
        }
    }

    @Test func `money completes what had expired`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(reference: "job-1", at: now)
        try ledger.take(Fixture.checkout(at: now, version: later, isExpired: true, reference: "job-1"), at: later)
        #expect(try attempt(in: ledger).stage == .expired)
        try ledger.take(Fixture.order(at: later, checkout: "checkout_1", reference: "job-1"), at: later)
        #expect(try attempt(in: ledger).stage == .completed)
    }

    @Test(arguments: [false, true])
    func `of two orders the earlier one completed the attempt`(isReversed: Bool) throws {
        var ledger = try Ledger()
        var orders = [
            try Fixture.order("order_1", at: now, reference: "job-1"),
            try Fixture.order("order_2", at: later, reference: "job-1"),
        ]
        if isReversed { orders.reverse() }
        for order in orders { try ledger.take(order, at: later) }
        #expect(try attempt(in: ledger).order == "order_1")
        #expect(try attempt(in: ledger).completedAt == now)
    }

    @Test func `the checkout of a completed attempt is its order's, whenever word of others comes`() throws {
        let old = Fixture.checkout("checkout_1", at: now, reference: "job-1")
        let new = Fixture.checkout("checkout_2", at: later, reference: "job-1")
        for checkout in [nil, "checkout_1", "checkout_2"] as [String?] {
            let order = try Fixture.order(at: later, checkout: checkout, reference: "job-1")
            for words in [[old, new], [new, old]] {
                for place in 0...2 {
                    var ledger = try Ledger()
                    for (index, word) in words.enumerated() {
                        if index == place { try ledger.take(order, at: later) }
                        try ledger.take(word, at: later)
                    }
                    if place == 2 { try ledger.take(order, at: later) }
                    #expect(try attempt(in: ledger).checkout == checkout)
                    #expect(try attempt(in: ledger).stage == .completed)
                }
            }
        }
    }

    @Test(arguments: [false, true])
    func `the earlier order's checkout counts, also when it has none`(isReversed: Bool) throws {
        var ledger = try Ledger()
        var orders = [
            try Fixture.order("order_1", at: now, reference: "job-1"),
            try Fixture.order("order_2", at: later, checkout: "checkout_2", reference: "job-1"),
        ]
        if isReversed { orders.reverse() }
        for order in orders { try ledger.take(order, at: later) }
        #expect(try attempt(in: ledger).checkout == nil)
        #expect(try attempt(in: ledger).order == "order_1")
    }

    // MARK: Only money, only a purchase

    @Test func `an order that is not paid completes nothing`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(at: now)
        try ledger.take(Fixture.order(at: now, isPaid: false), at: now)
        #expect(try attempt(in: ledger).stage == .clicked)
        try ledger.take(Fixture.order(at: now, version: later), at: later)
        #expect(try attempt(in: ledger).stage == .completed)
    }

    @Test(arguments: [0, -100] as [Int64])
    func `an order of no money completes nothing`(total: Int64) throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(at: now)
        try ledger.take(Fixture.order(at: now, total: total), at: now)
        #expect(try attempt(in: ledger).stage == .clicked)
    }

    @Test func `a renewal completes nothing`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(at: now)
        try ledger.take(Fixture.order(at: now, purpose: .renewal), at: now)
        #expect(try attempt(in: ledger).stage == .clicked)
    }

    @Test func `a subscription without an order completes nothing`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(at: now)
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(3, 34)), at: now)
        #expect(try attempt(in: ledger).stage == .clicked)
    }

    // MARK: Found again

    @Test func `an attempt is found by its reference`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(to: .enterprise, reference: "job-1", at: now)
        try ledger.startUpgrade(to: .pro, at: now)
        try ledger.take(Fixture.order(tier: .pro, at: later, reference: "job-1"), at: later)
        let stages = ledger.account.upgrades.map { ($0.reference, $0.stage) }
        #expect(stages.first { $0.0 == "job-1" }?.1 == .completed)
        #expect(stages.first { $0.0 == nil }?.1 == .clicked)
    }

    @Test func `an attempt is found by its checkout`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(reference: "job-1", at: now)
        try ledger.startUpgrade(at: now)
        try ledger.take(Fixture.checkout(at: now, reference: "job-1"), at: now)
        try ledger.take(Fixture.checkout(at: now, version: later, isExpired: true), at: later)
        #expect(ledger.account.upgrades.first { $0.reference == "job-1" }?.stage == .expired)
        try ledger.take(Fixture.order(tier: nil, at: later, checkout: "checkout_1"), at: later)
        #expect(ledger.account.upgrades.first { $0.reference == "job-1" }?.stage == .completed)
        #expect(ledger.account.upgrades.first { $0.reference == nil }?.stage == .clicked)
    }

    @Test func `an attempt without a reference is found by its tier`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(to: .pro, at: now)
        try ledger.startUpgrade(to: .enterprise, at: now)
        try ledger.take(Fixture.order(tier: .pro, at: later), at: later)
        #expect(ledger.account.upgrades.first { $0.tier == .pro }?.stage == .completed)
        #expect(ledger.account.upgrades.first { $0.tier == .enterprise }?.stage == .clicked)
    }

    @Test func `the provider's word without a click makes an attempt of its own`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.checkout(at: now, reference: "job-1"), at: now)
        #expect(try attempt(in: ledger).clickedAt == nil)
        #expect(try attempt(in: ledger).stage == .checkout)
        #expect(try ledger.startUpgrade(reference: "job-1", at: later).stage == .checkout, "and the click joins it")
        #expect(try attempt(in: ledger).clickedAt == later)
    }

    @Test func `an order that nothing leads from makes no attempt`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.order(tier: nil, at: now), at: now)
        #expect(ledger.account.upgrades == [])
    }

    @Test func `an order of which only the checkout is known waits for word of it`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.order(tier: nil, at: now, checkout: "checkout_9"), at: now)
        #expect(try attempt(in: ledger).key == .checkout("checkout_9"))
        #expect(try attempt(in: ledger).stage == .completed && attempt(in: ledger).target == nil)
        try ledger.startUpgrade(reference: "job-1", at: later)
        try ledger.take(Fixture.checkout("checkout_9", at: now, reference: "job-1"), at: later)
        #expect(try attempt(in: ledger).reference == "job-1", "and the other one is gone")
        #expect(try attempt(in: ledger).stage == .completed && attempt(in: ledger).order == "order_1")
    }

    @Test func `attempts for two references live side by side`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(reference: "job-1", at: now)
        try ledger.startUpgrade(reference: "job-2", at: later)
        try ledger.take(Fixture.checkout("c2", at: later, reference: "job-2"), at: later)
        try ledger.take(Fixture.order(at: later, reference: "job-1"), at: later)
        #expect(ledger.account.upgrades.map(\.reference) == ["job-1", "job-2"], "oldest first")
        #expect(ledger.account.upgrades.map(\.stage) == [.completed, .checkout])
    }

    // MARK: Expired

    @Test func `an expired attempt begins anew`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(to: .pro, reference: "job-1", at: now)
        try ledger.take(Fixture.checkout(at: now, reference: "job-1"), at: now)
        try ledger.take(Fixture.checkout(at: now, version: later, isExpired: true, reference: "job-1"), at: later)
        let again = try ledger.startUpgrade(to: .enterprise, reference: "job-1", at: later + .hours(1))
        #expect(again.stage == .clicked && again.tier == .enterprise && again.wish?.at == later + .hours(1))
        try ledger.take(Fixture.checkout(at: now, reference: "job-1"), at: later + .hours(1))
        #expect(try attempt(in: ledger).stage == .clicked, "old word of the old checkout is no new one")
        try ledger.take(
            Fixture.checkout("checkout_2", tier: .enterprise, at: later + .hours(2), reference: "job-1"),
            at: later + .hours(2)
        )
        #expect(try attempt(in: ledger).stage == .checkout)
        #expect(try attempt(in: ledger).checkout == "checkout_2")
    }

    @Test func `word of an older checkout does not touch a newer one`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.checkout("checkout_2", at: later, reference: "job-1"), at: later)
        let old = Fixture.checkout("checkout_1", at: now, version: later, isExpired: true, reference: "job-1")
        try ledger.take(old, at: later)
        #expect(try attempt(in: ledger).stage == .checkout)
        #expect(try attempt(in: ledger).checkout == "checkout_2")
    }

    @Test func `of two words of one version about a checkout the first counts`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.checkout(at: now, reference: "job-1"), at: now)
        let other = Fixture.checkout(at: now, isExpired: true, reference: "job-1")
        #expect(try ledger.take(other, at: later) == .stale)
        #expect(try attempt(in: ledger).stage == .checkout)
    }

    // MARK: Refusals

    @Test func `an unknown tier cannot be bought`() throws {
        var ledger = try Ledger()
        #expect(code { try ledger.startUpgrade(to: .team, at: now) } == .unknownTier)
    }

    @Test func `the attempts of an account are bounded`() throws {
        let upgrades = (0..<Account.maximumSubscriptions).map { number in
            Upgrade(
                key: .reference("job-\(number)"),
                stage: .checkout,
                acts: [Upgrade.Act(.clicked, at: now)],
                checkouts: [Upgrade.Checkout(id: "checkout-\(number)", openedAt: now)]
            )
        }
        let account = Account(
            customer: "acme",
            revision: 1,
            instant: now,
            anchor: now,
            standing: Account.Standing(tier: .free, catalog: 1, until: nil),
            periods: [],
            grants: [],
            holds: [],
            subscriptions: [],
            upgrades: upgrades
        )
        func start(_ reference: String) -> Account.DecisionError.Code? {
            let wish = Account.Command.UpgradeRequest(tier: .pro, cycle: nil, reference: reference)
            return code { try account.decide(Account.Command(.startUpgrade(wish)), at: now, in: Fixture.catalog()) }
        }
        #expect(start("one more") == .tooMany)
        #expect(start("job-7") == nil)
    }

    @Test func `a key of an attempt that was used gives the attempt as it stands`() throws {
        var ledger = try Ledger()
        let wish = Account.Command.UpgradeRequest(tier: .pro, cycle: nil, reference: "job-1")
        let command = Account.Command(.startUpgrade(wish), key: "click")
        try ledger.send(command, at: now)
        try ledger.take(Fixture.checkout(at: now, version: later, isExpired: true, reference: "job-1"), at: later)
        let decision = try ledger.send(command, at: later)
        #expect(decision.answer == .upgrade(try attempt(in: ledger)))
        #expect(decision.change == nil, "it was clicked once")
    }
}
