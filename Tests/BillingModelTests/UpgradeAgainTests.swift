import BillingModel
import Testing

/// What is bought without a reference can be bought again.
@Suite struct UpgradeAgainTests {
    let first = Fixture.day(3)
    let second = Fixture.day(10)
    private let key = Upgrade.Key.tier(.pro)
    private let again = Upgrade.Key.again(
        .tier(.pro),
        after: ProviderReference(provider: "polar", kind: .order, id: "order_1")
    )

    private func bought() throws -> Ledger {
        var ledger = try Ledger()
        try ledger.startUpgrade(at: first)
        try ledger.advance(key, .checkoutOpened(.init("chk_1")), at: first)
        try ledger.take(Fixture.order(tier: nil, at: first + .hours(1), checkout: "chk_1"), at: first + .hours(1))
        return ledger
    }

    @Test func `a click after the payment begins an attempt of its own, and the first stays completed`() throws {
        var ledger = try bought()
        let new = try ledger.startUpgrade(by: "bob", at: second)
        #expect(new.stage == .clicked && new.key == again && new.startedBy == "bob" && new.checkouts.isEmpty)
        #expect(ledger.account.upgrades.map(\.key) == [key, again])
        #expect(ledger.account.upgrade(key) == new, "whoever asks for the tier's gets the newest")
        let old = try #require(ledger.account.upgrade(checkout: "chk_1"))
        #expect(old.stage == .completed && old.clickedAt == first && old.startedBy == nil)
        #expect(ledger.steps == [.started, .clicked, .checkoutOpened, .completed, .started, .clicked])
        #expect(new.checkoutRequest(for: "acme")?.target == .tier(.pro), "and can be paid")
    }

    @Test func `its checkout and its order are its own`() throws {
        var ledger = try bought()
        try ledger.startUpgrade(at: second)
        // The host goes on with the key that it was given, or with the tier's; both are the newest.
        try ledger.advance(again, .checkoutOpened(.init("chk_2")), at: second)
        try ledger.advance(key, .checkoutOpened(.init("chk_3")), at: second + .minutes(1))
        try ledger.take(Fixture.order("order_2", at: second + .hours(1), checkout: "chk_3"), at: second + .hours(1))
        #expect(ledger.account.upgrades.map(\.order) == ["order_1", "order_2"])
        #expect(ledger.account.upgrades.map(\.stage) == [.completed, .completed])
        #expect(ledger.account.upgrade(checkout: "chk_2")?.key == again)
    }

    @Test func `late words of the first find the first`() throws {
        var ledger = try bought()
        try ledger.startUpgrade(at: second)
        let now = second + .hours(1)
        try ledger.take(Fixture.checkout("chk_1", at: first, version: first + .hours(2)), at: now)
        try ledger.advance(key, .successSeen, toldAt: first + .hours(1), at: now)
        try ledger.advance(key, .cancelled, toldAt: second - .tick, at: now)
        let (old, new) = (ledger.account.upgrades[0], ledger.account.upgrades[1])
        #expect(old.successSeenAt == first + .hours(1) && old.cancelledAt == second - .tick && old.stage == .completed)
        #expect(new.stage == .clicked && new.successSeenAt == nil && new.cancelledAt == nil)
        #expect(ledger.account.upgrades.count == 2)
    }

    @Test func `a payment that is told late ends the attempt that it was made in`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(by: "ann", at: first)
        #expect(try ledger.startUpgrade(by: "bob", at: second).clickedAt == first, "one attempt, as far as is known")
        try ledger.take(Fixture.order(at: first + .hours(1)), at: second + .hours(1))
        #expect(ledger.account.upgrades.map(\.stage) == [.completed, .clicked])
        #expect(ledger.account.upgrades.map(\.startedBy) == ["ann", "bob"])
        #expect(ledger.account.upgrades.map(\.clickedAt) == [first, second])
        // And one more, from before them all.
        try ledger.take(Fixture.order("order_0", at: first - .hours(1)), at: second + .hours(2))
        #expect(ledger.account.upgrades.map(\.order) == ["order_0", "order_1", nil])
        #expect(ledger.account.upgrades.map(\.key).first == key)
    }

    @Test func `another checkout that was open when the first one was paid is the first attempt's`() throws {
        var ledger = try bought()
        try ledger.take(Fixture.checkout("chk_2", at: first), at: second)
        try ledger.take(Fixture.order("order_2", at: second, checkout: "chk_2"), at: second)
        #expect(ledger.account.upgrades.map(\.order) == ["order_1"], "paid twice, and bought once")
    }

    @Test func `what hosts were told of one round is not of the next, which is told of when its own time has come`()
        throws
    {
        func told(_ ledger: Ledger) -> [Upgrade.Key] {
            ledger.notices.compactMap { if case .upgradeAbandoned(let key) = $0 { key } else { nil } }
        }
        var ledger = try Ledger()
        try ledger.startUpgrade(at: first)
        try ledger.send(Account.Command(.settle), at: first + .days(2))
        #expect(told(ledger) == [key])
        try ledger.startUpgrade(at: second)
        // Only now it turns out that the first one was paid.
        try ledger.take(Fixture.order(at: first + .days(3)), at: second + .hours(1))
        #expect(ledger.account.upgrades.map(\.key) == [key, again])
        #expect(ledger.account.upgrades.map(\.abandonedAt) == [first + .days(1), nil])
        try ledger.send(Account.Command(.settle), at: second + .days(1) - .tick)
        #expect(told(ledger) == [key])
        try ledger.send(Account.Command(.settle), at: second + .days(1))
        #expect(told(ledger) == [key, again])
        #expect(ledger.account.upgrades.map(\.abandonedAt) == [first + .days(1), second + .days(1)])
    }

    @Test func `what hosts were told of the round that now is the next stays with that, and is told once`() throws {
        var ledger = try Ledger()
        let second = first + .hours(12)
        try ledger.startUpgrade(at: first)
        try ledger.startUpgrade(at: second)
        try ledger.send(Account.Command(.settle), at: second + .days(1))
        try ledger.take(Fixture.order(at: first + .hours(1)), at: second + .days(2))
        #expect(ledger.account.upgrades.map(\.abandonedAt) == [nil, second + .days(1)])
        try ledger.send(Account.Command(.settle), at: second + .days(90))
        #expect(ledger.notices.count { if case .upgradeAbandoned = $0 { true } else { false } } == 1)
    }

    @Test func `a reference stands for one attempt for ever`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(reference: "job-1", at: first)
        try ledger.take(Fixture.order(at: first, reference: "job-1"), at: first)
        #expect(try ledger.startUpgrade(reference: "job-1", at: second).stage == .completed)
        #expect(ledger.account.upgrades.count == 1)
    }

    @Test func `a key of a later attempt is told from a reference by its kind, and read back`() {
        #expect(again.description == "tier_again 'polar order_1 pro'")
        #expect(again != .reference("polar order_1 pro"))
        let order = ProviderReference(provider: "polar", kind: .order, id: "order_1")
        #expect(again == .again(.tier(.pro), after: order) && again != .again(.pack(Pack.ID("pro")), after: order))
    }

    // MARK: The journal

    @Test func `clicks and cancellations that come after the money are written down as what they are`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(reference: "job-1", at: first)
        try ledger.take(Fixture.order(at: first, reference: "job-1"), at: first)
        #expect(ledger.steps == [.started, .clicked, .completed])
        try ledger.startUpgrade(reference: "job-1", at: second)
        try ledger.advance(.reference("job-1"), .cancelled, at: second)
        #expect(ledger.upgrade("job-1")?.stage == .completed)
        #expect(ledger.steps.suffix(2) == [.noted, .noted])
    }

    @Test func `a cancellation that is told late and ends nothing is no cancellation in the journal`() throws {
        var ledger = try Ledger()
        try ledger.startUpgrade(reference: "job-1", at: first)
        try ledger.advance(.reference("job-1"), .cancelled, toldAt: first - .hours(1), at: first)
        #expect(ledger.upgrade("job-1")?.stage == .clicked && ledger.steps.last == .noted)
        try ledger.advance(.reference("job-1"), .cancelled, at: second)
        #expect(ledger.steps.last == .cancelled)
    }

    // MARK: Room

    @Test func `what time has ended makes room before anything that goes on`() throws {
        let count = Account.maximumSubscriptions
        let upgrades = (0..<count).map { number in
            // The oldest goes on, and all but it can be paid no more, which nobody has looked at yet.
            Upgrade(
                key: .reference("job-\(number)"),
                stage: number == 0 ? .clicked : .checkout,
                acts: number == 0 ? [Upgrade.Act(.clicked, at: first - .hours(1))] : [],
                checkouts: number == 0
                    ? [] : [.init(id: "chk_\(number)", openedAt: first, expiresAt: first + .hours(1))]
            )
        }
        let account = Account(
            customer: "acme",
            revision: 1,
            instant: first,
            anchor: first,
            standing: Account.Standing(tier: .free, catalog: 1, until: nil),
            upgrades: upgrades
        )
        let order = ProviderSnapshot(provider: "polar", order: try Fixture.order(at: second, reference: "one more"))
        let decision = try account.decide(Account.Command(.take(order)), at: second, in: Fixture.catalog())
        var after = account
        #expect(after.apply(try #require(decision.change)))
        #expect(after.upgrade(.reference("one more"))?.stage == .completed, "what was paid is noted")
        #expect(after.upgrade(.reference("job-0"))?.stage == .clicked, "and what goes on is kept")
        #expect(after.upgrades.count == count)
    }
}
