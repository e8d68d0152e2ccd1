import BillingModel
import Testing

/// What has been over for long gives way to what is new, and no old word brings it back.
@Suite struct MakingRoomTests {
    private let late = Fixture.day(90)

    private static func word(
        _ number: Int64,
        _ status: SubscriptionStatus = .canceled,
        on day: Int64? = nil
    ) -> SubscriptionSnapshot {
        Fixture.subscription(
            .pro,
            status,
            id: "sub_\(number)",
            period: Fixture.days(0, 31),
            at: day.map(Fixture.day) ?? Fixture.day(1) + .seconds(number)
        )
    }

    /// A customer with as many subscriptions as there may be, each paid for once and over, the first of them first.
    private func full(
        _ status: SubscriptionStatus = .canceled,
        endedOn day: Int64? = nil,
        toldOn told: Int64 = 90,
        but others: [Int64: (SubscriptionStatus, day: Int64)] = [:]
    ) throws -> Ledger {
        var ledger = try Ledger()
        let numbers = Array(0..<Int64(Account.maximumSubscriptions))
        let paid = numbers.map { Self.word($0, .active, on: 0) }
        try ledger.send(.take(ProviderSnapshot(provider: "polar", subscriptions: paid)), at: Fixture.day(1))
        let over = numbers.map { number in
            others[number].map { Self.word(number, $0.0, on: $0.day) } ?? Self.word(number, status, on: day)
        }
        try ledger.send(.take(ProviderSnapshot(provider: "polar", subscriptions: over)), at: Fixture.day(told))
        #expect(ledger.account.subscriptions.count == Account.maximumSubscriptions)
        return ledger
    }

    /// Tells of one more subscription, and returns which one gave way to it.
    private func forgotten(by ledger: inout Ledger, at now: Timestamp) throws -> [String] {
        let before = ledger.account.subscriptions.map(\.id)
        let period = TimeSpan(from: now, to: now + .days(9))
        let new = Fixture.subscription(.free, id: "new_\(now.microseconds)", period: period)
        #expect(try ledger.take(new, at: now) == .taken)
        let after = Set(ledger.account.subscriptions.map(\.id))
        return before.filter { !after.contains($0) }
    }

    @Test func `the subscription that ended first gives way to a new one`() throws {
        var ledger = try full()
        try ledger.take(Fixture.subscription(.enterprise, id: "new", period: Fixture.days(89, 120)), at: late)
        #expect(try ledger.overview(at: late).tier.id == .enterprise)
        let names = Set(ledger.account.subscriptions.map(\.id))
        #expect(names.count == Account.maximumSubscriptions && !names.contains("sub_0") && names.contains("sub_1"))
        ledger.audit.check(ledger.account)
    }

    @Test func `no old word brings a forgotten subscription back, and a new one does`() throws {
        var ledger = try full()
        try ledger.take(Fixture.subscription(.free, id: "new", period: Fixture.days(89, 120)), at: late)
        let before = ledger.account
        for (status, day) in [(.active, 0), (.active, 1), (.canceled, 1), (.active, 58)]
            as [(SubscriptionStatus, Int64)]
        {
            // For years to come: had it been paid for, it would still give something.
            let old = Fixture.subscription(
                .pro,
                status,
                id: "sub_0",
                period: Fixture.days(0, 3_000),
                at: Fixture.day(day)
            )
            #expect(try ledger.take(old, at: late) == .stale)
            #expect(try ledger.take(old, at: late + .days(1)) == .stale)
        }
        #expect(ledger.account == before)
        let again = Fixture.subscription(.pro, id: "sub_0", period: Fixture.days(88, 119), at: Fixture.day(89))
        #expect(try ledger.take(again, at: late + .days(1)) == .taken)
        #expect(try ledger.overview(at: late + .days(1)).tier.id == .pro)
    }

    @Test func `a first word is news however old it is`() throws {
        var ledger = try Ledger()
        #expect(try ledger.take(Self.word(1, .active), at: late) == .taken)
        #expect(try ledger.take(Self.word(2), at: late) == .taken)
    }

    /// What may go on has given nothing since it was lost, or since time ended it: the paid period, and its grace.
    private static let ends: [(SubscriptionStatus, day: Int64)] = [
        (.paused, 5), (.unpaid, 5), (.pastDue, 31), ("frozen", 31), (.active, 34),
    ]

    @Test(arguments: ends.indices)
    func `what may go on is forgotten once it has given nothing for long, and not before`(place: Int) throws {
        let (status, end) = Self.ends[place]
        var ledger = try full(status, endedOn: 5, toldOn: 6)
        try ledger.consume(7, at: Fixture.day(6))
        let now = Fixture.day(end) + Account.memoryOfEnded
        let new = Fixture.subscription(.free, id: "new", period: Fixture.days(end, end + 31))
        #expect(code { try ledger.take(new, at: now - .tick) } == .tooMany)
        #expect(try forgotten(by: &ledger, at: now) == ["sub_0"])
        ledger.audit.check(ledger.account)
        // Whatever was said before it was forgotten is no news.
        let line = try ledger.line(at: now)
        for old in [Self.word(0, .active, on: 0), Self.word(0, status, on: 5), Self.word(0, .active, on: 4)] {
            #expect(try ledger.take(old, at: now) == .stale)
        }
        #expect(try ledger.line(at: now) == line && ledger.overview(at: now).tier.id == .free)
        // What is said after is, as of a subscription that is new; there is room for it again a moment later.
        let period = TimeSpan(from: now, to: now + .days(31))
        #expect(try ledger.take(Fixture.subscription(.pro, id: "sub_0", period: period), at: now + .tick) == .taken)
        #expect(try ledger.overview(at: now + .tick).tier.id == .pro)
    }

    @Test func `what never gave anything is forgotten once nothing was said of it for long`() throws {
        var ledger = try Ledger()
        let words = (0..<Int64(Account.maximumSubscriptions)).map { Self.word($0, .pastDue, on: 1) }
        try ledger.send(.take(ProviderSnapshot(provider: "polar", subscriptions: words)), at: Fixture.day(1))
        let new = Fixture.subscription(.pro, id: "new", period: Fixture.days(30, 61))
        let memory = Account.memoryOfEnded
        #expect(code { try ledger.take(new, at: Fixture.day(1) + memory - .tick) } == .tooMany)
        #expect(try forgotten(by: &ledger, at: Fixture.day(1) + memory) == ["sub_0"])
    }

    @Test func `what may come back goes after what cannot, and the last to have ended after all others`() throws {
        var ledger = try full(
            .paused,
            endedOn: 3,
            toldOn: 12,
            but: [7: (.canceled, 8), 9: (.canceled, 9), 500: (.unpaid, 10)]
        )
        let now = Fixture.day(90)
        #expect(try forgotten(by: &ledger, at: now) == ["sub_7"])
        #expect(try forgotten(by: &ledger, at: now + .tick) == ["sub_9"])
        #expect(try forgotten(by: &ledger, at: now + .tick + .tick) == ["sub_0"])
        var other = try full(.paused, endedOn: 3, toldOn: 12, but: [7: (.canceled, 8)])
        #expect(
            try forgotten(by: &other, at: now) == ["sub_0"],
            "the fallback tier's period counts from the other's end"
        )
    }

    @Test func `without the catalog that it was bought under, nothing is known to be over`() throws {
        var ledger = try full(.active, endedOn: 5, toldOn: 6)
        ledger.catalog = try Fixture.catalog(version: 2)
        let new = Fixture.subscription(.free, id: "new", period: Fixture.days(89, 120))
        #expect(code { try ledger.take(new, at: late) } == .missing([.catalog(1)]))
        ledger.earlierCatalogs = [try Fixture.catalog()]
        #expect(try ledger.take(new, at: late) == .taken)
    }

    @Test func `what ended lately is not forgotten`() throws {
        var ledger = try full(endedOn: 59)
        let new = Fixture.subscription(.pro, id: "new", period: Fixture.days(89, 120))
        let memory = Account.memoryOfEnded
        #expect(code { try ledger.take(new, at: Fixture.day(59) + memory - .tick) } == .tooMany)
        #expect(try ledger.take(new, at: Fixture.day(59) + memory) == .taken)
    }

    // MARK: Benefits

    private static func benefits(_ numbers: [Int64], isGranted: Bool = false, creditedAt: Timestamp? = nil)
        -> ProviderSnapshot
    {
        ProviderSnapshot(
            provider: "polar",
            benefits: numbers.map { number in
                BenefitSnapshot(
                    key: Benefit.Key(provider: "polar", id: "ben_\(number)"),
                    version: Fixture.version(Fixture.day(1) + .seconds(number)),
                    gift: BenefitTests.fifty,
                    isGranted: isGranted,
                    creditedAt: creditedAt,
                    revokedAt: isGranted ? nil : Fixture.day(1)
                )
            }
        )
    }

    @Test func `the benefit that was taken back first gives way, and no old word gives it again`() throws {
        var ledger = try Ledger()
        try ledger.send(.take(Self.benefits(Array(0..<1_000))), at: late)
        try ledger.send(.take(BenefitTests.word(BenefitTests.fifty, "new", creditedAt: late, at: late)), at: late)
        let names = Set(ledger.account.benefits.map(\.key.id))
        #expect(names.count == 1_000 && !names.contains("ben_0") && names.contains("new"))
        let line = try ledger.line(at: late)
        let old = Self.benefits([0], isGranted: true, creditedAt: Fixture.day(1) + .tick)
        #expect(try ledger.send(.take(old), at: late).answer == .stale)
        #expect(try ledger.line(at: late) == line && !ledger.account.benefits.contains { $0.key.id == "ben_0" })
        ledger.audit.check(ledger.account)
    }

    @Test func `a benefit that is given, or whose units are still set aside, is not forgotten`() throws {
        var ledger = try Ledger()
        try ledger.send(.take(Self.benefits(Array(0..<1_000), isGranted: true)), at: late)
        let new = BenefitTests.word(BenefitTests.fifty, "new", at: late)
        #expect(code { try ledger.send(.take(new), at: late) } == .tooMany)
    }
}
