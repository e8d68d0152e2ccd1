import BillingModel
import SeededTesting
import Testing

/// What a provider gives beside a tier: units that it credits, and features.
@Suite struct BenefitTests {
    let now = Fixture.day(3)
    static let fifty = Benefit.Gift.units(50, of: .meter(.documents), rollsOver: false)
    static let sso = Feature.ID("sso")

    static func word(
        _ gift: Benefit.Gift = fifty,
        _ id: String = "ben_1",
        creditedAt: Timestamp? = nil,
        at version: Timestamp,
        revokedAt: Timestamp? = nil,
        subscription: String? = nil
    ) -> ProviderSnapshot {
        ProviderSnapshot(
            provider: "polar",
            benefits: [
                BenefitSnapshot(
                    key: Benefit.Key(provider: "polar", id: id),
                    version: Fixture.version(version),
                    gift: gift,
                    isGranted: revokedAt == nil,
                    subscription: subscription,
                    creditedAt: creditedAt,
                    revokedAt: revokedAt
                )
            ]
        )
    }

    @Test func `credited units are a grant, given once however often they are told`() throws {
        var ledger = try Ledger()
        let word = Self.word(creditedAt: now, at: now)
        #expect(try ledger.send(.take(word), at: now).answer == .taken)
        #expect(try ledger.line(at: now).remaining == .units(60))
        #expect(try ledger.send(.take(word), at: now + .hours(1)).answer == .stale)
        // The same lot, in a newer report.
        try ledger.send(.take(Self.word(creditedAt: now, at: now + .hours(2))), at: now + .hours(2))
        #expect(try ledger.line(at: now + .hours(2)).remaining == .units(60))
        let grant = try #require(ledger.account.grants.first { $0.source == .order })
        #expect(grant.basis == .given && grant.amount == 50 && grant.effective == now && grant.expiry == nil)
        ledger.audit.check(ledger.account)
    }

    @Test func `a lot ends with the next one, or stays where it rolls over`() throws {
        for rollsOver in [false, true] {
            let gift = Benefit.Gift.units(50, of: .meter(.documents), rollsOver: rollsOver)
            for days in [[3, 5] as [Int64], [5, 3]] {
                var ledger = try Ledger()
                for day in days {
                    let word = Self.word(gift, creditedAt: Fixture.day(day), at: Fixture.day(day))
                    try ledger.send(.take(word), at: Fixture.day(6))
                }
                #expect(try ledger.line(at: Fixture.day(6)).remaining == .units(rollsOver ? 110 : 60))
                ledger.audit.check(ledger.account)
            }
        }
    }

    @Test func `which lots are left does not hang on the order of words of which some roll over and some do not`()
        throws
    {
        // By the lot: whether each of its words says that lots roll over, and which lots are left in the end.
        let cases: [(words: [(day: Int64, rollsOver: Bool)], left: Set<Int64>)] = [
            ([(3, false), (5, false), (7, true)], [5, 7]), ([(3, true), (5, true), (7, false)], [7]),
            ([(3, true), (5, false), (7, true)], [5, 7]), ([(3, false), (5, true), (7, true)], [3, 5, 7]),
            ([(3, true), (5, true), (5, false)], [5]), ([(3, true), (5, false), (5, true)], [5]),
        ]
        for (words, left) in cases {
            let told = words.enumerated().map { number, word in
                Self.word(
                    .units(50, of: .meter(.documents), rollsOver: word.rollsOver),
                    creditedAt: Fixture.day(word.day),
                    at: Fixture.day(word.day) + .hours(Int64(number))
                )
            }
            for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0], [2, 1, 0, 2, 1]] {
                var ledger = try Ledger()
                for index in order { try ledger.send(.take(told[index]), at: Fixture.day(9)) }
                let lots = ledger.account.grants.filter { $0.source == .order && $0.remaining > 0 }
                #expect(Set(lots.map(\.effective)) == Set(left.map { Fixture.day($0) }), "\(words) told as \(order)")
                ledger.audit.check(ledger.account)
            }
        }
    }

    @Test func `taking a benefit back voids what is left of it, and nothing that was used`() throws {
        var ledger = try Ledger()
        try ledger.send(.take(Self.word(creditedAt: now, at: now)), at: now)
        try ledger.consume(25, at: now)
        let work = try ledger.reserve(5, at: now)
        let later = now + .minutes(10)
        try ledger.send(.take(Self.word(creditedAt: now, at: later, revokedAt: later)), at: later)
        let line = try ledger.line(at: later)
        #expect(line.used == 25 && line.remaining == .units(0) && line.held == 5)
        try ledger.release(work, at: later)
        #expect(try ledger.line(at: later).remaining == .units(0), "what comes free of it is gone as well")
        ledger.audit.check(ledger.account)
    }

    @Test func `a benefit that was taken back before it was told is never given`() throws {
        var ledger = try Ledger()
        let revoked = Self.word(creditedAt: now, at: now + .hours(1), revokedAt: now + .hours(1))
        try ledger.send(.take(revoked), at: now + .hours(2))
        try ledger.send(.take(Self.word(creditedAt: now, at: now)), at: now + .hours(2))
        #expect(try ledger.line(at: now + .hours(2)).remaining == .units(10))
        // Given anew, it is a lot of its own.
        try ledger.send(.take(Self.word(creditedAt: now + .hours(3), at: now + .hours(3))), at: now + .hours(3))
        #expect(try ledger.line(at: now + .hours(3)).remaining == .units(60))
    }

    @Test func `what is credited at the instant of its taking back is taken back, and a moment later it is not`() throws
    {
        for (creditedAt, left) in [(now - .tick, 10), (now, 10), (now + .tick, 60)] as [(Timestamp, Int64)] {
            var ledger = try Ledger()
            try ledger.send(.take(Self.word(creditedAt: creditedAt, at: creditedAt)), at: now + .hours(1))
            try ledger.send(.take(Self.word(at: now + .minutes(1), revokedAt: now)), at: now + .hours(1))
            #expect(try ledger.line(at: now + .hours(1)).remaining == .units(left))
            ledger.audit.check(ledger.account)
        }
    }

    @Test func `one benefit's end leaves another's units`() throws {
        var ledger = try Ledger()
        try ledger.send(.take(Self.word(creditedAt: now, at: now)), at: now)
        try ledger.send(.take(Self.word(Self.fifty, "ben_11", creditedAt: now, at: now)), at: now)
        try ledger.send(.take(Self.word(creditedAt: now, at: now + .tick, revokedAt: now + .tick)), at: now + .tick)
        #expect(try ledger.line(at: now + .tick).remaining == .units(60))
    }

    @Test func `a feature is there while it is given, where the catalog has it`() throws {
        var ledger = try Ledger(
            catalog: Catalog(
                version: 1,
                meters: Fixture.meters,
                features: [Feature(Self.sso, name: "Single sign-on")],
                tiers: Fixture.tiers,
                fallback: .free
            )
        )
        try ledger.send(.take(Self.word(.feature(Self.sso), at: now)), at: now)
        #expect(try ledger.overview(at: now).tier.has(Self.sso))
        #expect(try ledger.overview(at: now).benefits.map(\.key.id) == ["ben_1"])
        let other = Self.word(.feature(Feature.ID("unknown")), "ben_2", at: now)
        try ledger.send(.take(other), at: now)
        #expect(try ledger.overview(at: now).tier.features == [Self.sso: true])
        // The host's own word stands in place of everybody's.
        try ledger.send(Account.Command(.override([.init(.feature(Self.sso, false))])), at: now)
        #expect(try !ledger.overview(at: now).tier.has(Self.sso))
        try ledger.send(Account.Command(.override([])), at: now)
        let later = now + .hours(1)
        try ledger.send(.take(Self.word(.feature(Self.sso), at: later, revokedAt: later)), at: later)
        #expect(try !ledger.overview(at: later).tier.has(Self.sso))
        #expect(try ledger.send(.take(Self.word(.feature(Self.sso), at: now)), at: later).answer == .stale)
    }

    @Test func `a feature that came with a subscription is there while that one gives access`() throws {
        var ledger = try Ledger(
            catalog: Catalog(
                version: 1,
                meters: Fixture.meters,
                features: [Feature(Self.sso, name: "Single sign-on")],
                tiers: Fixture.tiers,
                fallback: .free
            )
        )
        let word = Self.word(.feature(Self.sso), at: now, subscription: "sub_1")
        try ledger.send(.take(word), at: now)
        #expect(try !ledger.overview(at: now).tier.has(Self.sso), "nothing is known of the subscription yet")
        let period = Fixture.days(0, 31)
        // Of another subscription, and of one of that name at another provider, it is no part.
        try ledger.take(Fixture.subscription(.pro, id: "sub_2", period: Fixture.days(0, 365)), at: now)
        let elsewhere = Fixture.subscription(.pro, period: Fixture.days(0, 365), provider: "other")
        try ledger.send(.take(ProviderSnapshot(provider: "other", subscriptions: [elsewhere])), at: now)
        #expect(try !ledger.overview(at: now).tier.has(Self.sso))
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        let end = period.end + .days(3)
        #expect(try ledger.overview(at: now).tier.has(Self.sso))
        #expect(try ledger.overview(at: end - .tick).tier.has(Self.sso))
        let after = try ledger.overview(at: end).tier
        #expect(after.id == .pro && !after.has(Self.sso), "neither the end nor the revocation was told")
    }

    @Test func `a benefit is one customer's`() throws {
        var ledger = try Ledger()
        try ledger.send(.take(Self.word(creditedAt: now, at: now)), at: now)
        var thief = try Ledger("thief")
        thief.owners = ledger.owners
        let word = Self.word(creditedAt: now, at: now)
        #expect(code { try thief.send(.take(word), at: now) } == .belongsToAnother)
    }

    @Test(arguments: 0..<3)
    func `the order of a benefit's words leaves no trace`(part: Int) throws {
        let seed = SeededGenerator.seed(for: "order of benefits, part \(part)") &+ UInt64(part)
        var generator = SeededGenerator(seed: seed)
        var ends: Set<Int64> = []
        for _ in 0..<150 {
            let rollsOver = Bool.random(using: &generator)
            let gift = Benefit.Gift.units(20, of: .meter(.documents), rollsOver: rollsOver)
            var words: [ProviderSnapshot] = []
            var creditedAt = Fixture.day(1)
            for number in 1...Int64.random(in: 1...5, using: &generator) {
                let at = Fixture.day(number * 3)
                let isRevoked = Int.random(in: 0..<4, using: &generator) == 0
                if !isRevoked { creditedAt = at }
                words.append(Self.word(gift, creditedAt: creditedAt, at: at, revokedAt: isRevoked ? at : nil))
            }
            // Units are used of the tier, which end sooner and so come first.
            let uses = (0..<words.count + 3).filter { _ in Bool.random(using: &generator) }
            func left(after words: [ProviderSnapshot]) throws -> [Account.Overview.Line] {
                var ledger = try Ledger()
                for place in 0..<words.count + 3 {
                    let at = Fixture.day(20) + .minutes(Int64(place))
                    if place < words.count { try ledger.send(.take(words[place]), at: at) }
                    if uses.contains(place) { try ledger.consume(1, at: at) }
                    ledger.audit.check(ledger.account)
                }
                return try ledger.overview(at: Fixture.day(21)).meters
            }
            let inOrder = try left(after: words)
            if case .units(let units)? = inOrder.first?.remaining { ends.insert(units / 20) }
            for _ in 0..<3 {
                let shuffled = words.shuffled(using: &generator)
                #expect(try left(after: shuffled) == inOrder, "\(seed)")
            }
        }
        #expect(ends.count > 2, "the stories are too dull: \(ends)")
    }
}
