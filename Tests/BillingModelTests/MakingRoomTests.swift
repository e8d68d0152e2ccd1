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
    private func full(_ status: SubscriptionStatus = .canceled, endedOn day: Int64? = nil) throws -> Ledger {
        var ledger = try Ledger()
        let numbers = Array(0..<Int64(Account.maximumSubscriptions))
        let paid = numbers.map { Self.word($0, .active, on: 0) }
        try ledger.send(.take(ProviderSnapshot(provider: "polar", subscriptions: paid)), at: Fixture.day(1))
        let over = numbers.map { Self.word($0, status, on: day) }
        try ledger.send(.take(ProviderSnapshot(provider: "polar", subscriptions: over)), at: late)
        #expect(ledger.account.subscriptions.count == Account.maximumSubscriptions)
        return ledger
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

    @Test(arguments: [SubscriptionStatus.paused, .unpaid, .pastDue, .active])
    func `what may go on is not forgotten`(status: SubscriptionStatus) throws {
        var ledger = try full(status)
        let new = Fixture.subscription(.pro, id: "new", period: Fixture.days(89, 120))
        #expect(code { try ledger.take(new, at: late) } == .tooMany)
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
