package import BillingModel
import Measuring

/// One customer, brought through commands alone to where a benchmark begins.
package struct CustomerLife {
    /// The customer's state.
    package private(set) var account: Account

    /// The time of the latest command.
    package private(set) var now = ModelFixture.opening

    private let catalog: Catalog
    private var commands = 0

    /// Creates a customer of whom nothing is known yet.
    package init(_ customer: Int = 1, in catalog: Catalog) {
        account = Account(customer: ModelFixture.customer(customer))
        self.catalog = catalog
    }

    /// Uses one unit, a number of times.
    package mutating func consume(_ meter: Meter.ID = .jobDescriptions, times: Int = 1) throws {
        for _ in 0..<times { try send(.consume(.init(meter: meter, amount: 1))) }
    }

    /// Gives promotions, each of so many units that none ends, with different priorities and expiries.
    package mutating func givePromotions(_ number: Int) throws {
        for index in 0..<number {
            try give(
                ModelFixture.plenty,
                priority: Int64(index % 5) - 2,
                expiry: index % 7 == 0 ? nil : ModelFixture.day(40 + Int64(index % 300))
            )
        }
    }

    /// Gives promotions that would be used first and cannot be before the day after tomorrow.
    package mutating func givePromotionsForLater(_ number: Int) throws {
        for _ in 0..<number {
            try give(ModelFixture.plenty, priority: -1, effective: ModelFixture.day(2), expiry: nil)
        }
    }

    /// Gives promotions of so few units that a use of three takes from two of them.
    package mutating func giveSmallPromotions(_ number: Int) throws {
        for _ in 0..<number { try give(2, priority: -3, expiry: ModelFixture.day(40)) }
    }

    /// Gives promotions of one unit and uses each up before the next.
    package mutating func finishPromotions(_ number: Int) throws {
        for _ in 0..<number {
            try give(1, priority: -1, expiry: ModelFixture.day(40))
            try consume()
        }
    }

    /// Buys the paid tier.
    package mutating func subscribe(_ number: Int) throws {
        guard let period = TimeSpan(start: ModelFixture.opening, end: ModelFixture.day(31)) else {
            throw Failure("The period is empty.")
        }
        let subscription = SubscriptionSnapshot(
            provider: "polar",
            id: ModelFixture.name("sub", number),
            version: ObjectVersion(object: now, event: now),
            tier: .pro,
            status: .active,
            cycle: .month,
            period: period
        )
        try send(.take(ProviderSnapshot(provider: "polar", subscriptions: [subscription])))
    }

    /// Makes sure that the account has as many live grants as a benchmark says.
    package func verify(liveGrants: Int) throws {
        guard account.grants.count == liveGrants else {
            throw Failure("There are \(account.grants.count) live grants, not \(liveGrants).")
        }
    }

    private mutating func give(
        _ amount: Int64,
        priority: Int64,
        effective: Timestamp? = nil,
        expiry: Timestamp?
    ) throws {
        try send(
            .grant(
                Account.Command.Granting(
                    amount,
                    of: .meter(.jobDescriptions),
                    from: .promotion,
                    priority: priority,
                    effective: effective,
                    expiry: expiry
                )
            )
        )
    }

    private mutating func send(_ action: Account.Command.Action) throws {
        commands += 1
        now = now.advanced(by: .milliseconds(1))
        let command = Account.Command(action, key: Account.Key(ModelFixture.key(commands)))
        let decision = try account.decide(command, at: now, in: catalog)
        guard let change = decision.change, account.apply(change) else {
            throw Failure("The command was answered with \(decision.answer).")
        }
    }
}
