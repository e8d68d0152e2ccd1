import BillingKit

extension StoreLaw {
    static let customers: [StoreLaw] = [
        StoreLaw("subscription data is keyed by customer") { trial in
            let start = StoreTrial.start
            // Everything alike but for the provider's names, which are whose they are.
            func purchase(_ customer: String, _ status: SubscriptionStatus, at now: Timestamp) -> Account.Command {
                Fixture.purchase(
                    subscription: "sub_of_\(customer)",
                    order: "ord_of_\(customer)",
                    checkout: "chk_of_\(customer)",
                    status: status,
                    at: now,
                    key: "delivery:polar:\(now.microseconds)"
                )
            }
            let (mine, theirs): (CustomerID, CustomerID) = ("org_mine", "org_theirs")
            try await trial.perform(purchase("mine", .active, at: start), for: mine)
            let kept = try await trial.perform(purchase("theirs", .active, at: start), for: theirs)
            let later = start.advanced(by: .seconds(60))
            let changed = try await trial.perform(purchase("mine", .pastDue, at: later), for: mine, at: later)
            try await trial.expectStored(kept, "of the other customer")
            try await trial.expectStored(changed, "of the customer", since: 1)
            for (customer, status) in [(mine, SubscriptionStatus.pastDue), (theirs, .active)] {
                let name = customer == mine ? "mine" : "theirs"
                let account = try await trial.account(of: customer)
                trial.expectEqual(
                    account.subscriptions.map(\.id),
                    ["sub_of_\(name)"],
                    "the subscriptions of \(customer)"
                )
                trial.expectEqual(account.subscriptions.map(\.snapshot.status), [status], "the status of \(customer)")
                let journal = try await trial.store.journal(JournalQuery(customer: customer))
                let foreign = journal.flatMap(\.effects).filter { effect in
                    switch effect {
                    case .subscribed(let subscription): subscription.id != "sub_of_\(name)"
                    case .ordered(let order): order.id != "ord_of_\(name)"
                    default: false
                    }
                }
                trial.expectEqual(foreign, [], "what the journal of \(customer) has of another's")
                let all = (journal + kept.changes + changed.changes).flatMap(\.references)
                let item = LoadRequest.Item(
                    customer: customer,
                    orders: all.filter { $0.kind == .order },
                    references: all
                )
                let loaded = try await trial.load(item)
                trial.expectEqual(loaded.orders.values.map(\.id), ["ord_of_\(name)"], "the orders of \(customer)")
                for reference in all {
                    let owner = reference.id.hasSuffix("mine") ? mine : theirs
                    trial.expectEqual(loaded.owners[reference], owner, "the owner of \(reference)")
                    trial.expectEqual(try await trial.store.owner(of: reference), owner, "the owner of \(reference)")
                }
            }
        },
        StoreLaw("one subscription's id at two provider accounts is two subscriptions of two customers") { trial in
            for (customer, provider) in [("a", "polar"), ("b", "polar_sandbox")] as [(CustomerID, ProviderID)] {
                let item = try await trial.perform(
                    Account.Command(.take(Fixture.snapshot(of: "sub_1", from: provider)), key: "delivery"),
                    for: customer
                )
                try await trial.expectStored(item, "of \(customer)")
            }
            for (customer, provider) in [("a", "polar"), ("b", "polar_sandbox")] as [(CustomerID, ProviderID)] {
                let owner = try await trial.store.owner(of: .init(provider: provider, kind: .subscription, id: "sub_1"))
                trial.expectEqual(owner, customer, "the owner of the subscription at \(provider)")
                let found = try await trial.account(of: customer).subscriptions.map(\.snapshot.provider)
                trial.expectEqual(found, [provider], "the provider accounts of \(customer)")
            }
        },
        StoreLaw("one subscription's id at two provider accounts is two subscriptions of one customer") { trial in
            let customer: CustomerID = "both"
            let providers: [ProviderID] = ["polar", "polar_sandbox"]
            for status in [SubscriptionStatus.active, .canceled] {
                for provider in providers {
                    let item = try await trial.perform(
                        Account.Command(
                            .take(Fixture.snapshot(of: "sub_1", from: provider, status)),
                            key: Account.Key("delivery:\(provider):\(status)")
                        ),
                        for: customer
                    )
                    try await trial.expectStored(item, "of \(provider)", since: item.account.revision - 1)
                }
            }
            let kept = try await trial.account(of: customer).subscriptions
            trial.expectEqual(kept.map(\.key.provider), providers, "the provider accounts")
            trial.expectEqual(kept.map(\.losses.count), [1, 1], "the losses of each")
        },
    ]
}

extension Fixture {
    /// A provider's word on one active subscription to Pro, and on nothing else.
    fileprivate static func snapshot(
        of id: String,
        from provider: ProviderID,
        _ status: SubscriptionStatus = .active
    ) -> ProviderSnapshot {
        let start = StoreTrial.start
        let saidAt = status == .active ? start : start.advanced(by: .seconds(60))
        let subscription = SubscriptionSnapshot(
            provider: provider,
            id: id,
            version: ObjectVersion(object: saidAt, event: saidAt),
            tier: pro,
            status: status,
            cycle: .month,
            period: Recurrence.month.span(containing: start, from: start)
        )
        return ProviderSnapshot(provider: provider, subscriptions: [subscription])
    }
}
