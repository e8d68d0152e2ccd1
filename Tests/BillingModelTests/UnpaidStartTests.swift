import BillingModel
import Testing

/// Which payment it is that failed, and what is given where it was the first one.
@Suite struct UnpaidStartTests {
    private let january = Fixture.days(0, 31)
    private let february = Fixture.days(31, 59)

    private func due(in period: TimeSpan, after delay: Duration, isInstantSaid: Bool = true) -> SubscriptionSnapshot {
        let failedAt = period.start + delay
        return Fixture.subscription(
            .pro,
            .pastDue,
            period: period,
            at: failedAt + .minutes(5),
            pastDueAt: isInstantSaid ? failedAt : nil
        )
    }

    // MARK: Nobody has paid

    @Test(arguments: [true, false])
    func `a first payment that fails gives nothing, though the period was shown as paid`(isInstantSaid: Bool) throws {
        let words = [
            Fixture.subscription(.pro, period: january),
            due(in: january, after: .hours(1), isInstantSaid: isInstantSaid),
        ]
        for order in [words, words.reversed(), words + words] {
            var ledger = try Ledger()
            for word in order { try ledger.take(word, at: Fixture.day(2)) }
            let page = try ledger.overview(at: Fixture.day(2))
            #expect(page.tier.id == .free && page.accessReason == .fallback && page.accessUntil == nil)
            #expect(page[.documents]?.remaining == .units(10))
            ledger.audit.check(ledger.account)
        }
    }

    @Test(arguments: [SubscriptionStatus.unpaid, .canceled, .paused, .incompleteExpired, "frozen"])
    func `what is said after it gives nothing either, and no second allowance`(status: SubscriptionStatus) throws {
        var ledger = try Ledger()
        try ledger.consume(4, at: Fixture.day(0))
        try ledger.take(Fixture.subscription(.pro, period: january, at: Fixture.day(1)), at: Fixture.day(1))
        try ledger.consume(3, at: Fixture.day(1))
        try ledger.take(due(in: january, after: .hours(25)), at: Fixture.day(2))
        try ledger.take(Fixture.subscription(.pro, status, period: january, at: Fixture.day(9)), at: Fixture.day(9))
        for day in [9, 12, 30] as [Int64] {
            let page = try ledger.overview(at: Fixture.day(day))
            #expect(page.tier.id == .free && page[.documents]?.remaining == .units(3))
        }
    }

    @Test func `paid after all, the period is given with what was used since it began`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: january), at: Fixture.day(0))
        try ledger.take(due(in: january, after: .hours(1)), at: Fixture.day(1))
        try ledger.consume(6, at: Fixture.day(1))
        try ledger.take(Fixture.subscription(.pro, period: january, at: Fixture.day(3)), at: Fixture.day(3))
        let page = try ledger.overview(at: Fixture.day(3))
        #expect(page.tier.id == .pro && page[.documents]?.remaining == .units(44))
    }

    @Test func `a trial of a day is had, and has the grace`() throws {
        var ledger = try Ledger()
        let end = Fixture.day(1)
        try ledger.take(Fixture.subscription(.pro, .trialing, period: january, trialEnd: end), at: Fixture.day(0))
        let failed = Fixture.subscription(
            .pro,
            .pastDue,
            period: january,
            at: end + .hours(1),
            pastDueAt: end,
            trialEnd: end
        )
        try ledger.take(failed, at: end + .hours(1))
        let page = try ledger.overview(at: Fixture.day(2))
        #expect(page.tier.id == .pro && page.accessReason == .paymentDue && page.accessUntil == Fixture.day(8))
    }

    // MARK: The period is paid

    private func order(
        at instant: Timestamp,
        isPaid: Bool = true,
        status: String? = nil,
        purpose: Account.Order.Purpose = .renewal,
        version: Timestamp? = nil
    ) throws -> Account.Order {
        try Fixture.order(
            at: instant,
            version: version,
            isPaid: isPaid,
            status: status,
            purpose: purpose,
            subscription: "sub_1"
        )
    }

    /// All orders of three things.
    private static let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]

    @Test(arguments: [Account.Order.Purpose.purchase, .renewal], [-1, 3] as [Int64])
    func `a payment that fails beside a paid order for the period takes nothing away`(
        purpose: Account.Order.Purpose,
        minutes: Int64
    ) throws {
        let order = try order(at: january.start + .minutes(minutes), purpose: purpose)
        let words = [
            ProviderSnapshot(provider: "polar", subscriptions: [Fixture.subscription(.pro, period: january)]),
            ProviderSnapshot(provider: "polar", order: order),
            ProviderSnapshot(provider: "polar", subscriptions: [due(in: january, after: .hours(20))]),
        ]
        for places in Self.orders {
            var ledger = try Ledger()
            for place in places + places { try ledger.send(.take(words[place]), at: Fixture.day(1)) }
            let page = try ledger.overview(at: Fixture.day(2))
            #expect(page.tier.id == .pro && page.accessUntil == january.end, "\(places)")
            #expect(page[.documents]?.remaining == .units(50))
            ledger.audit.check(ledger.account)
        }
        // Both at once.
        var ledger = try Ledger()
        try ledger.send(.take(words[0]), at: Fixture.day(1))
        let both = ProviderSnapshot(
            provider: "polar",
            subscriptions: [due(in: january, after: .hours(20))],
            order: order
        )
        try ledger.send(.take(both), at: Fixture.day(1))
        #expect(try ledger.overview(at: Fixture.day(2)).tier.id == .pro)
    }

    @Test func `an order that is not for the period, or not paid, proves nothing`() throws {
        let orders = [
            try order(at: january.start),
            try order(at: february.start, isPaid: false),
            try order(at: february.start, purpose: .change),
            try order(at: february.start, status: "refunded"),
            try order(at: february.start + .days(2)),
        ]
        for order in orders {
            var ledger = try Ledger()
            for word in [january, february].map({ Fixture.subscription(.pro, period: $0) }) {
                try ledger.take(word, at: word.version.object)
            }
            try ledger.take(order, at: Fixture.day(33))
            try ledger.take(due(in: february, after: .hours(20)), at: Fixture.day(33))
            let page = try ledger.overview(at: Fixture.day(34))
            #expect(page.tier.id == .pro && page.accessUntil == february.start + .hours(20) + .days(7))
            #expect(page[.documents]?.period?.start == january.start)
        }
    }

    @Test func `a payment that comes in after all counts, and one that is given back does not`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: january), at: Fixture.day(0))
        try ledger.take(due(in: january, after: .hours(1)), at: Fixture.day(1))
        #expect(try ledger.overview(at: Fixture.day(1)).tier.id == .free)
        try ledger.take(order(at: january.start, purpose: .purchase, version: Fixture.day(3)), at: Fixture.day(3))
        #expect(try ledger.overview(at: Fixture.day(3)).tier.id == .pro)
        let back = try order(at: january.start, status: "refunded", purpose: .purchase, version: Fixture.day(5))
        try ledger.take(back, at: Fixture.day(5))
        #expect(try ledger.overview(at: Fixture.day(5)).tier.id == .free)
        #expect(ledger.account.subscriptions.first?.payments == [])
    }

    @Test func `orders are known for as long as a payment is due, and asked for by nothing else`() throws {
        var ledger = try Ledger()
        try ledger.take(order(at: january.start, purpose: .purchase), at: Fixture.day(0))
        try ledger.take(Fixture.subscription(.pro, period: january), at: Fixture.day(0))
        #expect(ledger.account.subscriptions.first?.payments == [])
        try ledger.take(due(in: january, after: .hours(20)), at: Fixture.day(1))
        #expect(ledger.account.subscriptions.first?.payments == [january.start])
        try ledger.take(Fixture.subscription(.pro, period: january, at: Fixture.day(4)), at: Fixture.day(4))
        #expect(ledger.account.subscriptions.first?.payments == [])
    }
}
