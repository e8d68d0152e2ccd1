import BillingModel
import Testing

/// Changes that are set for later, pauses, seats, and subscriptions beside one another.
@Suite struct PendingChangeTests {
    let now = Fixture.day(3)
    let period = Fixture.days(0, 31)

    private func word(
        _ tier: Tier.ID,
        at version: Timestamp,
        quantity: Int64? = nil,
        to pending: Subscription.PendingChange? = nil
    ) -> SubscriptionSnapshot {
        Fixture.subscription(tier, period: period, at: version, quantity: quantity, pending: pending)
    }

    @Test func `a change to a lower tier is made at its instant, whether or not it is told`() throws {
        var ledger = try Ledger()
        let change = Subscription.PendingChange(tier: .pro, appliesAt: Fixture.day(31))
        try ledger.take(word(.enterprise, at: now, to: change), at: now)
        let before = try ledger.overview(at: Fixture.day(31) - .tick)
        #expect(before.tier.id == .enterprise && before.accessUntil == Fixture.day(31))
        let after = try ledger.overview(at: Fixture.day(31))
        #expect(after.tier.id == .pro && after.accessReason == .renewalExpected)
        #expect(after.accessUntil == Fixture.day(34), "the renewal itself is waited for as ever")
        try ledger.send(Account.Command(.settle), at: Fixture.day(31))
        #expect(ledger.notices.last == .tierChanged(from: .enterprise, to: .pro))
    }

    @Test func `a change to a higher tier waits for the payment`() throws {
        var ledger = try Ledger()
        let change = Subscription.PendingChange(tier: .enterprise, appliesAt: Fixture.day(31))
        try ledger.take(word(.pro, at: now, to: change), at: now)
        #expect(try ledger.overview(at: Fixture.day(32)).tier.id == .pro)
        let renewal = Fixture.subscription(.enterprise, period: Fixture.days(31, 59), at: Fixture.day(31))
        try ledger.take(renewal, at: Fixture.day(32))
        #expect(try ledger.overview(at: Fixture.day(32)).tier.id == .enterprise)
    }

    @Test func `of several changes the newest report's counts, in whatever order they come`() throws {
        let first = word(.enterprise, at: now, to: .init(tier: .free, appliesAt: Fixture.day(31)))
        let second = word(.enterprise, at: now + .hours(1), to: .init(tier: .pro, appliesAt: Fixture.day(31)))
        for words in [[first, second], [second, first]] {
            var ledger = try Ledger()
            for word in words { try ledger.take(word, at: now + .hours(2)) }
            #expect(try ledger.overview(at: Fixture.day(31)).tier.id == .pro)
            try ledger.take(word(.enterprise, at: now + .hours(3)), at: now + .hours(3))
            #expect(try ledger.overview(at: Fixture.day(31)).tier.id == .enterprise, "and none is one, too")
        }
    }

    @Test func `a change to a tier that is gone is dropped, and told once`() throws {
        var ledger = try Ledger()
        let change = Subscription.PendingChange(tier: .team, appliesAt: Fixture.day(31))
        try ledger.take(word(.enterprise, at: now, to: change), at: now)
        #expect(ledger.notices.filter { $0 == .changeDropped("sub_1", to: .team) }.count == 1)
        #expect(ledger.account.subscriptions.first?.snapshot.pending == nil)
        #expect(try ledger.overview(at: Fixture.day(32)).tier.id == .enterprise)
        #expect(try ledger.take(word(.enterprise, at: now, to: change), at: now) == .stale)
    }

    private func dropped(in ledger: Ledger) -> Int {
        ledger.notices.count { if case .changeDropped = $0 { true } else { false } }
    }

    @Test func `a change that is dropped is told of once, however often it is repeated`() throws {
        var ledger = try Ledger()
        var version = now
        func told(_ change: Subscription.PendingChange?) throws -> Int {
            version = version + .hours(1)
            try ledger.take(word(.enterprise, at: version, to: change), at: version)
            #expect(ledger.account.subscriptions.first?.snapshot.pending == nil)
            return dropped(in: ledger)
        }
        let change = Subscription.PendingChange(tier: .team, appliesAt: Fixture.day(31))
        #expect(try (0..<4).map { _ in try told(change) } == [1, 1, 1, 1])
        #expect(try told(nil) == 1)
        #expect(ledger.account.subscriptions.first?.dropped == nil)
        #expect(try told(change) == 2, "asked for once more, it is another one")
        #expect(try told(.init(tier: .team, appliesAt: Fixture.day(62))) == 3)
        #expect(try told(.init(tier: Tier.ID("gone"), appliesAt: Fixture.day(62))) == 4)
        #expect(try told(.init(tier: Tier.ID("gone"), appliesAt: Fixture.day(62))) == 4)
        ledger.audit.check(ledger.account)
    }

    @Test func `a change that a catalog drops is told of once, and made after all where the tier is sold again`() throws
    {
        var ledger = try Ledger()
        let change = Subscription.PendingChange(tier: .pro, appliesAt: Fixture.day(31))
        try ledger.take(word(.enterprise, at: now, to: change), at: now)
        let (first, free) = (ledger.catalog, Fixture.tiers.filter { $0.id != .pro })
        ledger.earlierCatalogs = [first]
        ledger.catalog = try Catalog(version: 2, meters: Fixture.meters, tiers: free, fallback: .free)
        try ledger.settle(at: now + .hours(1))
        try ledger.take(word(.enterprise, at: now + .hours(2), to: change), at: now + .hours(2))
        #expect(dropped(in: ledger) == 1)
        ledger.catalog = try Fixture.catalog(version: 3)
        try ledger.take(word(.enterprise, at: now + .hours(3), to: change), at: now + .hours(3))
        #expect(dropped(in: ledger) == 1)
        #expect(try ledger.overview(at: Fixture.day(31)).tier.id == .pro)
    }

    @Test func `a tier that is taken off sale before the change is made drops it then`() throws {
        var ledger = try Ledger()
        try ledger.take(
            word(.enterprise, at: now, to: .init(tier: .pro, appliesAt: Fixture.day(31))),
            at: now
        )
        ledger.earlierCatalogs = [ledger.catalog]
        ledger.catalog = try Catalog(
            version: 2,
            meters: Fixture.meters,
            tiers: Fixture.tiers.filter { $0.id != .pro },
            fallback: .free
        )
        try ledger.send(Account.Command(.settle), at: Fixture.day(31))
        #expect(ledger.notices.contains(.changeDropped("sub_1", to: .pro)))
        #expect(try ledger.overview(at: Fixture.day(31)).tier.id == .enterprise)
        ledger.audit.check(ledger.account)
    }

    // MARK: Pauses

    @Test func `a pause at the period's end takes access exactly then, and resuming gives it back`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period, at: now, pauses: true), at: now)
        let before = try ledger.overview(at: Fixture.day(31) - .tick)
        #expect(before.tier.id == .pro && before.accessReason == .ending)
        #expect(try ledger.overview(at: Fixture.day(31)).tier.id == .free)
        try ledger.take(
            Fixture.subscription(.pro, .paused, period: period, at: Fixture.day(31), resumesAt: Fixture.day(50)),
            at: Fixture.day(31)
        )
        #expect(try ledger.overview(at: Fixture.day(50)).tier.id == .free, "a pause that ends is told, and paid")
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(50, 81)), at: Fixture.day(50))
        let resumed = try ledger.overview(at: Fixture.day(50))
        #expect(resumed.tier.id == .pro && resumed[.documents]?.period == Fixture.days(50, 81))
    }

    @Test func `a provider's trial ends when it says, and what follows is waited for`() throws {
        var ledger = try Ledger()
        let trial = Fixture.subscription(.pro, .trialing, period: period, at: now, trialEnd: Fixture.day(10))
        try ledger.take(trial, at: now)
        #expect(try ledger.overview(at: now).accessReason == .providerTrial)
        #expect(try ledger.overview(at: Fixture.day(10)).accessReason == .renewalExpected)
        #expect(try ledger.overview(at: Fixture.day(13)).tier.id == .free)
    }

    // MARK: Seats

    private func seats() throws -> Ledger {
        try Ledger(
            catalog: Catalog(
                version: 1,
                meters: [
                    Meter(.documents, name: "Documents", isPerSeat: true),
                    Meter(.searches, name: "Seats", kind: .gauge, isPerSeat: true),
                ],
                tiers: [
                    Tier(.free, rank: 0, name: "Free", allowances: [.searches: .level(1)]),
                    Tier(
                        .pro,
                        rank: 1,
                        name: "Pro",
                        allowances: [.documents: .limited(10, per: .month), .searches: .level(1)]
                    ),
                ],
                fallback: .free
            )
        )
    }

    @Test func `who pays for seven seats has seven times as much`() throws {
        var ledger = try seats()
        try ledger.take(word(.pro, at: now, quantity: 7), at: now)
        #expect(try ledger.line(at: now).remaining == .units(70))
        #expect(try ledger.line(.searches, at: now).allowance == .level(7))
        try ledger.consume(60, at: now)
        let seat = Account.Command.Consumption(meter: .searches, amount: 7)
        #expect(try ledger.send(Account.Command(.raise(seat)), at: now).answer.isApplied)
        try ledger.take(word(.pro, at: now + .hours(1), quantity: 5), at: now + .hours(1))
        let line = try ledger.line(at: now + .hours(1))
        #expect(line.remaining == .units(0) && line.used == 60 && line.overage == 10)
        #expect(try ledger.line(.searches, at: now + .hours(1)).overage == 2, "nobody is put out of a seat")
        let one = Account.Command.Consumption(meter: .searches, amount: 1)
        #expect(try ledger.send(Account.Command(.raise(one)), at: now + .hours(1)).answer.denial != nil)
        ledger.audit.check(ledger.account)
    }

    @Test func `fewer seats hold from the instant that they are set for, and more once they are paid`() throws {
        var ledger = try seats()
        let fewer = Subscription.PendingChange(tier: .pro, quantity: 3, appliesAt: Fixture.day(31))
        try ledger.take(word(.pro, at: now, quantity: 7, to: fewer), at: now)
        #expect(try ledger.line(.searches, at: Fixture.day(31) - .tick).allowance == .level(7))
        #expect(try ledger.line(.searches, at: Fixture.day(31)).allowance == .level(3))
        let more = Subscription.PendingChange(tier: .pro, quantity: 9, appliesAt: Fixture.day(31))
        try ledger.take(word(.pro, at: now + .hours(1), quantity: 7, to: more), at: now + .hours(1))
        #expect(try ledger.line(.searches, at: Fixture.day(31)).allowance == .level(7))
    }

    @Test(arguments: [0, 1, nil] as [Int64?])
    func `a number of seats that means nothing leaves the tier as it is`(quantity: Int64?) throws {
        var ledger = try seats()
        try ledger.take(word(.pro, at: now, quantity: quantity), at: now)
        #expect(try ledger.line(at: now).remaining == .units(10))
    }

    @Test func `so many seats that no number holds them trap nothing`() throws {
        var ledger = try seats()
        for quantity in [.min, -1, Catalog.Limits.units + 1, .max] as [Int64] {
            let word = word(.pro, at: now, quantity: quantity)
            #expect(code { try ledger.take(word, at: now) } == .amountOutOfBounds)
        }
        try ledger.take(word(.pro, at: now, quantity: Catalog.Limits.units), at: now)
        #expect(try ledger.line(at: now).remaining == .units(Catalog.Limits.units))
        try ledger.consume(3, at: now)
        ledger.audit.check(ledger.account)
    }

    // MARK: Several

    @Test func `one id at two provider accounts is two subscriptions`() throws {
        var ledger = try Ledger()
        for (provider, tier) in [("polar", Tier.ID.pro), ("stripe", .enterprise)] as [(ProviderID, Tier.ID)] {
            let word = Fixture.subscription(tier, period: period, at: now, provider: provider)
            try ledger.send(.take(ProviderSnapshot(provider: provider, subscriptions: [word])), at: now)
        }
        #expect(ledger.account.subscriptions.map(\.key.provider) == ["polar", "stripe"])
        let over = Fixture.subscription(
            .enterprise,
            .canceled,
            period: period,
            at: now + .hours(1),
            endedAt: now + .hours(1),
            provider: "stripe"
        )
        try ledger.send(.take(ProviderSnapshot(provider: "stripe", subscriptions: [over])), at: now + .hours(1))
        let overview = try ledger.overview(at: now + .hours(1))
        #expect(overview.tier.id == .pro && overview.subscription?.provider == "polar")
        ledger.audit.check(ledger.account)
    }

    @Test func `that two subscriptions give access is told once`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, id: "a", period: period), at: now)
        #expect(!ledger.notices.contains { if case .severalSubscriptions = $0 { true } else { false } })
        try ledger.take(Fixture.subscription(.enterprise, id: "b", period: period), at: now)
        try ledger.take(Fixture.subscription(.enterprise, id: "b", period: period, at: now), at: now)
        let told = ledger.notices.filter { if case .severalSubscriptions = $0 { true } else { false } }
        #expect(told == [.severalSubscriptions("b", beside: "a")])
        try ledger.take(Fixture.subscription(.pro, .unpaid, id: "c", period: period), at: now)
        #expect(ledger.notices.filter { if case .severalSubscriptions = $0 { true } else { false } } == told)
    }
}
