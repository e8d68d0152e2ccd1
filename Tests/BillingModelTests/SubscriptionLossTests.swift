import BillingModel
import SeededTesting
import Testing

/// What is given no longer ends at one instant, in whatever order the provider's words of it come.
@Suite struct SubscriptionLossTests {
    private static func word(_ status: SubscriptionStatus, on day: Int64) -> SubscriptionSnapshot {
        Fixture.subscription(.pro, status, period: Fixture.days(0, 31), at: Fixture.day(day))
    }

    private func told(_ words: [SubscriptionSnapshot]) throws -> Ledger {
        try OrderIndependenceTests.Story().told(
            words.map { ProviderSnapshot(provider: "polar", subscriptions: [$0]) }
        )
    }

    private func losses(after words: [SubscriptionSnapshot]) throws -> [Timestamp] {
        try #require(try told(words).account.subscriptions.first).losses
    }

    /// All orders of so many things.
    private static func orders(of count: Int) -> [[Int]] {
        (0..<count).reduce([[]]) { orders, place in
            orders.flatMap { order in
                (0...order.count).map { Array(order[..<$0]) + [place] + Array(order[$0...]) }
            }
        }
    }

    @Test(arguments: orders(of: 4))
    func `access ends at the first loss after the last payment`(order: [Int]) throws {
        let words = [
            Self.word(.incomplete, on: 0), Self.word(.active, on: 1), Self.word(.canceled, on: 33),
            Self.word(.incomplete, on: 40),
        ]
        let ledger = try told(order.map { words[$0] })
        let subscription = try #require(ledger.account.subscriptions.first)
        #expect(subscription.lostAt == Fixture.day(33))
        #expect(subscription.losses == [Fixture.day(33), Fixture.day(40)])
        let overview = try ledger.overview(at: Fixture.day(46))
        #expect(overview.tier.id == .free)
        #expect(overview[.documents]?.period == Fixture.days(33, 59))
    }

    @Test func `a loss is kept once, and over with a payment at its instant or later`() throws {
        let paid = Self.word(.active, on: 3)
        let subscription = Subscription(
            snapshot: Self.word(.canceled, on: 8),
            periods: [
                .init(span: paid.period, version: paid.version, terms: .init(tier: .pro, quantity: nil, catalog: 1))
            ],
            told: [8, 2, 3, 5, 8, 5].map { .init(.lost, at: Fixture.day($0)) },
            catalog: 1
        )
        #expect(subscription.losses == [5, 8].map(Fixture.day))
        #expect(subscription.lostAt == Fixture.day(5))
    }

    @Test func `words that give something are no losses`() throws {
        let statuses: [SubscriptionStatus] = [.pastDue, "frozen", .unpaid, .pastDue, .paused, "frozen"]
        let words = statuses.enumerated().map { Self.word($1, on: Int64($0)) }
        #expect(try losses(after: words) == [2, 4].map(Fixture.day))
        #expect(try losses(after: words.reversed()) == [2, 4].map(Fixture.day))
        #expect(try losses(after: words + [Self.word(.trialing, on: 9)]) == [])
    }

    @Test func `of too many losses the first and the newest are kept, in whatever order they are told`() throws {
        let words = (1...40).map { Self.word(.paused, on: $0) }
        let kept = ([1] + Array(26...40)).map(Fixture.day)
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "too many losses"))
        for _ in 0..<10 {
            let again = (words + words.shuffled(using: &generator).prefix(9)).shuffled(using: &generator)
            #expect(try losses(after: again) == kept)
        }
        #expect(try losses(after: [Self.word(.active, on: 0)] + words) == kept)
        let late = try told(words + [Self.word(.active, on: 30)])
        #expect(late.account.subscriptions.first?.losses == (31...40).map(Fixture.day))
        // The loss that this payment precedes has been dropped. Nobody has access for longer because of it.
        let tooLate = try told(words + [Self.word(.active, on: 9)])
        #expect(tooLate.account.subscriptions.first?.lostAt == Fixture.day(26))
        #expect(try tooLate.overview(at: OrderIndependenceTests.Story.start + .hours(1)).tier.id == .free)
    }
}
