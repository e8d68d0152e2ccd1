import BillingModel
import SeededTesting
import Testing

/// What was paid for is worked out from what is known, and not from the order in which it came to be known: whatever periods
/// lie within each other, are shown as paid, fail, and are charged for.
@Suite struct PeriodEvidencePropertyTests {
    /// What is told of one subscription, and when units are used meanwhile.
    private struct Story {
        var words: [ProviderSnapshot] = []
        var periods: [TimeSpan] = []
        var uses: Set<Int> = []
        /// When the first word arrives, a minute before the next: after all that they tell of.
        var start = Fixture.opening
        var kinds: Set<String> = []

        func told(_ words: [ProviderSnapshot]) throws -> Ledger {
            var ledger = try Ledger()
            for (place, word) in words.enumerated() {
                try ledger.send(.take(word), at: start + .minutes(Int64(place)))
                if uses.contains(place) { try ledger.consume(1, at: start + .minutes(Int64(place))) }
            }
            for place in uses where place >= words.count { try ledger.consume(1, at: start + .minutes(Int64(place))) }
            ledger.audit.check(ledger.account)
            return ledger
        }

        func standings(after words: [ProviderSnapshot]) throws -> [OrderIndependenceTests.Standing] {
            let ledger = try told(words)
            return try [1, 3, 9, 30].map {
                OrderIndependenceTests.Standing(of: try ledger.overview(at: start + .days($0)))
            }
        }
    }

    private static func story(using generator: inout SeededGenerator) throws -> Story {
        var story = Story()
        var words: [(version: Timestamp, word: ProviderSnapshot)] = []
        var span = TimeSpan(from: Fixture.opening, to: Fixture.day(31))
        for number in 0..<Int.random(in: 2...4, using: &generator) {
            if number > 0 {
                let isChange = Int.random(in: 0..<3, using: &generator) > 0
                story.kinds.insert(isChange ? "change" : "renewal")
                let start = isChange ? span.start + .hours(Int64.random(in: 5...300, using: &generator)) : span.end
                let days: Int64 = [31, 31, 90, 365].randomElement(using: &generator) ?? 31
                // A renewal would come too late to be told with the others.
                span = TimeSpan(from: start, to: start + .days(isChange ? days : 31))
            }
            story.periods.append(span)
            words += try self.words(of: span, number, in: &story, using: &generator)
        }
        words.sort { $0.version < $1.version }
        story.words = words.map(\.word)
        let last = words.last?.version ?? Fixture.opening
        story.start = max(last, span.start) + .hours(Int64.random(in: 1...90, using: &generator))
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            story.uses.insert(Int.random(in: 0..<words.count + 3, using: &generator))
        }
        return story
    }

    /// What is told of a period: that it is paid, that its payment or another one failed, and the orders for it.
    private static func words(
        of span: TimeSpan,
        _ number: Int,
        in story: inout Story,
        using generator: inout SeededGenerator
    ) throws -> [(version: Timestamp, word: ProviderSnapshot)] {
        var words: [(version: Timestamp, word: ProviderSnapshot)] = []
        func isSo(_ odds: Int, _ generator: inout SeededGenerator) -> Bool {
            Int.random(in: 0..<odds, using: &generator) == 0
        }
        let tier: Tier.ID = isSo(4, &generator) ? .enterprise : .pro
        func add(_ status: SubscriptionStatus, at instant: Timestamp, since: Timestamp? = nil) {
            // No two reports have one version.
            let version = instant + .microseconds(Int64(10 * number + words.count))
            let report = Fixture.subscription(
                tier,
                status,
                period: span,
                at: version,
                cycle: span.end.duration(since: span.start) > .days(90) ? .year : .month,
                pastDueAt: since,
                quantity: number == 2 ? 3 : nil
            )
            words.append((version, ProviderSnapshot(provider: "polar", subscriptions: [report])))
        }
        if !isSo(5, &generator) { add(.active, at: span.start) }
        if isSo(6, &generator) { add(.active, at: span.start + .hours(Int64.random(in: 40...60, using: &generator))) }
        if number > 0, !isSo(3, &generator) {
            let failedAt = span.start + .hours([1, 30, 47, 48, 100].randomElement(using: &generator) ?? 1)
            let told = failedAt + .hours([0, 1, 70].randomElement(using: &generator) ?? 1)
            let since = isSo(2, &generator) ? failedAt : nil
            add(.pastDue, at: told, since: since)
            story.kinds.insert(since == nil ? "due, no instant" : "due")
            if isSo(4, &generator) { add(.active, at: told + .hours(2)) }
        }
        if isSo(9, &generator) {
            let status: SubscriptionStatus = isSo(2, &generator) ? .unpaid : "frozen"
            add(status, at: span.start + .hours(Int64.random(in: 1...200, using: &generator)))
            story.kinds.insert(status.rawValue)
        }
        for (place, minutes) in [3, -30, 600].enumerated() where isSo(3, &generator) {
            let created = span.start + .minutes(Int64(minutes))
            let purpose = Account.Order.Purpose.allCases.randomElement(using: &generator) ?? .change
            let isEverPaid = isSo(2, &generator)
            for (delay, isPaid) in [(0, false), (9, true)] as [(Int64, Bool)] where !isPaid || isEverPaid {
                let order = try Fixture.order(
                    "order-\(number)-\(place)",
                    at: created,
                    version: created + .hours(delay),
                    isPaid: isPaid,
                    purpose: purpose,
                    subscription: "sub_1"
                )
                words.append((created + .hours(delay), ProviderSnapshot(provider: "polar", order: order)))
                story.kinds.insert("\(purpose.rawValue) \(isPaid ? "paid" : "owed")")
            }
        }
        return words
    }

    @Test(arguments: 0..<4)
    func `the order in which it is told does not show`(part: Int) throws {
        let seed = SeededGenerator.seed(for: "evidence of payments, part \(part)") &+ UInt64(part)
        var generator = SeededGenerator(seed: seed)
        var shares: [String: Int] = [:]
        for _ in 0..<200 {
            let story = try Self.story(using: &generator)
            let inOrder = try story.standings(after: story.words)
            for kind in story.kinds.union(Self.kinds(seen: inOrder[0], of: story)) { shares[kind, default: 0] += 1 }
            for _ in 0..<3 {
                let copies = story.words.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }
                let shuffled = (story.words + copies).shuffled(using: &generator)
                let other = try story.standings(after: shuffled)
                guard other == inOrder else {
                    Issue.record("\(seed): \(shuffled)\nleads to \(other)\nand in order to \(inOrder)")
                    return
                }
            }
        }
        print("evidence of payments, part \(part): \(shares.sorted { $0.key < $1.key })")
        let kinds = [
            "change", "renewal", "due", "due, no instant", "unpaid", "frozen", "change owed", "change paid",
            "renewal owed", "renewal paid", "payment due", "an earlier period", "free", "pro", "enterprise",
        ]
        for kind in kinds { #expect(shares[kind, default: 0] >= 10, "too few stories have \(kind): \(shares)") }
    }

    private static func kinds(seen standing: OrderIndependenceTests.Standing, of story: Story) -> Set<String> {
        var kinds: Set = [standing.tier.rawValue]
        if standing.reason == .paymentDue { kinds.insert("payment due") }
        let start = standing.lines.first(where: { $0.meter.id == .documents })?.period?.start
        if standing.tier != .free, let start, let last = story.periods.last?.start, start < last {
            kinds.insert("an earlier period")
        }
        return kinds
    }

    /// A period that is said to be paid and is not, by an order on record, gives what it gives where nobody has said so.
    @Test func `what is proved unpaid has no more than if it had not been shown`() throws {
        let seed = SeededGenerator.seed(for: "proved unpaid")
        var generator = SeededGenerator(seed: seed)
        var (kept, graces) = (0, 0)
        for _ in 0..<300 {
            let month = Fixture.days(0, 31)
            let start = Fixture.day(2) + .hours(Int64.random(in: 0...690, using: &generator))
            let days: Int64 = [40, 90, 365].randomElement(using: &generator) ?? 90
            let next = TimeSpan(from: start, to: start + .days(days))
            let failedAt = start + .hours(Int64.random(in: 0...47, using: &generator))
            let due = Fixture.subscription(
                .pro,
                .pastDue,
                period: next,
                at: failedAt + .tick,
                pastDueAt: failedAt + .tick
            )
            let words = [Fixture.subscription(.pro, period: month), due]
            var ends: [Timestamp?] = []
            for words in [words, words + [Fixture.subscription(.enterprise, period: next)]] {
                var ledger = try Ledger()
                for word in words.shuffled(using: &generator) { try ledger.take(word, at: failedAt + .minutes(1)) }
                let page = try ledger.overview(at: failedAt + .minutes(2))
                #expect(page.tier.id == .pro && page[.documents]?.period?.start == month.start)
                ends.append(page.accessUntil)
            }
            let expected = max(month.end, failedAt + .tick + .days(7))
            #expect(ends == [expected, expected], "\(seed)")
            if expected == month.end { kept += 1 } else { graces += 1 }
        }
        #expect(kept > 50 && graces > 20)
    }
}
