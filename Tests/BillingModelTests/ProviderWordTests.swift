import BillingModel
import Testing

@Suite struct ProviderWordTests {
    let now = Fixture.day(3)
    let period = Fixture.days(0, 31)

    @Test func `an older word never overwrites a newer one`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.enterprise, period: period, at: now), at: now)
        let before = try ledger.overview(at: now)
        #expect(try ledger.take(Fixture.subscription(.pro, period: period, at: now - .tick), at: now) == .stale)
        #expect(try ledger.take(Fixture.subscription(.pro, period: period, at: now), at: now) == .stale)
        #expect(try ledger.overview(at: now) == before)
        #expect(try ledger.take(Fixture.subscription(.pro, period: period, at: now + .tick), at: now) == .taken)
    }

    @Test func `of two words of one version the first counts`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period, at: now), at: now)
        let before = ledger.account
        #expect(try ledger.take(Fixture.subscription(.pro, period: Fixture.days(2, 33), at: now), at: now) == .stale)
        #expect(try ledger.take(Fixture.subscription(.enterprise, period: period, at: now), at: now) == .stale)
        #expect(ledger.account == before)
    }

    @Test func `a stale word leaves nothing behind`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period, at: now), at: now)
        let decision = try ledger.decide(
            .take(ProviderSnapshot(provider: "polar", subscriptions: [Fixture.subscription(.pro, period: period)])),
            at: now
        )
        #expect(decision == Account.Decision(answer: .stale))
    }

    @Test func `a delivery is taken once`() throws {
        var ledger = try Ledger()
        let first = ProviderSnapshot(
            provider: "polar",
            subscriptions: [Fixture.subscription(.pro, period: period, at: now)]
        )
        #expect(try ledger.send(.take(first, key: "delivery"), at: now).answer == .taken)
        let before = ledger.account
        #expect(try ledger.send(.take(first, key: "delivery"), at: now).answer == .alreadyTaken)
        // A provider may word a retry anew; the delivery's id says that it is the same.
        let reworded = ProviderSnapshot(provider: "polar")
        #expect(try ledger.send(.take(reworded, key: "delivery"), at: now).answer == .alreadyTaken)
        #expect(ledger.account == before)
    }

    @Test func `an older period that was paid for is learnt even when the end is known`() throws {
        var ledger = try Ledger()
        let ended = Fixture.subscription(.pro, .canceled, period: period, at: Fixture.day(10), endedAt: Fixture.day(10))
        try ledger.take(ended, at: Fixture.day(11))
        #expect(ledger.account.subscriptions.first?.paid == nil)
        #expect(try ledger.take(Fixture.subscription(.pro, period: period), at: Fixture.day(12)) == .taken)
        let subscription = try #require(ledger.account.subscriptions.first)
        #expect(subscription.paid?.span == period && subscription.snapshot == ended)
        #expect(try ledger.overview(at: Fixture.day(12)).tier.id == .free)
    }

    @Test func `a subscription that is not mentioned goes on`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        let other = Fixture.subscription(.free, id: "sub_2", period: period, at: now)
        try ledger.take(other, at: now)
        #expect(try ledger.overview(at: now).tier.id == .pro)
    }

    @Test func `a word about nobody's tier is an error`() throws {
        var ledger = try Ledger()
        #expect(code { try ledger.take(Fixture.subscription(.team, period: period), at: now) } == .unknownTier)
        #expect(ledger.journal == [])
    }

    @Test func `an old word of a tier that is sold no more is stale`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        ledger.earlierCatalogs = [ledger.catalog]
        ledger.catalog = try Catalog(
            version: 2,
            meters: Fixture.meters,
            tiers: Fixture.tiers.filter { $0.id != .pro },
            fallback: .free
        )
        try ledger.take(Fixture.subscription(.enterprise, period: period, at: now), at: now)
        let before = ledger.account
        for version in [period.start + .tick, now - .tick, now] {
            #expect(try ledger.take(Fixture.subscription(.pro, period: period, at: version), at: now) == .stale)
        }
        #expect(ledger.account == before)
        let newer = Fixture.subscription(.pro, period: period, at: now + .tick)
        #expect(code { try ledger.take(newer, at: now + .tick) } == .unknownTier)
    }

    @Test func `the provider's names belong to the first customer seen with them`() throws {
        var ledger = try Ledger()
        let snapshot = ProviderSnapshot(
            provider: "polar",
            providerCustomer: "cus_1",
            subscriptions: [Fixture.subscription(.pro, period: period)],
            order: try Fixture.order(at: now),
            checkout: Fixture.checkout(at: now)
        )
        try ledger.send(.take(snapshot), at: now)
        #expect(ledger.journal.last?.references.map(\.kind) == [.customer, .subscription, .order, .checkout])
        try ledger.take(Fixture.subscription(.pro, period: period, at: now), at: now)
        #expect(ledger.journal.last?.references == [], "they are claimed once")
        var thief = try Ledger("thief")
        thief.owners = ledger.owners
        for snapshot in [
            snapshot, ProviderSnapshot(provider: "polar", providerCustomer: "cus_1"),
            ProviderSnapshot(provider: "polar", order: try Fixture.order(at: now)),
            ProviderSnapshot(provider: "polar", checkout: Fixture.checkout(at: now)),
        ] {
            #expect(code { try thief.send(.take(snapshot), at: now) } == .belongsToAnother)
        }
        #expect(thief.journal == [])
        let elsewhere = ProviderSnapshot(provider: "polar sandbox", providerCustomer: "cus_1")
        #expect(try thief.send(.take(elsewhere), at: now).answer == .taken, "names are unique within a provider")
    }

    @Test(arguments: ["", "sub 1", "s\u{FC}b", "sub\n", String(repeating: "s", count: 256), "a\0b"])
    func `a provider's malformed name is an error`(name: String) throws {
        var ledger = try Ledger()
        let snapshots = [
            ProviderSnapshot(provider: "polar", subscriptions: [Fixture.subscription(.pro, id: name, period: period)]),
            ProviderSnapshot(provider: "polar", providerCustomer: name),
            ProviderSnapshot(provider: "polar", order: try Fixture.order(name, at: now)),
            ProviderSnapshot(provider: "polar", checkout: Fixture.checkout(name, at: now)),
        ]
        for snapshot in snapshots {
            #expect(code { try ledger.send(.take(snapshot), at: now) } == .malformedIdentifier)
        }
        #expect(ledger.journal == [])
    }

    @Test func `an order is kept at its newest version`() throws {
        var ledger = try Ledger()
        try ledger.take(try Fixture.order(at: now, isPaid: false), at: now)
        try ledger.take(try Fixture.order(at: now, version: now + .hours(2)), at: now)
        #expect(try ledger.take(try Fixture.order(at: now, version: now + .hours(1), isPaid: false), at: now) == .stale)
        let kept = ledger.journal.flatMap(\.effects).compactMap { effect in
            if case .ordered(let order) = effect { order.isPaid } else { nil }
        }
        #expect(kept == [false, true])
    }

    @Test func `periods that lie about, or end before they begin, trap nothing`() throws {
        let ends = [.min, .min + 1, -1, 0, now.microseconds, .max - 1, .max].map { Timestamp(microseconds: $0) }
        for start in ends {
            for end in ends {
                for status in [SubscriptionStatus.active, .pastDue, "odd"] {
                    for cycle in [nil, Recurrence.month, .day] {
                        var ledger = try Ledger()
                        let span = TimeSpan(from: start, to: end)
                        try ledger.take(Fixture.subscription(.enterprise, period: span, cycle: cycle), at: now)
                        let newer = Fixture.subscription(.pro, status, period: span, at: now, cycle: cycle)
                        if start < now { try ledger.take(newer, at: now) }
                        try ledger.consume(2, at: now)
                        for instant in ends { _ = try ledger.overview(at: instant) }
                        ledger.audit.check(ledger.account)
                    }
                }
            }
        }
    }
}
