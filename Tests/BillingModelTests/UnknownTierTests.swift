import BillingModel
import Testing

/// Reports of tiers that the newest catalog does not have: an end is an end, and what is known goes on.
@Suite struct UnknownTierTests {
    private static let january = Fixture.days(0, 31)
    private static let february = Fixture.days(31, 59)

    /// A catalog with the tiers of the fixture but some.
    private static func catalog(_ version: Catalog.Version, without gone: Set<Tier.ID>) throws -> Catalog {
        try Catalog(
            version: version,
            meters: Fixture.meters,
            tiers: Fixture.tiers.filter { !gone.contains($0.id) },
            fallback: .free
        )
    }

    private func ledger(after reports: [SubscriptionSnapshot], in catalogs: [Catalog]) throws -> Ledger {
        var ledger = try Ledger(catalog: catalogs[catalogs.count - 1])
        ledger.earlierCatalogs = catalogs.dropLast()
        for report in reports { try ledger.take(report, at: Fixture.day(40)) }
        ledger.audit.check(ledger.account)
        return ledger
    }

    // MARK: A tier that is sold no more

    /// Each is the newest word, and an old one of a payment for a tier that is gone comes after it.
    @Test(arguments: [SubscriptionStatus.active, .pastDue, "frozen"])
    func `an old word of a tier that is sold no more takes nothing away`(status: SubscriptionStatus) throws {
        let newest = Fixture.subscription(.pro, status, period: Self.february, at: Fixture.day(35))
        let old = Fixture.subscription(.enterprise, period: Self.february, at: Fixture.day(32))
        let first = [Self.january, Self.february].map { Fixture.subscription(.pro, period: $0) }
        let catalogs = try [Fixture.catalog(), Self.catalog(2, without: [.enterprise])]
        for current in [[catalogs[1]], catalogs] {
            let page = try ledger(after: first + [newest, old], in: current).overview(at: Fixture.day(40))
            #expect(page.tier.id == .pro, "not Free")
        }
    }

    @Test func `a tier that is sold no more is taken from the catalog that the subscription was bought under`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: Self.february, at: Fixture.day(32)), at: Fixture.day(32))
        ledger.earlierCatalogs = [ledger.catalog]
        ledger.catalog = try Self.catalog(2, without: [.enterprise])
        // A report of before, late: Enterprise was paid for when it was still sold. The newest report is none of a payment.
        try ledger.take(
            Fixture.subscription(.pro, "frozen", period: Self.february, at: Fixture.day(36)),
            at: Fixture.day(36)
        )
        try ledger.take(
            Fixture.subscription(.enterprise, period: Self.february, at: Fixture.day(34)),
            at: Fixture.day(37)
        )
        let subscription = try #require(ledger.account.subscriptions.first)
        #expect(subscription.paid?.terms == .init(tier: .enterprise, quantity: nil, catalog: 1))
        #expect(try ledger.overview(at: Fixture.day(38)).tier.id == .pro, "of two tiers the lower one")
        let again = Fixture.subscription(.enterprise, "frozen", period: Self.february, at: Fixture.day(38))
        try ledger.take(again, at: Fixture.day(38))
        #expect(try ledger.overview(at: Fixture.day(38)).tier.id == .enterprise)
    }

    // MARK: Ends

    /// Every word that is no payment, or sets an end.
    private static let ends: [SubscriptionSnapshot] = {
        let at = Fixture.day(40)
        func report(_ status: SubscriptionStatus, cancels: Bool = false, endsAt: Timestamp? = nil, pauses: Bool = false)
            -> SubscriptionSnapshot
        {
            Fixture.subscription(
                .team,
                status,
                period: february,
                at: at,
                cancels: cancels,
                endsAt: endsAt,
                pauses: pauses
            )
        }
        return [
            report(.canceled), report(.unpaid), report(.paused), report(.incompleteExpired), report(.pastDue),
            report(.active, cancels: true), report(.active, endsAt: Fixture.day(50)), report(.active, pauses: true),
        ]
    }()

    @Test(arguments: ends.indices)
    func `an end counts whatever tier it names, and what is known goes on until then`(place: Int) throws {
        let end = Self.ends[place]
        let words = [
            Fixture.subscription(.pro, period: Self.january), Fixture.subscription(.pro, period: Self.february),
        ]
        var pages: [Account.Overview] = []
        for order in Orders.all(of: 3) {
            // Where the end is heard of before any payment, one that sets it for later has to be told again.
            let told = order + order
            var ledger = try Ledger()
            for place in told {
                let all = words + [end]
                do { try ledger.take(all[place], at: Fixture.day(40)) } catch {
                    #expect(all[place] == end && end.isPaid)
                }
            }
            ledger.audit.check(ledger.account)
            pages.append(try ledger.overview(at: Fixture.day(41)))
        }
        for page in pages {
            #expect(page.tier.id == (end.status.isOver ? .free : .pro), "\(end.status)")
            #expect(page.accessUntil == pages[0].accessUntil && page.subscriptions == pages[0].subscriptions)
            if !end.status.isOver {
                let expected = end.endsAt ?? Self.february.end
                #expect(page.accessUntil == expected)
            }
        }
    }

    @Test func `a payment for a tier that is not known is still an error, and so is one that is cancelled at once`()
        throws
    {
        var ledger = try Ledger()
        let payment = Fixture.subscription(.team, period: Self.january)
        #expect(code { try ledger.take(payment, at: Fixture.day(0)) } == .unknownTier)
        let cancelled = Fixture.subscription(.team, period: Self.january, cancels: true)
        #expect(code { try ledger.take(cancelled, at: Fixture.day(0)) } == .unknownTier)
        #expect(ledger.journal == [])
        try ledger.take(Fixture.subscription(.pro, period: Self.january), at: Fixture.day(0))
        let renewed = Fixture.subscription(.team, period: Self.february)
        #expect(code { try ledger.take(renewed, at: Fixture.day(31)) } == .unknownTier)
        // Not even one that has been named by an end.
        let ending = Fixture.subscription(.team, .pastDue, period: Self.january, at: Fixture.day(9))
        try ledger.take(ending, at: Fixture.day(9))
        #expect(code { try ledger.take(renewed, at: Fixture.day(31)) } == .unknownTier)
    }

    @Test func `a renewal on a tier that is not known and that is cancelled goes on to its end`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: Self.january), at: Fixture.day(0))
        let renewed = Fixture.subscription(.team, period: Self.february, cancels: true)
        try ledger.take(renewed, at: Fixture.day(31))
        let page = try ledger.overview(at: Fixture.day(40))
        #expect(page.tier.id == .pro && page.accessReason == .ending && page.accessUntil == Self.february.end)
        #expect(page[.documents]?.period?.start == Self.january.start, "and nothing new is given")
    }

    @Test func `an end of which nothing else is known is kept against what is told late`() throws {
        var ledger = try Ledger()
        let ended = Fixture.subscription(.team, .canceled, period: Self.january, at: Fixture.day(9))
        try ledger.take(ended, at: Fixture.day(9))
        try ledger.take(Fixture.subscription(.pro, period: Self.january), at: Fixture.day(9))
        #expect(try ledger.overview(at: Fixture.day(9)).tier.id == .free)
        #expect(ledger.account.subscriptions.map(\.snapshot.tier) == [.team])
    }

    // MARK: The catalog that a tier is pinned to

    @Test func `a tier is pinned to the first catalog under which it was told of, whatever came first`() throws {
        let reports = [
            Fixture.subscription(.pro, period: Self.january), Fixture.subscription(.pro, period: Self.february),
            Fixture.subscription(.pro, .pastDue, period: Self.february, at: Fixture.day(33)),
        ]
        for order in Orders.all(of: 3) {
            for changed in 1...2 {
                var ledger = try Ledger()
                for (number, place) in order.enumerated() {
                    if number == changed {
                        ledger.earlierCatalogs = [ledger.catalog]
                        ledger.catalog = try Fixture.catalog(version: 2)
                    }
                    try ledger.take(reports[place], at: Fixture.day(33))
                }
                let subscription = try #require(ledger.account.subscriptions.first)
                #expect(subscription.catalog == 1)
                #expect(subscription.periods.allSatisfy { $0.terms.catalog == 1 })
            }
        }
    }
}

extension SubscriptionSnapshot {
    fileprivate var isPaid: Bool { status == .active }
}

extension SubscriptionStatus {
    fileprivate var isOver: Bool { [.canceled, .unpaid, .paused, .incompleteExpired].contains(self) }
}
