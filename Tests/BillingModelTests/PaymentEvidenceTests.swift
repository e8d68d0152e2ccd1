import BillingModel
import Testing

/// By what it is told whether the payment of a period has failed, or another one.
@Suite struct PaymentEvidenceTests {
    private static let january = Fixture.days(0, 31)
    private static let february = Fixture.days(31, 59)

    private static func word(_ report: SubscriptionSnapshot) -> ProviderSnapshot {
        ProviderSnapshot(provider: "polar", subscriptions: [report])
    }

    private static let shown = [january, february].map { word(Fixture.subscription(.pro, period: $0)) }

    /// The first word of a failed payment, five days into February.
    private static func due(since: Timestamp?) -> ProviderSnapshot {
        word(Fixture.subscription(.pro, .pastDue, period: february, at: Fixture.day(36), pastDueAt: since))
    }

    private static func order(
        isPaid: Bool,
        at instant: Timestamp = february.start + .minutes(3),
        purpose: Account.Order.Purpose = .renewal,
        total: Int64 = 2_900,
        version: Timestamp? = nil
    ) throws -> ProviderSnapshot {
        ProviderSnapshot(
            provider: "polar",
            order: try Fixture.order(
                at: instant,
                version: version,
                isPaid: isPaid,
                purpose: purpose,
                total: total,
                subscription: "sub_1"
            )
        )
    }

    private func page(after words: [ProviderSnapshot], asked: Timestamp = Fixture.day(37)) throws -> Account.Overview {
        var pages: [Account.Overview] = []
        for order in Orders.all(of: words.count) {
            var ledger = try Ledger()
            for place in order + order { try ledger.send(.take(words[place]), at: Fixture.day(36)) }
            ledger.audit.check(ledger.account)
            pages.append(try ledger.overview(at: asked))
        }
        let first = try #require(pages.first)
        for page in pages {
            #expect(page.tier == first.tier && page.accessUntil == first.accessUntil && page.meters == first.meters)
            #expect(page.accessReason == first.accessReason && page.accessSince == first.accessSince)
        }
        return first
    }

    private func expectUnpaid(_ words: [ProviderSnapshot], until end: Timestamp) throws {
        let page = try page(after: words)
        #expect(page.tier.id == .pro && page.accessUntil == end)
        #expect(page[.documents]?.period?.start == Self.january.start, "the period that is not paid gives nothing")
    }

    private func expectPaid(_ words: [ProviderSnapshot]) throws {
        let page = try page(after: words)
        #expect(page.tier.id == .pro && page.accessUntil == Self.february.end)
        #expect(page[.documents]?.period == Self.february)
    }

    @Test func `the provider's own instant decides, however late it is heard of`() throws {
        let failedAt = Self.february.start + .hours(1)
        try expectUnpaid(Self.shown + [Self.due(since: failedAt)], until: failedAt + .days(7))
        try expectPaid(Self.shown + [Self.due(since: Fixture.day(35))])
    }

    @Test func `an instant that an earlier word has said counts, whatever the newest says`() throws {
        let failedAt = Self.february.start + .hours(1)
        for since in [nil, Fixture.day(38)] {
            let again = Fixture.subscription(
                .pro,
                .pastDue,
                period: Self.february,
                at: Fixture.day(40),
                pastDueAt: since
            )
            let words = Self.shown + [Self.due(since: failedAt), Self.word(again)]
            #expect(try page(after: words).accessUntil == failedAt + .days(7))
            #expect(try page(after: words, asked: Fixture.day(38)).accessSince == failedAt)
        }
    }

    @Test func `an order for the period that is not paid tells that the period is not`() throws {
        let order = try Self.order(isPaid: false)
        for since in [nil, Fixture.day(35)] {
            // The grace is counted from two days into the period at the latest: so it is no longer for being heard of late.
            try expectUnpaid(Self.shown + [order, Self.due(since: since)], until: Self.february.start + .days(9))
        }
    }

    @Test func `without an order and an instant, what fails two days into a period is another payment`() throws {
        try expectPaid(Self.shown + [Self.due(since: nil)])
    }

    @Test func `an order that asks for nothing, is for another period or of a change tells nothing`() throws {
        let others = [
            try Self.order(isPaid: false, total: 0), try Self.order(isPaid: false, at: Self.february.start + .days(2)),
            try Self.order(isPaid: false, at: Self.february.start - .minutes(61)),
            try Self.order(isPaid: false, purpose: .change),
        ]
        for order in others { try expectPaid(Self.shown + [order, Self.due(since: nil)]) }
    }

    @Test func `a paid order stands above one that is not paid and above the instant`() throws {
        let paid = try Fixture.order(
            "order_2",
            at: Self.february.start + .minutes(1),
            purpose: .renewal,
            subscription: "sub_1"
        )
        let order = ProviderSnapshot(provider: "polar", order: paid)
        let due = Self.due(since: Self.february.start + .hours(20))
        try expectPaid(Self.shown + [try Self.order(isPaid: false), order, due])
    }

    @Test func `an order that is paid after all brings the period`() throws {
        let words =
            Self.shown + [
                try Self.order(isPaid: false), Self.due(since: Self.february.start + .hours(1)),
                try Self.order(isPaid: true, version: Fixture.day(35)),
            ]
        try expectPaid(words)
    }

    /// By then the payment would have failed.
    @Test func `a period that is shown as paid two days after its start is paid`() throws {
        for (hours, isPaid) in [(47, false), (48, true)] as [(Int64, Bool)] {
            let later = Fixture.subscription(.pro, period: Self.february, at: Self.february.start + .hours(hours))
            let words = Self.shown + [Self.word(later), try Self.order(isPaid: false), Self.due(since: nil)]
            if isPaid { try expectPaid(words) } else { try expectUnpaid(words, until: Fixture.day(40)) }
        }
    }

    @Test func `what fails after a period is the next one's`() throws {
        let words = [
            Self.shown[0],
            try Self.order(isPaid: false, at: Self.january.start, purpose: .purchase),
            Self.word(
                Fixture.subscription(.pro, .pastDue, period: Self.february, at: Self.february.start + .hours(1))
            ),
        ]
        try expectUnpaid(words, until: Self.february.start + .hours(1) + .days(7))
    }

    // MARK: Reports that contradict themselves

    private static func due(_ period: TimeSpan, at version: Timestamp, since: Timestamp) -> ProviderSnapshot {
        word(Fixture.subscription(.pro, .pastDue, period: period, at: version, pastDueAt: since))
    }

    @Test func `an instant after the report that says it is the report's own`() throws {
        let failedAt = Self.february.start + .hours(1)
        for later in [Duration.tick, .days(9), .days(400)] {
            let words = [Self.shown[0], Self.due(Self.february, at: failedAt, since: failedAt + later)]
            let page = try page(after: words, asked: Fixture.day(36))
            #expect(page.accessSince == failedAt && page.accessUntil == failedAt + .days(7))
            // Nothing of it is left once there is a payment.
            var ledger = try Ledger()
            for word in words { try ledger.send(.take(word), at: Fixture.day(33)) }
            try ledger.take(Fixture.subscription(.pro, period: Self.february, at: Fixture.day(33)), at: Fixture.day(33))
            #expect(ledger.account.subscriptions.first?.dues == [])
        }
    }

    @Test func `an instant before the payment that was reported since is the report's own`() throws {
        let paid = Fixture.subscription(.pro, period: Self.february, at: Fixture.day(34))
        for since in [Self.february.start, Fixture.day(34), Fixture.day(-9)] {
            let words = [Self.shown[0], Self.word(paid), Self.due(Self.february, at: Fixture.day(36), since: since)]
            try expectPaid(words)
            #expect(try page(after: words).accessSince == Fixture.day(36))
        }
    }

    @Test func `an instant before the period is that of a payment that is due since before`() throws {
        let failedAt = Self.february.start + .hours(1)
        let march = Self.due(Fixture.days(59, 90), at: Fixture.day(59), since: failedAt)
        let page = try page(after: Self.shown + [march], asked: Fixture.day(36))
        #expect(page.accessReason == .paymentDue && page.accessUntil == failedAt + .days(7))
        #expect(page[.documents]?.period?.start == Self.january.start)
    }

    @Test func `an instant after the period is that of the next one's payment`() throws {
        let failedAt = Self.january.end + .hours(1)
        let words = [Self.shown[0], Self.due(Self.january, at: failedAt, since: failedAt)]
        #expect(try page(after: words, asked: Fixture.day(36)).accessUntil == failedAt + .days(7))
        // Heard of when access has lapsed, it gives none back.
        for since in [failedAt, Fixture.day(36)] {
            let late = [Self.shown[0], Self.due(Self.january, at: Fixture.day(36), since: since)]
            let page = try page(after: late)
            #expect(page.tier.id == .free && page.accessSince == Fixture.day(34))
        }
    }
}
