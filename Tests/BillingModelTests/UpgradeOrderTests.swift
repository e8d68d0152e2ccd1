import BillingModel
import SeededTesting
import Testing

/// Whatever is told of attempts to buy, by the host or by the provider, in whatever order and however often: the attempts
/// and their stages are the same in the end.
@Suite struct UpgradeOrderTests {
    /// Something that is told.
    ///
    /// All of it has happened before the first word arrives.
    struct Word: Hashable, CustomStringConvertible {
        enum Kind: String, CaseIterable {
            case paywall, click, checkout, success, cancellation, report, expiry, order, subscription, change, pack
        }

        let kind: Kind
        let command: Account.Command

        var description: String { "\(command.action)" }
    }

    struct Story: RetoldStory {
        /// When the first word arrives.
        static let start = Fixture.day(45)

        var words: [Word] = []
        /// The places in the timeline after which a unit is used.
        var uses: Set<Int> = []

        var lesserStories: [Story] {
            uses.map { use in
                var lesser = self
                lesser.uses.remove(use)
                return lesser
            }
        }

        var remarks: String { "uses after \(uses.sorted())" }

        /// Tells words a minute apart, and uses units between them.
        func told(_ words: [Word]) throws -> Ledger {
            var ledger = try Ledger(catalog: UpgradeOrderTests.catalog())
            for place in 0..<max(words.count, (uses.max() ?? 0) + 1) {
                let now = Self.start + .minutes(Int64(place))
                if place < words.count { try ledger.send(words[place].command, at: now) }
                if uses.contains(place) { try ledger.send(.consume(1), at: now) }
                ledger.audit.check(ledger.account)
            }
            return ledger
        }

        /// Returns the attempts, and the tier, some days after the words have come.
        func standings(after words: [Word]) throws -> [Standing] {
            let ledger = try told(words)
            return try [1 as Int64, 8, 20, 45].map { day in
                let overview = try ledger.overview(at: Self.start + .days(day))
                let lots = overview.grants.filter { $0.source == .order }
                return Standing(upgrades: overview.upgrades, tier: overview.tier.id, lots: Set(lots))
            }
        }
    }

    struct Standing: Equatable {
        let upgrades: [Upgrade]
        let tier: Tier.ID
        let lots: Set<Account.Grant>
    }

    private static let small = Pack.ID("small")
    private static let cents: [Int64] = [0, 2_900, 2_900, 2_900]

    static func catalog() throws -> Catalog {
        let plain = try Fixture.catalog()
        return try Catalog(
            version: plain.version,
            meters: plain.meters,
            tiers: plain.tiers,
            fallback: plain.fallback,
            packs: [Pack(small, name: "Small", contents: .units(5, of: .documents))],
            // Some have expired when the first word comes, more do while the standing is looked at.
            settings: .init(attempts: .init(life: .days(60), abandonedAfter: .days(30)))
        )
    }

    @Test(arguments: 0..<4)
    func `the order in which attempts to buy are told of leaves no trace`(part: Int) throws {
        let seed = SeededGenerator.seed(for: "order of attempts, part \(part)") &+ UInt64(part)
        var generator = SeededGenerator(seed: seed)
        var kinds: [Word.Kind: Int] = [:]
        var stages: [Upgrade.Stage: Int] = [:]
        var (moved, again, lots, abandoned) = (0, 0, 0, 0)
        for _ in 0..<240 {
            let story = Self.story(using: &generator)
            for word in story.words { kinds[word.kind, default: 0] += 1 }
            let inOrder = try story.standings(after: story.words)
            for upgrade in inOrder.flatMap(\.upgrades) { stages[upgrade.stage, default: 0] += 1 }
            again += inOrder.flatMap(\.upgrades).count { if case .again = $0.key { true } else { false } }
            lots += inOrder.reduce(0) { $0 + $1.lots.count }
            for _ in 0..<3 {
                let copies = story.words.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }
                let shuffled = (story.words + copies).shuffled(using: &generator)
                let ledger = try story.told(shuffled)
                if ledger.hasMovedACheckout { moved += 1 }
                let told = ledger.abandonments
                abandoned += told.count
                // One that turns out to be another's is told of under either name.
                #expect(Set(told).count == told.count || ledger.hasMovedACheckout, "each attempt is told of once")
                if try story.standings(after: shuffled) != inOrder {
                    Issue.record("\(try story.failure(after: shuffled))")
                    return
                }
            }
        }
        print(
            "order of attempts, part \(part): \(kinds), \(stages), moved \(moved) times, \(again) bought again, "
                + "\(lots) packs, \(abandoned) told of"
        )
        let (words, attempts) = (kinds.values.reduce(0, +), stages.values.reduce(0, +))
        for kind in Word.Kind.allCases {
            #expect(kinds[kind, default: 0] * 20 >= words, "too few words are of kind \(kind): \(kinds)")
        }
        for stage in Upgrade.Stage.allCases {
            #expect(stages[stage, default: 0] * 20 >= attempts, "too few attempts are \(stage): \(stages)")
        }
        #expect(moved > 20, "a checkout was moved \(moved) times only")
        #expect(again > 30 && lots > 50 && abandoned > 50, "the stories are too dull")
    }

    // MARK: Stories

    private static func story(using generator: inout SeededGenerator) -> Story {
        var story = Story()
        let keys: [Upgrade.Key] = [.reference("job-1"), .reference("job-2"), .tier(.pro), .pack(small)]
        for key in keys.shuffled(using: &generator).prefix(Int.random(in: 1...3, using: &generator)) {
            story.words += attempt(key, using: &generator)
        }
        for _ in 0..<Int.random(in: 1...2, using: &generator) {
            let at = instant(using: &generator)
            let report = Fixture.subscription(.pro, period: TimeSpan(from: at, to: at + .days(60)), at: at)
            let snapshot = ProviderSnapshot(provider: "polar", subscriptions: [report])
            story.words.append(Word(kind: .subscription, command: Account.Command(.take(snapshot))))
        }
        if Int.random(in: 0..<3, using: &generator) == 0 { story.words += change(1, using: &generator) }
        if Int.random(in: 0..<6, using: &generator) == 0 { story.words += change(2, using: &generator) }
        if Int.random(in: 0..<2, using: &generator) == 0 { story.words += packs(using: &generator) }
        if Int.random(in: 0..<4, using: &generator) == 0 { story.words += trial(using: &generator) }
        for _ in 0..<Int.random(in: 0...4, using: &generator) {
            story.uses.insert(Int.random(in: 0..<story.words.count + 3, using: &generator))
        }
        return story
    }

    /// An instant before the first word arrives: coarse enough that instants of different things often coincide.
    private static func instant(using generator: inout SeededGenerator) -> Timestamp {
        Fixture.day(Int64.random(in: 0..<20, using: &generator))
            + .hours(Int64.random(in: 0..<2, using: &generator) * 12)
    }

    private static func attempt(_ key: Upgrade.Key, using generator: inout SeededGenerator) -> [Word] {
        var words: [Word] = []
        for _ in 0..<Int.random(in: 0...2, using: &generator) {
            let advance = Account.Command.UpgradeAdvance(locking: request(key, using: &generator))
            words.append(
                Word(kind: .paywall, command: Account.Command(.advanceUpgrade(advance), member: member(&generator)))
            )
        }
        // One in three is offered and no more.
        if Int.random(in: 0..<3, using: &generator) == 0, !words.isEmpty { return words }
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            let request = request(key, using: &generator)
            words.append(
                Word(kind: .click, command: Account.Command(.startUpgrade(request), member: member(&generator)))
            )
        }
        let ends: [(Word.Kind, Account.Command.UpgradeAdvance.Step)] = [
            (.success, .successSeen), (.cancellation, .cancelled),
        ]
        for (kind, step) in ends where Int.random(in: 0..<9, using: &generator) > 0 {
            let advance = Account.Command.UpgradeAdvance(step, of: key, at: instant(using: &generator))
            words.append(Word(kind: kind, command: Account.Command(.advanceUpgrade(advance))))
        }
        for number in 0..<([0, 1, 1, 2, 3].randomElement(using: &generator) ?? 0) {
            words += checkout("\(key.name)-\(number)", of: key, using: &generator)
        }
        if Int.random(in: 0..<6, using: &generator) == 0 {
            words += order("order-\(key.name)", of: key, checkout: nil, using: &generator)
        }
        return words
    }

    private static func member(_ generator: inout SeededGenerator) -> MemberID? {
        [nil, "ann", "bob"].randomElement(using: &generator) ?? nil
    }

    private static func request(
        _ key: Upgrade.Key,
        using generator: inout SeededGenerator
    ) -> Account.Command.UpgradeRequest {
        let target: Upgrade.Target =
            switch key {
            case .tier(let tier): .tier(tier)
            case .pack(let pack): .pack(pack)
            default: [.tier(.pro), .tier(.enterprise), .pack(small)].randomElement(using: &generator) ?? .tier(.pro)
            }
        let source = [nil, nil, "letter", "search"].randomElement(using: &generator) ?? nil
        return Account.Command.UpgradeRequest(
            target,
            cycle: [nil, .month, .year].randomElement(using: &generator) ?? nil,
            reference: key.kind == "reference" ? key.name : nil,
            promoCode: [nil, nil, "SAVE10"].randomElement(using: &generator) ?? nil,
            attribution: source.map { Upgrade.Attribution(source: $0) },
            at: instant(using: &generator)
        )
    }

    /// A checkout that the host may tell of, and the provider, in words that may leave the reference out.
    private static func checkout(
        _ id: String,
        of key: Upgrade.Key,
        using generator: inout SeededGenerator
    ) -> [Word] {
        var words: [Word] = []
        let created = instant(using: &generator)
        let expiresAt =
            [nil, nil, nil, created + .days(1), Story.start + .days(30)].randomElement(using: &generator) ?? nil
        let isTold = Int.random(in: 0..<4, using: &generator) > 0
        if isTold {
            // Some are told of twice, as when a page is made anew, and not with the same words.
            for minute in 1...(Int.random(in: 0..<6, using: &generator) == 0 ? 2 : 1) {
                let opening = Upgrade.Opening(
                    id,
                    url: url(id, using: &generator),
                    expiresAt: end(expiresAt, using: &generator)
                )
                let instant = created + .minutes(Bool.random(using: &generator) ? 1 : Int64(minute))
                let advance = Account.Command.UpgradeAdvance(.checkoutOpened(opening), of: key, at: instant)
                words.append(Word(kind: .checkout, command: Account.Command(.advanceUpgrade(advance))))
            }
        }
        let isReported = !isTold || Int.random(in: 0..<3, using: &generator) > 0
        if isReported {
            words.append(report(id, of: key, created, created, expiresAt, using: &generator))
            if Int.random(in: 0..<4, using: &generator) > 0 {
                words.append(
                    report(id, of: key, created, created + .hours(3), expiresAt, isExpired: true, using: &generator)
                )
            }
        }
        if Int.random(in: 0..<9, using: &generator) == 0 {
            words += order("order-\(id)", of: key, checkout: id, using: &generator)
        }
        return words
    }

    /// Where a checkout can be paid, by one of those who tell of it, if it says so.
    private static func url(_ id: String, using generator: inout SeededGenerator) -> String? {
        [nil, "https://example.com/\(id)", "https://provider.example/\(id)", "https://provider.example/\(id)/2"]
            .randomElement(using: &generator) ?? nil
    }

    /// When a checkout ends, by one of those who tell of it, if it says so.
    private static func end(_ instant: Timestamp?, using generator: inout SeededGenerator) -> Timestamp? {
        [nil, instant, instant, instant.map { $0 + .hours(6) }].randomElement(using: &generator) ?? nil
    }

    private static func report(
        _ id: String,
        of key: Upgrade.Key,
        _ created: Timestamp,
        _ version: Timestamp,
        _ expiresAt: Timestamp?,
        isExpired: Bool = false,
        using generator: inout SeededGenerator
    ) -> Word {
        let isNamed = key.kind == "reference" && Bool.random(using: &generator)
        let snapshot = CheckoutSnapshot(
            id: id,
            version: ObjectVersion(object: version, event: version),
            createdAt: created,
            expiresAt: end(expiresAt, using: &generator),
            isExpired: isExpired,
            url: url(id, using: &generator),
            target: key.kind == "pack" ? .pack(small) : .tier(.pro),
            reference: isNamed ? key.name : nil
        )
        return Word(
            kind: isExpired ? .expiry : .report,
            command: Account.Command(.take(ProviderSnapshot(provider: "polar", checkout: snapshot)))
        )
    }

    /// Reports of an order: that it waits for payment, that it is paid, and that something was given back.
    private static func order(
        _ id: String,
        of key: Upgrade.Key,
        checkout: String?,
        using generator: inout SeededGenerator
    ) -> [Word] {
        let created = instant(using: &generator)
        let isNamed = key.kind == "reference" && (checkout == nil || Bool.random(using: &generator))
        let isKnown = checkout == nil || Bool.random(using: &generator)
        let pack = isKnown && key.kind == "pack" ? small : nil
        let tier: Tier.ID? = isKnown ? .pro : nil
        let total = cents.randomElement(using: &generator) ?? 0
        let reports: [(Duration, Bool)] = [(.zero, false), (.hours(1), true), (.hours(9), true)]
        return reports.compactMap { later, isPaid in
            let order = try? Fixture.order(
                id,
                tier: tier,
                pack: pack,
                at: created,
                version: created + later,
                isPaid: isPaid,
                total: total,
                checkout: checkout,
                reference: isNamed ? key.name : nil
            )
            return order.map { order in
                Word(kind: .order, command: Account.Command(.take(ProviderSnapshot(provider: "polar", order: order))))
            }
        }
    }

    /// An order for a change of the running subscription, which may name the reference that this once came from.
    private static func change(_ number: Int, using generator: inout SeededGenerator) -> [Word] {
        let created = instant(using: &generator)
        let tier = [Tier.ID.pro, .pro, .enterprise].randomElement(using: &generator) ?? .pro
        let reference = [nil, "job-1", "job-2", "job-9"].randomElement(using: &generator) ?? nil
        let total = cents.randomElement(using: &generator) ?? 0
        return [(Duration.zero, false), (.hours(1), true), (.hours(9), true)].compactMap { later, isPaid in
            let order = try? Fixture.order(
                "change-\(number)",
                tier: tier,
                at: created,
                version: created + later,
                isPaid: isPaid,
                purpose: .change,
                total: total,
                reference: reference
            )
            return order.map { order in
                Word(kind: .change, command: Account.Command(.take(ProviderSnapshot(provider: "polar", order: order))))
            }
        }
    }

    /// Orders of a subscription that began with one of nothing, and was paid for later, if ever.
    private static func trial(using generator: inout SeededGenerator) -> [Word] {
        let job = ["job-1", "job-2"].randomElement(using: &generator) ?? "job-1"
        let checkout = Bool.random(using: &generator) ? "\(job)-0" : nil
        let isNamed = checkout == nil || Bool.random(using: &generator)
        return trialReports(using: &generator)
            + (0...Int.random(in: 0...2, using: &generator)).flatMap { number in
                let created = instant(using: &generator)
                let total = number == 0 ? 0 : cents.randomElement(using: &generator) ?? 0
                return [(Duration.zero, false), (.hours(1), true)].compactMap { later, isPaid in
                    let order = try? Fixture.order(
                        "term-\(number)",
                        at: created,
                        version: created + later,
                        isPaid: isPaid,
                        purpose: number == 0 ? .purchase : .renewal,
                        total: total,
                        subscription: "sub_trial",
                        checkout: number == 0 ? checkout : nil,
                        reference: isNamed ? job : nil
                    )
                    let snapshot = ProviderSnapshot(provider: "polar", order: order)
                    return Word(kind: .order, command: Account.Command(.take(snapshot)))
                }
            }
    }

    /// Reports of the subscription that those orders are of: its trial, which may be made longer or be given up.
    private static func trialReports(using generator: inout SeededGenerator) -> [Word] {
        let start = instant(using: &generator)
        let ends = [Story.start + .days(5), Story.start + .days(12)]
        return (0..<Int.random(in: 0...2, using: &generator)).map { number in
            let end = ends.randomElement(using: &generator) ?? start
            let report = Fixture.subscription(
                .pro,
                .trialing,
                id: "sub_trial",
                period: TimeSpan(from: start, to: end),
                at: start + .hours(Int64(number)),
                cancels: Int.random(in: 0..<3, using: &generator) == 0,
                trialEnd: end
            )
            let snapshot = ProviderSnapshot(provider: "polar", subscriptions: [report])
            return Word(kind: .subscription, command: Account.Command(.take(snapshot)))
        }
    }

    /// Orders of packs that come from nowhere, of which some are paid back.
    private static func packs(using generator: inout SeededGenerator) -> [Word] {
        var words: [Word] = []
        for number in 0..<Int.random(in: 1...2, using: &generator) {
            let created = instant(using: &generator)
            let isGivenBack = Int.random(in: 0..<3, using: &generator) == 0
            let reports = [(Duration.hours(1), "paid"), (.hours(9), isGivenBack ? "refunded" : "partially_refunded")]
            for (later, status) in reports {
                let order = try? Fixture.order(
                    "pack-\(number)",
                    pack: small,
                    at: created,
                    version: created + later,
                    status: status
                )
                let snapshot = ProviderSnapshot(provider: "polar", order: order)
                words.append(Word(kind: .pack, command: Account.Command(.take(snapshot))))
            }
        }
        return words
    }
}

extension Ledger {
    /// The attempts that hosts were told of as abandoned, in order.
    fileprivate var abandonments: [Upgrade.Key] {
        notices.compactMap { if case .upgradeAbandoned(let key) = $0 { key } else { nil } }
    }

    /// Whether a checkout was thought to be of another attempt at first.
    fileprivate var hasMovedACheckout: Bool {
        journal.flatMap(\.effects).contains { if case .upgradeForgotten = $0 { true } else { false } }
    }
}
