import BillingModel
import SeededTesting
import Testing

/// Who has paid never has less than who has not: whatever tiers, seats, statuses and graces there are.
@Suite struct PaymentPropertyTests {
    /// What a customer has at an instant, by which less and more are told.
    private struct Had: Comparable {
        let rank: Int
        /// The documents that the seats give.
        let documents: Int64

        static func < (left: Had, right: Had) -> Bool { (left.rank, left.documents) < (right.rank, right.documents) }
    }

    private static func catalog(using generator: inout SeededGenerator) throws -> Catalog {
        func tier(_ id: Tier.ID, _ rank: Int, _ units: Int64) -> Tier {
            Tier(id, rank: rank, name: id.rawValue, allowances: [.documents: .limited(units, per: .month)])
        }
        return try Catalog(
            version: 1,
            meters: [Meter(.documents, name: "Documents", isPerSeat: true)],
            tiers: [tier(.free, 0, 1), tier(.pro, 1, 1_000), tier(.enterprise, 2, 1_000_000)],
            fallback: .free,
            settings: .init(
                grace: .init(
                    renewal: .days([0, 1, 3, 10].randomElement(using: &generator) ?? 3),
                    pastDue: .days([0, 2, 7, 14, 21, 40].randomElement(using: &generator) ?? 7)
                )
            )
        )
    }

    /// What a provider has to say of one subscription, oldest first.
    private static func story(using generator: inout SeededGenerator) -> [SubscriptionSnapshot] {
        var version = Fixture.day(Int64.random(in: 0...5, using: &generator))
        var start = version
        let lengths: [Int64] = [7, 14, 30, 90]
        var length = Duration.days(lengths.randomElement(using: &generator) ?? 30)
        var (tier, seats): (Tier.ID, Int64?) = (.pro, 2)
        return (0..<Int.random(in: 1...7, using: &generator)).map { _ in
            if Int.random(in: 0..<3, using: &generator) == 0 {
                tier = [.free, .pro, .enterprise, .enterprise].randomElement(using: &generator) ?? .pro
            }
            if Int.random(in: 0..<3, using: &generator) == 0 {
                seats = [nil, 1, 2, 3, 5].randomElement(using: &generator) ?? nil
            }
            let statuses: [SubscriptionStatus] = [
                .active, .active, .active, .pastDue, .pastDue, .pastDue, .unpaid, .paused, .canceled, .incomplete,
                .incompleteExpired, "frozen",
            ]
            let status = statuses.randomElement(using: &generator) ?? .active
            let failures = [nil, version, min(version, start + .hours(3))]
            let report = Fixture.subscription(
                tier,
                status,
                period: TimeSpan(from: start, to: start + length),
                at: version,
                cancels: Int.random(in: 0..<5, using: &generator) == 0,
                endsAt: Int.random(in: 0..<7, using: &generator) == 0 ? version + .days(11) : nil,
                endedAt: status == .canceled && Bool.random(using: &generator) ? version : nil,
                pastDueAt: status == .pastDue ? failures.randomElement(using: &generator) ?? nil : nil,
                pauses: Int.random(in: 0..<9, using: &generator) == 0,
                quantity: seats
            )
            version = version + .hours(Int64.random(in: 1...500, using: &generator))
            // A new period begins where the one before ends, or later; one of another cycle begins within it.
            if start + length <= version {
                start = version
            } else if Int.random(in: 0..<5, using: &generator) == 0 {
                start = version
                length = .days((lengths + [365]).randomElement(using: &generator) ?? 30)
            }
            return report
        }
    }

    private static func told(_ words: [SubscriptionSnapshot], in catalog: Catalog) throws -> Subscription? {
        var ledger = try Ledger(catalog: catalog)
        for word in words { try ledger.take(word, at: Fixture.day(150)) }
        return ledger.account.subscriptions.first
    }

    private static func had(_ subscription: Subscription?, in catalog: Catalog, at instant: Timestamp) throws -> Had {
        // A fresh account, so that an instant before the last word can be asked about.
        let account = Account(
            customer: "acme",
            revision: 1,
            instant: Timestamp(microseconds: .min),
            anchor: Fixture.opening,
            standing: nil,
            subscriptions: [subscription].compactMap(\.self)
        )
        let tier = try account.overview(at: instant, in: catalog).tier
        guard case .limited(let units, per: _, overage: _, rollover: _) = tier.allowance(of: .documents) else {
            throw Fixture.Missing()
        }
        return Had(rank: tier.rank, documents: units)
    }

    /// Returns whether what a word names is at least what the last one that was paid for named.
    private static func isAtLeastWhatWasPaid(_ place: Int, in story: [SubscriptionSnapshot]) -> Bool {
        guard let paid = story[..<place].last(where: { $0.status == .active }) else { return true }
        let ranks: [Tier.ID: Int] = [.free: 0, .pro: 1, .enterprise: 2]
        let word = story[place]
        return ranks[paid.tier, default: 0] <= ranks[word.tier, default: 0]
            && (paid.quantity ?? 1) <= (word.quantity ?? 1)
    }

    /// Returns whether a word names a higher tier than the last one that was paid for, which is no free one.
    private static func isHigherThanWhatWasPaid(_ place: Int, in story: [SubscriptionSnapshot]) -> Bool {
        guard let paid = story[..<place].last(where: { $0.status == .active }) else { return false }
        return paid.tier == .pro && story[place].tier == .enterprise
    }

    private static func paying(_ report: SubscriptionSnapshot) -> SubscriptionSnapshot {
        Fixture.subscription(
            report.tier,
            period: report.period,
            at: report.version.object,
            cancels: report.cancelsAtPeriodEnd,
            endsAt: report.endsAt,
            pauses: report.pausesAtPeriodEnd,
            quantity: report.quantity
        )
    }

    @Test(arguments: 0..<4)
    func `a payment takes nothing away`(part: Int) throws {
        let seed = SeededGenerator.seed(for: "a payment takes nothing away, part \(part)") &+ UInt64(part)
        var generator = SeededGenerator(seed: seed)
        var counts = ["more": 0, "the same": 0, "higher tier": 0, "more seats": 0]
        var statuses: [String: Int] = [:]
        var overlapping = 0
        for _ in 0..<900 {
            let catalog = try Self.catalog(using: &generator)
            let story = Self.story(using: &generator)
            let unpaid = story.indices.filter {
                story[$0].status != .active && Self.isAtLeastWhatWasPaid($0, in: story)
                    && !story.givesUpWhatWasPaid(at: $0)
            }
            // Chance alone seldom has somebody pay for a higher tier than the one that is paid for already.
            let higher = unpaid.filter { Self.isHigherThanWhatWasPaid($0, in: story) }
            let places = !higher.isEmpty && Bool.random(using: &generator) ? higher : unpaid
            guard let place = places.randomElement(using: &generator) else { continue }
            var other = story
            other[place] = Self.paying(story[place])
            if story.overlaps { overlapping += 1 }
            statuses[story[place].status.rawValue, default: 0] += 1
            let (before, after) = (try Self.told(story, in: catalog), try Self.told(other, in: catalog))
            for day in stride(from: Int64(0), to: 200, by: 2) {
                let instant = Fixture.day(day) + .hours(1)
                let without = try Self.had(before, in: catalog, at: instant)
                let with = try Self.had(after, in: catalog, at: instant)
                guard without <= with else {
                    Issue.record("\(seed): paid, report \(place) takes away on day \(day), \(catalog.grace): \(story)")
                    return
                }
                counts[without < with ? "more" : "the same", default: 0] += 1
                if without.rank > 0, without.rank < with.rank { counts["higher tier", default: 0] += 1 }
                if without.rank == with.rank, without < with { counts["more seats", default: 0] += 1 }
            }
        }
        print("payment, part \(part): \(counts.sorted { $0.key < $1.key }), of \(statuses.sorted { $0.key < $1.key })")
        #expect(counts.values.allSatisfy { $0 > 50 }, "the stories are too dull: \(counts)")
        #expect(overlapping > 200, "too few stories have overlapping periods")
        #expect(statuses.count == 7 && statuses.values.allSatisfy { $0 >= 5 }, "too few of a status: \(statuses)")
    }

    @Test(arguments: 0..<2)
    func `who pays for more never has less`(part: Int) throws {
        let seed = SeededGenerator.seed(for: "who pays for more, part \(part)") &+ UInt64(part)
        var generator = SeededGenerator(seed: seed)
        var counts = ["more": 0, "the same": 0]
        for _ in 0..<300 {
            let catalog = try Self.catalog(using: &generator)
            let story = Self.story(using: &generator)
            guard let place = story.indices.filter({ story[$0].status == .active }).randomElement(using: &generator)
            else { continue }
            var other = story
            let word = story[place]
            other[place] = Fixture.subscription(
                word.tier == .free ? .pro : .enterprise,
                period: word.period,
                at: word.version.object,
                cancels: word.cancelsAtPeriodEnd,
                endsAt: word.endsAt,
                pauses: word.pausesAtPeriodEnd,
                quantity: (word.quantity ?? 1) + 1
            )
            let (less, more) = (try Self.told(story, in: catalog), try Self.told(other, in: catalog))
            for day in stride(from: Int64(0), to: 200, by: 2) {
                let instant = Fixture.day(day) + .hours(1)
                let (one, two) = (
                    try Self.had(less, in: catalog, at: instant), try Self.had(more, in: catalog, at: instant)
                )
                guard one <= two else {
                    Issue.record("\(seed): more paid for in report \(place) gives less on day \(day): \(story)")
                    return
                }
                counts[one < two ? "more" : "the same", default: 0] += 1
            }
        }
        print("paying for more, part \(part): \(counts)")
        #expect(counts.values.allSatisfy { $0 > 100 }, "the stories are too dull: \(counts)")
    }
}
