import BillingModel
import SeededTesting
import Testing

/// The same words lead to the same standing although access lapses while they come, whatever was used, refunded and given
/// beside the tier meanwhile.
@Suite struct OrderAfterLapseTests {
    /// Words of the provider, the instants at which they arrive, and what the customer does at those.
    struct Story: RetoldStory {
        var words: [ProviderSnapshot] = []
        /// One for each word and more; all that the words speak of has begun by the first.
        var instants: [Timestamp] = []
        /// How many units are used at an instant, by its place; they are so few that no tier refuses them.
        var uses: [Int: Int64] = [:]
        /// The places of uses that are refunded at a later place.
        var refunds: [Int: Int] = [:]

        /// A use only once its refund is left out.
        var lesserStories: [Story] {
            let without = refunds.keys.sorted().map { use in
                var lesser = self
                lesser.refunds[use] = nil
                return lesser
            }
            return without
                + uses.keys.sorted().filter { refunds[$0] == nil }.map { use in
                    var lesser = self
                    lesser.uses[use] = nil
                    return lesser
                }
        }

        var remarks: String { "uses \(uses), refunds \(refunds), instants \(instants)" }

        static let catalog = Result {
            try Catalog(
                version: 1,
                meters: Fixture.meters,
                features: [Feature(BenefitTests.sso, name: "Single sign-on")],
                tiers: Fixture.tiers,
                fallback: .free
            )
        }

        /// Returns the account and what was seen of it after each word of an order that has come.
        func told(_ words: [ProviderSnapshot]) throws -> Ledger {
            var ledger = try Ledger(catalog: Self.catalog.get())
            for (place, now) in instants.enumerated() {
                if place < words.count { try ledger.send(.take(words[place]), at: now) }
                if let units = uses[place] {
                    let answer = try ledger.consume(units, key: Account.Key("use \(place)"), at: now)
                    #expect(answer.isApplied, "a story in which units are refused depends on the order by right")
                }
                for (use, _) in refunds.filter({ $0.value == place }).sorted(by: { $0.key < $1.key }) {
                    try ledger.refund(under: Account.Key("use \(use)"), key: Account.Key("refund \(use)"), at: now)
                }
            }
            ledger.audit.check(ledger.account)
            return ledger
        }

        /// Returns what there is to see after the words have come, and some days later.
        func standings(after words: [ProviderSnapshot]) throws -> [Seen] {
            let ledger = try told(words)
            guard let last = instants.last else { return [] }
            return try [0, 5, 20, 45].map { Seen(try ledger.overview(at: last + .days($0) + .tick)) }
        }
    }

    struct Seen: Equatable {
        let standing: OrderIndependenceTests.Standing
        let features: [Feature.ID: Feature.Value]

        init(_ overview: Account.Overview) {
            standing = OrderIndependenceTests.Standing(of: overview)
            features = overview.tier.features
        }
    }

    @Test(arguments: 0..<4)
    func `the order of words that come after a lapse leaves no trace`(part: Int) throws {
        let seed = SeededGenerator.seed(for: "order after a lapse, part \(part)") &+ UInt64(part)
        var generator = SeededGenerator(seed: seed)
        var shares = [
            "lapse": 0, "feature": 0, "refunded order": 0, "refund": 0, "units": 0, "past due": 0, "unknown": 0,
            "feature seen": 0, "on pro": 0, "on free": 0,
        ]
        for _ in 0..<150 {
            let story = Self.story(using: &generator)
            let inOrder = try story.standings(after: story.words)
            try Self.count(story, inOrder, in: &shares)
            for _ in 0..<3 {
                let shuffled = story.words.shuffled(using: &generator)
                if try story.standings(after: shuffled) != inOrder {
                    Issue.record("\(seed): \(try story.failure(after: shuffled))")
                    return
                }
            }
        }
        print("order after a lapse, part \(part): \(shares.sorted { $0.key < $1.key })")
        #expect(shares.values.allSatisfy { $0 >= 15 }, "the stories are too dull: \(shares)")
    }

    private static func count(_ story: Story, _ seen: [Seen], in shares: inout [String: Int]) throws {
        var kinds: Set<String> = story.refunds.isEmpty ? [] : ["refund"]
        for word in story.words {
            if let order = word.order, order.isGivenBack { kinds.insert("refunded order") }
            for benefit in word.benefits {
                if case .feature = benefit.gift { kinds.insert("feature") } else { kinds.insert("units") }
            }
            for report in word.subscriptions {
                if report.status == .pastDue { kinds.insert("past due") }
                if report.status == "frozen" { kinds.insert("unknown") }
            }
        }
        let notices = try story.told(story.words).notices
        let isLapsed = notices.contains { if case .tierChanged(from: _, to: .free) = $0 { true } else { false } }
        if isLapsed { kinds.insert("lapse") }
        if seen.contains(where: { !$0.features.isEmpty }) { kinds.insert("feature seen") }
        for one in seen { kinds.insert(one.standing.tier == .free ? "on free" : "on pro") }
        for kind in kinds { shares[kind, default: 0] += 1 }
    }

    // MARK: Stories

    private static func story(using generator: inout SeededGenerator) -> Story {
        var story = Story()
        var words: [(version: Timestamp, word: ProviderSnapshot)] = []
        for number in 1...Int.random(in: 1...2, using: &generator) {
            words += subscription("sub_\(number)", using: &generator)
        }
        if Int.random(in: 0..<3, using: &generator) > 0 { words += feature(using: &generator) }
        if Bool.random(using: &generator) { words += units(using: &generator) }
        story.words = words.sorted { $0.version < $1.version }.map(\.word)
        // Access lapses between one arrival and the next, more than once.
        var now = Fixture.day(30)
        for place in 0..<story.words.count + Int.random(in: 1...3, using: &generator) {
            story.instants.append(now)
            now = now + .hours([1, 5, 40, 90, 200].randomElement(using: &generator) ?? 1)
            guard story.uses.count < 6, Bool.random(using: &generator) else { continue }
            story.uses[place] = 1
            if Bool.random(using: &generator) { story.refunds[place] = place + 1 }
        }
        story.refunds = story.refunds.filter { $0.value < story.instants.count }
        return story
    }

    private static func subscription(
        _ id: String,
        using generator: inout SeededGenerator
    ) -> [(version: Timestamp, word: ProviderSnapshot)] {
        var words: [(version: Timestamp, word: ProviderSnapshot)] = []
        var version = Fixture.day(Int64.random(in: 0..<9, using: &generator))
        var start = version
        let length = Duration.days([7, 30, 60, 60].randomElement(using: &generator) ?? 30)
        for number in 0..<Int.random(in: 1...4, using: &generator) where version < Fixture.day(30) {
            let statuses: [SubscriptionStatus] = [
                .active, .active, .active, .pastDue, .pastDue, .unpaid, .paused, .canceled, "frozen",
            ]
            let status = number == 0 ? .active : statuses.randomElement(using: &generator) ?? .active
            let failures = [nil, version, min(version, start + .hours(3))]
            let report = Fixture.subscription(
                [.pro, .pro, .enterprise].randomElement(using: &generator) ?? .pro,
                status,
                id: id,
                period: TimeSpan(from: start, to: start + length),
                at: version,
                cancels: Int.random(in: 0..<6, using: &generator) == 0,
                endedAt: status == .canceled ? version - .hours(2) : nil,
                pastDueAt: status == .pastDue ? failures.randomElement(using: &generator) ?? nil : nil
            )
            words.append((version, ProviderSnapshot(provider: "polar", subscriptions: [report])))
            words += order("order_\(id)_\(number)", of: id, madeAt: start + .minutes(2), at: version, using: &generator)
            version = version + .hours(Int64.random(in: 1...250, using: &generator))
            if start + length <= version { start = start + length }
        }
        return words
    }

    /// What is told of an order: that it is paid, now and then that it was given back.
    private static func order(
        _ id: String,
        of subscription: String,
        madeAt created: Timestamp,
        at version: Timestamp,
        using generator: inout SeededGenerator
    ) -> [(version: Timestamp, word: ProviderSnapshot)] {
        guard Bool.random(using: &generator) else { return [] }
        var words: [(version: Timestamp, word: ProviderSnapshot)] = []
        for (delay, status) in [(1, "paid"), (60, "refunded")] as [(Int64, String)] {
            guard status == "paid" || Int.random(in: 0..<3, using: &generator) == 0 else { continue }
            let told = max(version, created) + .minutes(delay)
            let order = try? Fixture.order(
                id,
                at: created,
                version: told,
                status: status,
                purpose: .renewal,
                subscription: subscription
            )
            words.append((told, ProviderSnapshot(provider: "polar", order: order)))
        }
        return words
    }

    private static func feature(
        using generator: inout SeededGenerator
    ) -> [(version: Timestamp, word: ProviderSnapshot)] {
        let subscription: String? = [nil, "sub_1", "sub_2"].randomElement(using: &generator) ?? nil
        var at = Fixture.day(Int64.random(in: 0..<9, using: &generator))
        return (0..<Int.random(in: 1...3, using: &generator)).map { _ in
            let isRevoked = Int.random(in: 0..<4, using: &generator) == 0
            let word = BenefitTests.word(
                .feature(BenefitTests.sso),
                "ben_sso",
                at: at,
                revokedAt: isRevoked ? at : nil,
                subscription: subscription
            )
            defer { at = at + .hours(Int64.random(in: 1...200, using: &generator)) }
            return (at, word)
        }
    }

    /// What is said of lots of units, which are used after the tier's and so not at all.
    private static func units(
        using generator: inout SeededGenerator
    ) -> [(version: Timestamp, word: ProviderSnapshot)] {
        var at = Fixture.day(Int64.random(in: 0..<9, using: &generator))
        var creditedAt = at
        return (0..<Int.random(in: 1...3, using: &generator)).map { _ in
            let isRevoked = Int.random(in: 0..<3, using: &generator) == 0
            if !isRevoked { creditedAt = at }
            let gift = Benefit.Gift.units(20, of: .meter(.documents), rollsOver: Bool.random(using: &generator))
            let word = BenefitTests.word(gift, creditedAt: creditedAt, at: at, revokedAt: isRevoked ? at : nil)
            defer { at = at + .hours(Int64.random(in: 1...200, using: &generator)) }
            return (at, word)
        }
    }
}
