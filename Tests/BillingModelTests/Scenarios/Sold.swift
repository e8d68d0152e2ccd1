import BillingModel
import Testing

/// What the scenarios sell: Free with 10 documents a month, Pro with 50 for 30 dollars a month or 300 a year, and
/// Enterprise with 200 for 90 dollars a month.
enum Sold {
    static func catalog() throws -> Catalog {
        try Catalog(
            version: 1,
            meters: [Meter(.documents, name: "Documents")],
            tiers: [
                Tier(.free, rank: 0, name: "Free", allowances: [.documents: .limited(10, per: .month)]),
                Tier(
                    .pro,
                    rank: 1,
                    name: "Pro",
                    allowances: [.documents: .limited(50, per: .month)],
                    prices: [.init(try dollars(30_00), per: .month), .init(try dollars(300_00), per: .year)]
                ),
                Tier(
                    .enterprise,
                    rank: 2,
                    name: "Enterprise",
                    allowances: [.documents: .limited(200, per: .month)],
                    prices: [.init(try dollars(90_00), per: .month)]
                ),
            ],
            fallback: .free
        )
    }

    static func dollars(_ cents: Int64) throws -> Money {
        Money(minorUnits: cents, currency: try #require(Currency(code: "USD")))
    }
}

/// Returns midnight of a day, or the instant of a text.
func on(_ day: String) throws -> Timestamp {
    try #require(Timestamp(rfc3339: day.contains("T") ? day : "\(day)T00:00:00Z"))
}

/// Returns the time from midnight of a day up to midnight of another.
func from(_ start: String, to end: String) throws -> TimeSpan {
    TimeSpan(from: try on(start), to: try on(end))
}

extension Ledger {
    /// What would become of a subscription that is changed as wished.
    func preview(
        _ wish: Account.Command.SubscriptionChange.Wish,
        of subscription: Subscription.Key? = nil,
        at now: Timestamp
    ) throws -> Account.Preview {
        try preview(Account.Command(.changeSubscription(.init(wish, of: subscription))), at: now)
    }

    /// The plan for a subscription that is changed as wished, which there has to be.
    func plan(
        _ wish: Account.Command.SubscriptionChange.Wish,
        of subscription: Subscription.Key? = nil,
        at now: Timestamp
    ) throws -> Account.Plan {
        try #require(try preview(wish, of: subscription, at: now).plan)
    }
}
