import BillingModel
import SeededTesting
import Testing

/// What holds of subscriptions whatever a provider says, in whatever order.
@Suite struct SubscriptionPropertyTests {
    /// What a provider has to say of one subscription to Pro, oldest first.
    private static func story(_ id: String, using generator: inout SeededGenerator) -> [SubscriptionSnapshot] {
        var version = Fixture.day(Int64.random(in: 0...5, using: &generator))
        var start = version
        let lengths: [Int64] = [14, 30, 90]
        var length = Duration.days(lengths.randomElement(using: &generator) ?? 30)
        return (0..<Int.random(in: 1...6, using: &generator)).map { _ in
            let statuses: [SubscriptionStatus] = [
                .active, .active, .trialing, .pastDue, .pastDue, .unpaid, .paused, .canceled, .incomplete, "frozen",
            ]
            let status = statuses.randomElement(using: &generator) ?? .active
            let period = TimeSpan(from: start, to: start + length)
            let report = Fixture.subscription(
                .pro,
                status,
                id: id,
                period: period,
                at: version,
                cancels: Int.random(in: 0..<5, using: &generator) == 0,
                endedAt: status == .canceled && Bool.random(using: &generator) ? version : nil,
                // A renewal's payment fails within hours of the period's start.
                pastDueAt: status == .pastDue ? min(version, start + .hours(40)) : nil,
                pauses: Int.random(in: 0..<9, using: &generator) == 0
            )
            version = version + .hours(Int64.random(in: 1...500, using: &generator))
            // A new period begins where the one before ends, or later; one of another cycle begins within it.
            if start + length <= version {
                start = version
            } else if Int.random(in: 0..<4, using: &generator) == 0 {
                start = version
                length = .days((lengths + [365]).randomElement(using: &generator) ?? 30)
            }
            return report
        }
    }

    private static func told(_ reports: [SubscriptionSnapshot]) throws -> Ledger {
        var ledger = try Ledger()
        for report in reports { try ledger.take(report, at: Fixture.day(100)) }
        return ledger
    }

    private static func hasAccess(_ ledger: Ledger, at instant: Timestamp) throws -> Bool {
        guard let subscription = ledger.account.subscriptions.first else { return false }
        // A fresh account, so that an instant before the last word can be asked about.
        let account = Account(
            customer: "acme",
            revision: 1,
            instant: Timestamp(microseconds: .min),
            anchor: Fixture.opening,
            standing: nil,
            subscriptions: [subscription]
        )
        return try account.overview(at: instant, in: ledger.catalog).tier.id == .pro
    }

    @Test(arguments: 0..<4)
    func `who has paid never has less than who has not`(part: Int) throws {
        let seed = SeededGenerator.seed(for: "monotone in payment, part \(part)") &+ UInt64(part)
        var generator = SeededGenerator(seed: seed)
        var (more, same, overlapping) = (0, 0, 0)
        for _ in 0..<250 {
            let story = Self.story("sub_1", using: &generator)
            let unpaid = story.indices.filter {
                ![.active, .trialing, "frozen"].contains(story[$0].status) && !story.givesUpWhatWasPaid(at: $0)
            }
            guard let place = unpaid.randomElement(using: &generator) else { continue }
            if story.overlaps { overlapping += 1 }
            var other = story
            let report = story[place]
            other[place] = Fixture.subscription(
                .pro,
                period: report.period,
                at: report.version.object,
                cancels: report.cancelsAtPeriodEnd,
                pauses: report.pausesAtPeriodEnd
            )
            let (before, after) = (try Self.told(story), try Self.told(other))
            for day in stride(from: Int64(0), to: 140, by: 3) {
                let instant = Fixture.day(day)
                let (without, with) = (
                    try Self.hasAccess(before, at: instant), try Self.hasAccess(after, at: instant)
                )
                #expect(with || !without, "\(seed): paid, report \(place) takes access away on day \(day): \(story)")
                guard with || !without else { return }
                if with, !without { more += 1 } else { same += 1 }
            }
        }
        print(
            "monotone in payment, part \(part): \(more) more, \(same) the same, \(overlapping) with overlapping periods"
        )
        #expect(more > 200 && same > 200 && overlapping > 50, "the stories are too dull")
    }

    @Test(arguments: 0..<4)
    func `versions never go back, and what is older changes nothing that a newer word says`(part: Int) throws {
        let seed = SeededGenerator.seed(for: "versions, part \(part)") &+ UInt64(part)
        var generator = SeededGenerator(seed: seed)
        var stale = 0
        for _ in 0..<300 {
            let words = Self.story("sub_1", using: &generator).shuffled(using: &generator)
            var ledger = try Ledger()
            var known: Subscription?
            for word in words + words.shuffled(using: &generator) {
                if try ledger.take(word, at: Fixture.day(100)) == .stale { stale += 1 }
                let now = try #require(ledger.account.subscriptions.first)
                #expect(now.snapshot.version >= word.version)
                if let known {
                    #expect(now.snapshot.version >= known.snapshot.version, "\(seed)")
                    if now.snapshot.version == known.snapshot.version { #expect(now.snapshot == known.snapshot) }
                    if let paid = known.paid { #expect(now.paid.map { $0.version >= paid.version } == true) }
                }
                known = now
            }
        }
        #expect(stale > 600)
    }

    @Test(arguments: 0..<4)
    func `what is over is left by a newer word or another subscription alone`(part: Int) throws {
        let seed = SeededGenerator.seed(for: "terminal, part \(part)") &+ UInt64(part)
        var generator = SeededGenerator(seed: seed)
        var (returned, replaced) = (0, 0)
        for _ in 0..<200 {
            let words = Self.story("sub_1", using: &generator)
            let last = try #require(words.last)
            let end = last.version.object + .hours(1)
            let over = Fixture.subscription(.pro, .canceled, period: last.period, at: end, endedAt: end)
            var ledger = try Self.told([over])
            for word in (words + words).shuffled(using: &generator) {
                try ledger.take(word, at: Fixture.day(100))
                #expect(ledger.account.subscriptions.first?.snapshot == over, "\(seed)")
                #expect(try ledger.overview(at: Fixture.day(100)).tier.id == .free)
            }
            let again = Fixture.subscription(
                .pro,
                id: Bool.random(using: &generator) ? "sub_1" : "sub_2",
                period: Fixture.days(99, 130)
            )
            try ledger.take(again, at: Fixture.day(100))
            let page = try ledger.overview(at: Fixture.day(100))
            #expect(page.tier.id == .pro)
            if page.subscription?.id == "sub_1" { returned += 1 } else { replaced += 1 }
        }
        #expect(returned > 50 && replaced > 50)
    }
}

extension [SubscriptionSnapshot] {
    /// Whether one of the periods begins within another one.
    var overlaps: Bool {
        contains { one in contains { one.period.start < $0.period.start && $0.period.start < one.period.end } }
    }

    /// Whether who pays for the period of a report gives up what was paid for already: it ends before that.
    func givesUpWhatWasPaid(at place: Int) -> Bool {
        self[..<place].contains { one in
            [.active, .trialing].contains(one.status) && self[place].period.end < one.period.end
        }
    }
}
