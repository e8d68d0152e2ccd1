import BillingModel
import SeededTesting
import Testing

/// The same words of the provider, in whatever order and however often they come, lead to the same standing.
@Suite struct OrderIndependenceTests {
    /// Everything that one customer's provider has to say, oldest first, and what the customer does meanwhile.
    struct Story: RetoldStory {
        /// When the first word arrives; all that they speak of has begun by then.
        static let start = Fixture.day(45)

        var words: [ProviderSnapshot] = []
        /// The places in the timeline after which a unit is used.
        var uses: Set<Int> = []
        /// The instants before the first word at which a unit is used.
        var earlierUses: [Timestamp] = []
        var clicks: [String?] = []

        var lesserStories: [Story] {
            let without = uses.map { use in
                var lesser = self
                lesser.uses.remove(use)
                return lesser
            }
            return without
                + earlierUses.indices.map { index in
                    var lesser = self
                    lesser.earlierUses.remove(at: index)
                    return lesser
                }
        }

        var remarks: String { "uses after \(uses.sorted()), before at \(earlierUses), clicks \(clicks)" }

        /// Delivers words a minute apart and uses units between them, at the same instants for every order.
        ///
        /// The units are so few that no tier of the story refuses them.
        func told(_ words: [ProviderSnapshot]) throws -> Ledger {
            var ledger = try Ledger()
            for instant in earlierUses.sorted() { try ledger.use(at: instant) }
            for reference in clicks { try ledger.startUpgrade(reference: reference, at: Self.start - .hours(1)) }
            for place in 0..<max(words.count, (uses.max() ?? 0) + 1) {
                let now = Self.start + .minutes(Int64(place))
                if place < words.count { try ledger.send(.take(words[place]), at: now) }
                if uses.contains(place) { try ledger.use(at: now) }
                ledger.audit.check(ledger.account)
            }
            return ledger
        }

        /// Returns what there is to see some days after the words have come.
        func standings(after words: [ProviderSnapshot]) throws -> [Standing] {
            let ledger = try told(words)
            return try [1, 8, 20, 45].map { Standing(of: try ledger.overview(at: Self.start + .days($0))) }
        }
    }

    /// What a page can show, without the names that depend on revisions.
    struct Standing: Equatable {
        struct Lot: Equatable {
            let subject: Account.Balance.Subject
            let source: Account.Grant.Source
            let counts: [Int64]
            let span: TimeSpan
        }

        let tier: Tier.ID
        let until: Timestamp?
        let since: Timestamp?
        let reason: Account.Access.Reason
        let access: String?
        let subscriptions: [SubscriptionSnapshot]
        let lines: [Account.Overview.Line]
        let lots: [Lot]
        let upgrades: [Upgrade]

        init(of overview: Account.Overview) {
            tier = overview.tier.id
            until = overview.accessUntil
            since = overview.accessSince
            reason = overview.accessReason
            access = overview.subscription?.id
            subscriptions = overview.subscriptions
            lines = overview.meters
            lots = overview.grants.map { grant in
                Lot(
                    subject: grant.subject,
                    source: grant.source,
                    counts: [grant.amount, grant.used, grant.held, grant.expired, grant.voided, grant.moved],
                    span: grant.span
                )
            }.sorted { ($0.subject, $0.span.start, $0.counts[0]) < ($1.subject, $1.span.start, $1.counts[0]) }
            upgrades = overview.upgrades
        }
    }

    @Test(arguments: 0..<4)
    func `the order of the provider's words leaves no trace`(part: Int) throws {
        let seed = SeededGenerator.seed(for: "order of words, part \(part)") &+ UInt64(part)
        var generator = SeededGenerator(seed: seed)
        var tiers: [Tier.ID: Int] = [:]
        var completed = 0
        var shares: [String: Int] = [:]
        for _ in 0..<220 {
            let story = Self.story(using: &generator)
            for kind in Self.kinds(of: story) { shares[kind, default: 0] += 1 }
            let inOrder = try story.standings(after: story.words)
            for standing in inOrder {
                tiers[standing.tier, default: 0] += 1
                completed += standing.upgrades.count { $0.stage == .completed }
            }
            for _ in 0..<3 {
                let copies = story.words.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }
                let shuffled = (story.words + copies).shuffled(using: &generator)
                if try story.standings(after: shuffled) != inOrder {
                    Issue.record("\(try story.failure(after: shuffled))")
                    return
                }
            }
        }
        print(
            "order of words, part \(part): \(tiers), \(completed) times completed, stories with \(shares.sorted { $0.key < $1.key })"
        )
        let wanted = [
            "benefit", "revocation", "pending change", "seats", "past due", "past due, no instant", "loss", "unpaid",
            "paused", "incomplete_expired", "overlap", "order purchase", "order change", "order renewal", "order paid",
            "order pending", "order refunded",
        ]
        for kind in wanted {
            #expect(shares[kind, default: 0] >= 8, "too few stories have a \(kind)")
        }
        #expect(tiers.count == 3 && tiers.values.allSatisfy { $0 >= 30 }, "the stories are too dull: \(tiers)")
        #expect(completed > 60)
    }

    // MARK: Stories

    /// What a story has in it.
    private static func kinds(of story: Story) -> Set<String> {
        var kinds: Set<String> = []
        for word in story.words {
            for benefit in word.benefits { kinds.insert(benefit.isGranted ? "benefit" : "revocation") }
            if let order = word.order {
                kinds.insert("order")
                if order.subscription != nil {
                    kinds.formUnion(["order \(order.purpose.rawValue)", "order \(order.status)"])
                }
            }
            if word.checkout != nil { kinds.insert("checkout") }
            for report in word.subscriptions {
                if report.pending != nil { kinds.insert("pending change") }
                if report.quantity != nil { kinds.insert("seats") }
                if report.status == .pastDue {
                    kinds.insert("past due")
                    if report.pastDueAt == nil { kinds.insert("past due, no instant") }
                }
                if [.canceled, .incomplete].contains(report.status) { kinds.insert("loss") }
                kinds.insert(report.status.rawValue)
            }
        }
        if story.words.flatMap(\.subscriptions).overlaps { kinds.insert("overlap") }
        return kinds
    }

    private static func story(using generator: inout SeededGenerator) -> Story {
        var story = Story()
        var words: [(version: Timestamp, word: ProviderSnapshot)] = []
        for number in 1...Int.random(in: 1...2, using: &generator) {
            let reports = subscription("sub_\(number)", using: &generator)
            for report in reports {
                words.append((report.version.object, ProviderSnapshot(provider: "polar", subscriptions: [report])))
            }
            words += charges(for: reports, using: &generator)
        }
        for reference in [nil, "job-1"] as [String?] where Bool.random(using: &generator) {
            if Bool.random(using: &generator) { story.clicks.append(reference) }
            words += attempt(reference, using: &generator)
        }
        if Bool.random(using: &generator) { words += benefit(using: &generator) }
        story.words = words.sorted { $0.version < $1.version }.map(\.word)
        for _ in 0..<Int.random(in: 0...4, using: &generator) {
            story.uses.insert(Int.random(in: 0..<story.words.count + 3, using: &generator))
            story.earlierUses.append(instant(in: 0..<45, using: &generator))
        }
        return story
    }

    /// An instant on a day, on the hour: coarse enough that instants of different things often coincide.
    private static func instant(in days: Range<Int64>, using generator: inout SeededGenerator) -> Timestamp {
        Fixture.day(Int64.random(in: days, using: &generator)) + .hours(Int64.random(in: 0..<2, using: &generator) * 12)
    }

    private static func subscription(
        _ id: String,
        using generator: inout SeededGenerator
    ) -> [SubscriptionSnapshot] {
        var version = instant(in: 0..<30, using: &generator)
        var start = version
        var tier: Tier.ID = .pro
        // Now and then a period begins that nobody pays for, so that the one before goes on.
        let changesCycle = Bool.random(using: &generator)
        return (0..<Int.random(in: 1...5, using: &generator)).map { _ in
            if Int.random(in: 0..<3, using: &generator) == 0 {
                tier = [.free, .pro, .pro, .enterprise, .enterprise].randomElement(using: &generator) ?? .pro
            }
            let statuses: [SubscriptionStatus] = [
                .active, .active, .active, .active, .active, .active, .trialing, .pastDue, .pastDue, .canceled,
                .incomplete,
                .unpaid, .paused, .incompleteExpired, "frozen",
            ]
            let status = statuses.randomElement(using: &generator) ?? .active
            let isSet = { (odds: Int, generator: inout SeededGenerator) in
                Int.random(in: 0..<odds, using: &generator) == 0
            }
            let report = Fixture.subscription(
                tier,
                status,
                id: id,
                period: TimeSpan(
                    from: start,
                    to: start + .days([14, 30, 60, 90].randomElement(using: &generator) ?? 30)
                ),
                at: version,
                cycle: [.month, .week, nil].randomElement(using: &generator) ?? nil,
                cancels: isSet(4, &generator),
                endsAt: isSet(5, &generator) ? instant(in: 30..<100, using: &generator) : nil,
                endedAt: status == .canceled || isSet(9, &generator) ? instant(in: 20..<60, using: &generator) : nil,
                pastDueAt: status == .pastDue ? failure(of: start, toldAt: version, using: &generator) : nil,
                trialEnd: status == .trialing && isSet(2, &generator) ? version + .days(9) : nil,
                pauses: isSet(7, &generator),
                quantity: isSet(3, &generator) ? Int64.random(in: 1...9, using: &generator) : nil,
                pending: isSet(4, &generator) ? pending(using: &generator) : nil
            )
            let isSoon = changesCycle && isSet(2, &generator)
            version = version + .hours(Int64.random(in: isSoon ? 1...30 : 1...200, using: &generator))
            // A new period now and then, always one that has begun when the words arrive.
            if Bool.random(using: &generator) { start = min(version, Story.start) }
            return report
        }
    }

    /// When a report says that a payment failed: soon after the period's start, just now, at an instant that contradicts
    /// what was said before, or nothing.
    private static func failure(
        of start: Timestamp,
        toldAt version: Timestamp,
        using generator: inout SeededGenerator
    ) -> Timestamp? {
        let choices = [
            nil, nil, version, version, min(version, start + .hours(3)), start - .hours(30), version + .days(2),
        ]
        return choices.randomElement(using: &generator) ?? nil
    }

    /// What is told of the orders for a subscription: made about the beginnings of its periods and beside them, pending,
    /// paid and given back.
    private static func charges(
        for reports: [SubscriptionSnapshot],
        using generator: inout SeededGenerator
    ) -> [(version: Timestamp, word: ProviderSnapshot)] {
        var words: [(version: Timestamp, word: ProviderSnapshot)] = []
        for (number, report) in reports.enumerated() where Bool.random(using: &generator) {
            let delays: [Duration] = [.zero, .minutes(2), .zero - .minutes(30), .hours(20), .days(3)]
            let created = report.period.start + (delays.randomElement(using: &generator) ?? .zero)
            let purpose = Account.Order.Purpose.allCases.randomElement(using: &generator) ?? .renewal
            for (delay, status) in [(0, "pending"), (1, "paid"), (50, "refunded")] as [(Int64, String)] {
                guard Int.random(in: 0..<3, using: &generator) > 0 else { continue }
                let order = try? Fixture.order(
                    "order-\(report.id)-\(number)",
                    at: created,
                    version: created + .hours(delay),
                    isPaid: status != "pending",
                    status: status,
                    purpose: purpose,
                    subscription: report.id
                )
                words.append((created + .hours(delay), ProviderSnapshot(provider: "polar", order: order)))
            }
        }
        return words
    }

    /// What is said of a benefit: lots of units that are used after the tier's, since they do not end.
    private static func benefit(
        using generator: inout SeededGenerator
    ) -> [(version: Timestamp, word: ProviderSnapshot)] {
        var at = instant(in: 0..<20, using: &generator)
        var creditedAt = at
        return (0..<Int.random(in: 1...4, using: &generator)).map { _ in
            let isRevoked = Int.random(in: 0..<4, using: &generator) == 0
            if !isRevoked { creditedAt = at }
            let gift = Benefit.Gift.units(20, of: .meter(.documents), rollsOver: Bool.random(using: &generator))
            let word = BenefitTests.word(gift, creditedAt: creditedAt, at: at, revokedAt: isRevoked ? at : nil)
            defer { at = at + .hours(Int64.random(in: 1...200, using: &generator)) }
            return (at, word)
        }
    }

    /// A change to be made some day, now and then to a tier that nobody sells.
    private static func pending(using generator: inout SeededGenerator) -> Subscription.PendingChange {
        let tiers: [Tier.ID] = [.free, .pro, .enterprise, .team]
        return Subscription.PendingChange(
            tier: tiers.randomElement(using: &generator) ?? .free,
            quantity: Bool.random(using: &generator) ? 2 : nil,
            appliesAt: instant(in: 30..<90, using: &generator)
        )
    }

    private static func attempt(
        _ reference: String?,
        using generator: inout SeededGenerator
    ) -> [(version: Timestamp, word: ProviderSnapshot)] {
        var words: [(version: Timestamp, word: ProviderSnapshot)] = []
        for number in 1...Int.random(in: 1...2, using: &generator) {
            let id = "\(reference ?? "checkout")-\(number)"
            let created = instant(in: 0..<30, using: &generator)
            let ended = created + .hours(1)
            let open = Fixture.checkout(id, at: created, reference: reference)
            words.append((created, ProviderSnapshot(provider: "polar", checkout: open)))
            if Bool.random(using: &generator) {
                let expired = Fixture.checkout(id, at: created, version: ended, isExpired: true, reference: reference)
                words.append((ended, ProviderSnapshot(provider: "polar", checkout: expired)))
            }
            guard Bool.random(using: &generator) else { continue }
            // What is paid stays paid: a provider tells of a refund as a number of its own.
            let total: Int64 = Int.random(in: 0..<4, using: &generator) == 0 ? 0 : 2_900
            for (version, isPaid) in [(created, false), (ended, true), (ended + .hours(9), true)] {
                let order = try? Fixture.order(
                    "order-\(id)",
                    at: created,
                    version: version,
                    isPaid: isPaid,
                    total: total,
                    checkout: id,
                    reference: reference
                )
                if Bool.random(using: &generator) {
                    words.append((version, ProviderSnapshot(provider: "polar", order: order)))
                }
            }
        }
        return words
    }
}

extension Ledger {
    fileprivate mutating func use(at now: Timestamp) throws {
        let answer = try consume(1, at: now)
        #expect(answer.isApplied, "a story in which units are refused depends on the order by right")
    }
}
