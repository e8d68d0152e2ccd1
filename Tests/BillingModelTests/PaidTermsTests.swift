import BillingModel
import Testing

/// What a subscription gives when the newest report names other terms than were paid for.
@Suite struct PaidTermsTests {
    private static let period = Fixture.days(0, 31)
    private let asked = Fixture.day(12)

    private static func word(
        _ tier: Tier.ID,
        _ status: SubscriptionStatus = .active,
        on day: Int64,
        seats: Int64? = nil
    ) -> SubscriptionSnapshot {
        Fixture.subscription(
            tier,
            status,
            period: period,
            at: Fixture.day(day),
            pastDueAt: status == .pastDue ? Fixture.day(9) : nil,
            quantity: seats
        )
    }

    private func tier(after words: [SubscriptionSnapshot]) throws -> Tier.ID {
        var ledger = try Ledger()
        for word in words { try ledger.take(word, at: Fixture.day(10)) }
        return try ledger.overview(at: asked).tier.id
    }

    @Test(arguments: [SubscriptionStatus.pastDue, "frozen"])
    func `a higher tier that was not paid for is not given`(status: SubscriptionStatus) throws {
        let words = [Self.word(.pro, on: 0), Self.word(.enterprise, status, on: 9)]
        #expect(try tier(after: words) == .pro)
        #expect(try tier(after: words.reversed()) == .pro)
        #expect(try tier(after: words + [Self.word(.enterprise, on: 10)]) == .enterprise, "paid for after all")
    }

    @Test(arguments: [SubscriptionStatus.pastDue, "frozen"])
    func `a lower tier is given as soon as it is told`(status: SubscriptionStatus) throws {
        let words = [Self.word(.enterprise, on: 0), Self.word(.pro, status, on: 9)]
        #expect(try tier(after: words) == .pro)
        #expect(try tier(after: words.reversed()) == .pro)
    }

    @Test func `a payment that is told late counts`() throws {
        let words = [
            Self.word(.pro, on: 0), Self.word(.enterprise, on: 8), Self.word(.enterprise, .pastDue, on: 9),
        ]
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            #expect(try tier(after: order.map { words[$0] }) == .enterprise)
        }
    }

    @Test(arguments: [(3, 5, 3), (5, 3, 3), (nil, 5, 1), (3, 3, 3)] as [(Int64?, Int64, Int64)])
    func `of seats the fewer are given`(paid: Int64?, reported: Int64, given: Int64) throws {
        var ledger = try Ledger(
            catalog: Catalog(
                version: 1,
                meters: [Meter(.documents, name: "Documents", isPerSeat: true), Meter(.searches, name: "Searches")],
                tiers: Fixture.tiers,
                fallback: .free
            )
        )
        try ledger.take(Self.word(.pro, on: 0, seats: paid), at: Fixture.day(10))
        try ledger.take(Self.word(.pro, .pastDue, on: 9, seats: reported), at: Fixture.day(10))
        #expect(try ledger.overview(at: asked)[.documents]?.remaining == .units(50 * given))
    }

    @Test func `what was paid for is given as the catalog had it that it was bought under`() throws {
        var ledger = try Ledger()
        try ledger.take(Self.word(.pro, on: 0), at: Fixture.day(1))
        ledger.earlierCatalogs = [ledger.catalog]
        ledger.catalog = try Catalog(
            version: 2,
            meters: Fixture.meters,
            tiers: Fixture.tiers.filter { $0.id != .pro },
            fallback: .free
        )
        try ledger.take(Self.word(.enterprise, .pastDue, on: 9), at: Fixture.day(10))
        #expect(try ledger.overview(at: asked).tier.id == .pro)
        // Back on the tier that was paid for, though it is sold no more.
        try ledger.take(Self.word(.pro, on: 11), at: Fixture.day(11))
        #expect(ledger.account.subscriptions.first?.catalog == 1)
        try ledger.take(Self.word(.enterprise, on: 12), at: Fixture.day(12))
        #expect(ledger.account.subscriptions.first?.catalog == 2)
    }

    /// A provider opens a period, with the change that was set for it, before that is paid.
    @Test(arguments: [true, false])
    func `a renewal on a higher tier gives the lower one until it is paid`(isInstantSaid: Bool) throws {
        let next = Fixture.days(31, 59)
        let words = [
            Self.word(.pro, on: 0), Fixture.subscription(.enterprise, period: next),
            Fixture.subscription(
                .enterprise,
                .pastDue,
                period: next,
                at: next.start + .hours(2),
                pastDueAt: isInstantSaid ? next.start + .hours(1) : nil
            ),
        ]
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 2, 1]] {
            var ledger = try Ledger()
            for place in order { try ledger.take(words[place], at: Fixture.day(32)) }
            let page = try ledger.overview(at: Fixture.day(33))
            #expect(page.tier.id == .pro && page.accessReason == .paymentDue)
            #expect(page.accessUntil == next.start + .hours(isInstantSaid ? 1 : 2) + .days(7))
            #expect(page[.documents]?.period?.start == Fixture.day(0), "no new allowance")
        }
    }
}

/// How long access lasts while a payment is due.
@Suite struct PaymentDueTests {
    private let grace = Duration.days(7)
    private let january = Fixture.days(0, 31)
    private let february = Fixture.days(31, 59)

    private func due(
        in period: TimeSpan,
        at version: Timestamp,
        since: Timestamp? = nil,
        cancels: Bool = false
    ) -> SubscriptionSnapshot {
        Fixture.subscription(.pro, .pastDue, period: period, at: version, cancels: cancels, pastDueAt: since)
    }

    private func end(after words: [SubscriptionSnapshot]) throws -> Timestamp? {
        var ends: Set<Timestamp?> = []
        for order in [words, words.reversed()] {
            var ledger = try Ledger()
            for word in order + order { try ledger.take(word, at: Fixture.day(40)) }
            let subscription = try #require(ledger.account.subscriptions.first)
            // Asked of a fresh account, so that an instant before the last word can be asked about.
            let account = Account(
                customer: "acme",
                revision: 1,
                instant: Timestamp(microseconds: .min),
                anchor: Fixture.opening,
                standing: nil,
                subscriptions: [subscription]
            )
            ends.insert(try account.overview(at: Fixture.day(20), in: ledger.catalog).accessUntil)
        }
        #expect(ends.count == 1, "the order shows")
        return ends.first.flatMap(\.self)
    }

    @Test(arguments: [true, false])
    func `what was paid for holds to its end`(isInstantSaid: Bool) throws {
        let failedAt = Fixture.day(12)
        let words = [
            Fixture.subscription(.pro, period: january),
            due(in: january, at: failedAt, since: isInstantSaid ? failedAt : nil),
        ]
        #expect(try end(after: words) == january.end)
        // It is tried again, and told with a time of its own.
        let again = due(in: january, at: failedAt + .days(5), since: isInstantSaid ? failedAt : nil)
        #expect(try end(after: words + [again]) == january.end)
    }

    @Test func `a payment that fails near the period's end has its grace as far as a payment would last`() throws {
        for (failedAt, until) in [(Fixture.day(26), Fixture.day(33)), (Fixture.day(30), Fixture.day(34))] {
            let words = [Fixture.subscription(.pro, period: january), due(in: january, at: failedAt, since: failedAt)]
            #expect(try end(after: words) == until)
            let cancelled = [words[0], due(in: january, at: failedAt, since: failedAt, cancels: true)]
            #expect(try end(after: cancelled) == january.end, "an end that is set is the end")
        }
    }

    /// Polar's period has moved on by then or has not; Stripe's has been shown as paid first, and has no instant.
    @Test(arguments: [true, false])
    func `a renewal that fails has the grace from its failure on`(isInstantSaid: Bool) throws {
        let failedAt = february.start + .hours(1)
        let since = isInstantSaid ? failedAt : nil
        let paid = Fixture.subscription(.pro, period: january)
        let opened = Fixture.subscription(.pro, period: february)
        #expect(try end(after: [paid, due(in: february, at: failedAt, since: since)]) == failedAt + grace)
        #expect(try end(after: [paid, opened, due(in: february, at: failedAt, since: since)]) == failedAt + grace)
        #expect(try end(after: [paid, due(in: january, at: failedAt, since: since)]) == failedAt + grace)
        let again = due(in: february, at: failedAt + .days(5), since: since)
        let words = [paid, opened, due(in: february, at: failedAt, since: since), again]
        #expect(try end(after: words) == failedAt + grace, "later tries do not move it")
    }

    @Test func `a payment that was told in between begins the grace anew`() throws {
        let words = [
            Fixture.subscription(.pro, period: january), due(in: january, at: Fixture.day(12)),
            Fixture.subscription(.pro, period: january, at: Fixture.day(14)),
            due(in: january, at: january.end + .hours(3)),
        ]
        #expect(try end(after: words) == january.end + .hours(3) + grace)
    }

    @Test func `a trial is no payment`() throws {
        let trial = Fixture.subscription(.pro, .trialing, period: january, trialEnd: Fixture.day(14))
        func due(_ period: TimeSpan) -> SubscriptionSnapshot {
            Fixture.subscription(
                .pro,
                .pastDue,
                period: period,
                at: Fixture.day(14) + .hours(1),
                pastDueAt: Fixture.day(14),
                trialEnd: Fixture.day(14)
            )
        }
        for period in [january, Fixture.days(14, 45)] {
            #expect(try end(after: [trial, due(period)]) == Fixture.day(21))
        }
        // Paid for after the trial, it holds.
        let paid = Fixture.subscription(.pro, period: january, at: Fixture.day(15), trialEnd: Fixture.day(14))
        let failed = Fixture.subscription(
            .pro,
            .pastDue,
            period: january,
            at: Fixture.day(18),
            pastDueAt: Fixture.day(18),
            trialEnd: Fixture.day(14)
        )
        #expect(try end(after: [trial, paid, failed]) == january.end)
    }

    @Test func `what was paid for is held to its end though the provider begins a shorter period`() throws {
        let year = Fixture.subscription(.pro, period: Fixture.days(0, 365), cycle: .year)
        for day in [10, 15] as [Int64] {
            let changed = due(in: Fixture.days(10, 41), at: Fixture.day(day), since: Fixture.day(day))
            #expect(try end(after: [year, changed]) == year.period.end)
        }
    }

    @Test func `a grace longer than the period holds for who has paid, too`() throws {
        var ends: [SubscriptionStatus: Timestamp?] = [:]
        for status in [SubscriptionStatus.active, .pastDue] {
            var ledger = try Ledger(catalog: Fixture.catalog(grace: .init(pastDue: .days(21))))
            let (before, week) = (Fixture.days(0, 7), Fixture.days(7, 14))
            try ledger.take(Fixture.subscription(.pro, period: before, cycle: .week), at: Fixture.day(0))
            let word = Fixture.subscription(.pro, status, period: week, cycle: .week, pastDueAt: week.start)
            try ledger.take(word, at: week.start)
            ends[status] = try ledger.overview(at: Fixture.day(8)).accessUntil
        }
        #expect(ends == [.pastDue: Fixture.day(28), .active: Fixture.day(30)])
    }
}
