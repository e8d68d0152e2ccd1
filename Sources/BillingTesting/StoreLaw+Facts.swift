import BillingInMemory
import BillingKit

extension StoreLaw {
    static let facts: [StoreLaw] = [
        StoreLaw("what was used under a key is told in order, with what has come back and what is used up") { trial in
            let trial = trial.under(try Fixture.makeLifeCatalog())
            try await trial.perform(Fixture.consume(1, of: Fixture.searches, key: "other"), for: "org_acme")
            try await trial.perform(Fixture.grant(6, identity: "ord_1", key: "units"), for: "org_acme")
            let used = try await trial.perform(Fixture.consume(17, key: "work"), for: "org_acme")
            try await trial.perform(Fixture.refund(of: "work", 1), for: "org_acme")
            let back = try await trial.perform(Fixture.refund(of: "work", 5), for: "org_acme")
            let item = LoadRequest.Item(customer: "org_acme", spending: ["work", "units", "none", "work"])
            let spending = try await trial.load(item).spending
            trial.expectEqual(Array(spending.keys), ["work"], "the keys under which something was used")
            let told = try trial.require(spending["work"], "spending")
            trial.expectEqual(told.revision, used.account.revision, "the revision")
            trial.expectEqual(told.draws, used.draws, "the draws")
            trial.expectEqual(told.draws.map(\.amount), [10, 6, 1, 3], "the units of the meter and the credits drawn")
            trial.expectEqual(told.returns.map(\.amount), [1, 3, 5], "what has come back")
            trial.expectEqual(told.returns.suffix(1), back.returns[...], "what came back last")
            trial.expectEqual(
                Set(told.retired.keys),
                Set(used.retired).subtracting(back.restored),
                "the retired grants"
            )
        },
        StoreLaw("a grant that is used up, restored and used up again is told of as it was last") { trial in
            let trial = trial.under(try Fixture.makeLifeCatalog())
            try await trial.perform(Fixture.consume(10, key: "own"), for: "org_acme")
            try await trial.perform(Fixture.grant(6, identity: "ord_1", key: "units"), for: "org_acme")
            func retired() async throws -> [Account.Grant] {
                let loaded = try await trial.load(LoadRequest.Item(customer: "org_acme", spending: ["work"]))
                return Array(try trial.require(loaded.spending["work"], "spending").retired.values)
            }
            let first = try await trial.perform(Fixture.consume(6, key: "work"), for: "org_acme")
            trial.expectEqual(try await retired(), first.retiredGrants, "the grant as it was used up")
            try await trial.perform(Fixture.refund(of: "work", 2), for: "org_acme")
            trial.expectEqual(try await retired(), [], "a grant that is live again")
            let grant = try trial.require(first.retired.first, "grant")
            let last = try await trial.perform(Account.Command(.void(grant), key: "void"), for: "org_acme")
            trial.expectEqual(try await retired(), last.retiredGrants, "the grant as it was taken back")
        },
        StoreLaw("by a subscription's name all of its orders are told, as they were last, and no others") { trial in
            let dollars = try trial.require(Currency(code: "USD"), "currency")
            func order(_ id: String, of subscription: String?, version: Int64 = 0, refunded: Int64 = 0) -> Account.Order
            {
                let at = StoreTrial.start.advanced(by: .seconds(version))
                return Account.Order(
                    provider: "polar",
                    id: id,
                    version: ObjectVersion(object: at, event: at),
                    status: "paid",
                    isPaid: true,
                    purpose: .purchase,
                    createdAt: StoreTrial.start,
                    total: Money(minorUnits: 2_900, currency: dollars),
                    refundedMinorUnits: refunded,
                    subscription: subscription
                )
            }
            for word in [
                order("ord_1", of: "sub_1"), order("ord_2", of: "sub_1"), order("ord_3", of: "sub_2"),
                order("ord_4", of: nil), order("ord_1", of: "sub_1", version: 9, refunded: 5),
            ] {
                let snapshot = ProviderSnapshot(provider: "polar", order: word)
                try await trial.perform(Account.Command(.take(snapshot)), for: "org_acme")
            }
            func orders(of names: (ProviderReference.Kind, String)...) async throws -> [String] {
                let references = names.map { ProviderReference(provider: "polar", kind: $0.0, id: $0.1) }
                let loaded = try await trial.load(LoadRequest.Item(customer: "org_acme", orders: references))
                trial.expect(
                    loaded.orders.allSatisfy { $0.key == $0.value.providerReference },
                    "each under its own name"
                )
                return loaded.orders.values.map { "\($0.id) \($0.refundedMinorUnits)" }.sorted()
            }
            trial.expectEqual(try await orders(of: (.subscription, "sub_1")), ["ord_1 5", "ord_2 0"], "the orders")
            trial.expectEqual(try await orders(of: (.subscription, "sub_3")), [], "the orders of none")
            trial.expectEqual(
                try await orders(of: (.subscription, "sub_2"), (.order, "ord_4"), (.order, "sub_1")),
                ["ord_3 0", "ord_4 0"],
                "orders by both names"
            )
        },
        StoreLaw("an event is known while it was counted after an instant, and by its last count") { trial in
            let trial = trial.under(try Fixture.makeLifeCatalog())
            let later = StoreTrial.start.advanced(by: Account.eventMemory)
            let commands = [
                (
                    Fixture.record([("a", Fixture.documents, 1), ("b", Fixture.documents, 1)], key: "1"),
                    StoreTrial.start
                ),
                (Fixture.record([("b", Fixture.documents, 1), ("c", Fixture.documents, 1)], key: "2"), later),
            ]
            for (command, now) in commands { try await trial.perform(command, for: "org_acme", at: now) }
            func known(since: Timestamp, by customer: CustomerID = "org_acme") async throws -> Set<Account.EventID> {
                let item = LoadRequest.Item(customer: customer, events: ["a", "b", "c", "d", "a"], eventsSince: since)
                let loaded = try await trial.load(item)
                return loaded.knownEvents
            }
            let tick = Duration.microseconds(1)
            let early = try await known(since: StoreTrial.start.advanced(by: .zero - tick))
            trial.expectEqual(early, ["a", "b", "c"], "the events since before the first")
            trial.expectEqual(try await known(since: StoreTrial.start), ["b", "c"], "the events since the first")
            let late = try await known(since: later.advanced(by: .zero - tick))
            trial.expectEqual(late, ["b", "c"], "the events since before the last")
            trial.expectEqual(try await known(since: later), [], "the events since the last")
            let other = try await known(since: Timestamp(microseconds: .min), by: "org_other")
            trial.expectEqual(other, [], "another customer's events")
            let journal = try await trial.store.journal(JournalQuery(customer: "org_acme"))
            trial.expectEqual(journal.map(\.events), [["a", "b"], ["b", "c"]], "the events in the journal")
        },
        StoreLaw("usage of meters and pools is what was used less what has come back") { trial in
            let trial = trial.under(try Fixture.makeLifeCatalog())
            let later = StoreTrial.start.advanced(by: .seconds(60))
            try await trial.perform(Fixture.consume(15, key: "work"), for: "org_acme")
            try await trial.perform(Fixture.consume(2, key: "more"), for: "org_acme", at: later)
            func usage(_ subject: Account.Balance.Subject, since: Timestamp) async throws -> Account.Facts.Usage? {
                let question = Account.Facts.UsageQuestion(subject, since: since)
                let loaded = try await trial.load(LoadRequest.Item(customer: "org_acme", usage: [question]))
                return loaded.usage[question]
            }
            let (meter, pool) =
                (Account.Balance.Subject.meter(Fixture.documents), .pool(Fixture.credits))
                as (Account.Balance.Subject, Account.Balance.Subject)
            let start = StoreTrial.start
            // 10 are of the allowance and each of the others costs 3 credits, which the tier gives.
            trial.expectEqual(try await usage(meter, since: start), .init(units: 17, fromOtherGrants: 7), "the meter")
            trial.expectEqual(try await usage(pool, since: start), .init(units: 21), "the pool")
            trial.expectEqual(
                try await usage(meter, since: later),
                .init(units: 2, fromOtherGrants: 2),
                "the meter later"
            )
            try await trial.perform(Fixture.refund(of: "work", 4), for: "org_acme", at: later.advanced(by: .seconds(1)))
            try await trial.perform(Fixture.refund(of: "more"), for: "org_acme", at: later.advanced(by: .seconds(1)))
            trial.expectEqual(try await usage(meter, since: start), .init(units: 11, fromOtherGrants: 1), "the meter")
            trial.expectEqual(try await usage(pool, since: start), .init(units: 3), "the pool")
            trial.expectEqual(try await usage(meter, since: later), .init(), "the meter later")
            trial.expectEqual(try await usage(.meter(Fixture.searches), since: start), .init(), "another meter")
        },
        StoreLaw("usage beyond what can be counted is as much as can be") { trial in
            let trial = trial.under(try Fixture.makeLifeCatalog())
            let month = StoreTrial.start.advanced(by: .seconds(32 * 86_400))
            for (key, now) in [("a", StoreTrial.start), ("b", month)] {
                let most = Account.Command(.record(.init(meter: Fixture.documents, amount: .max - 9)), key: .init(key))
                try await trial.perform(most, for: "org_acme", at: now)
            }
            let question = Account.Facts.UsageQuestion(.meter(Fixture.documents), since: StoreTrial.start)
            let loaded = try await trial.load(LoadRequest.Item(customer: "org_acme", usage: [question]))
            trial.expectEqual(loaded.usage[question]?.units, .max, "the units")
        },
        StoreLaw("a receipt comes back with each of its lines, what was not there and what was skipped") { trial in
            let trial = trial.under(try Fixture.makeLifeCatalog())
            try await trial.perform(Fixture.record([("e0", Fixture.searches, 1)], key: "first"), for: "org_acme")
            let item = try await trial.perform(
                Fixture.record(
                    [("e1", Fixture.documents, 500), ("e0", Fixture.searches, 7), ("e2", Fixture.searches, 300)],
                    key: "batch"
                ),
                for: "org_acme"
            )
            let loaded = try await trial.load(LoadRequest.Item(customer: "org_acme", keys: ["batch"]))
            let receipt = try trial.require(loaded.precedents["batch"]?.receipt, "receipt")
            trial.expectEqual(receipt, item.changes.first?.receipt, "the receipt")
            trial.expectEqual(receipt.lines.map(\.amount), [500, 300], "the amounts")
            trial.expectEqual(receipt.lines.map(\.overage), [480, 201], "what was not there")
            trial.expectEqual(receipt.skipped, 1, "the events that were counted before")
        },
        StoreLaw("the receipt of credits that were given comes back with their pool") { trial in
            let trial = trial.under(try Fixture.makeLifeCatalog())
            let granting = Account.Command.Granting(5, of: .pool(Fixture.credits), from: .promotion)
            let item = try await trial.perform(Account.Command(.grant(granting), key: "gift"), for: "org_acme")
            let loaded = try await trial.load(LoadRequest.Item(customer: "org_acme", keys: ["gift"]))
            trial.expectEqual(loaded.precedents["gift"]?.receipt, item.changes.first?.receipt, "the receipt")
            trial.expectEqual(loaded.precedents["gift"]?.receipt?.subject, .pool(Fixture.credits), "the pool")
        },
        StoreLaw("the facts of a life with everything in it are those of the reference store, after each change") {
            trial in
            let reference = StoreTrial(store: InMemoryStore(), location: trial.location)
            let items = try await trial.life()
            for item in items {
                _ = try await trial.store.commit(CommitRequest(items: [item]))
                _ = try await reference.store.commit(CommitRequest(items: [item]))
                try await trial.expectFacts(of: items, asIn: reference, "after \(item.changes)")
            }
        },
    ]
}

extension StoreTrial {
    /// Expects the facts about all that changes name to be as they are in another store.
    func expectFacts(
        of items: [CommitRequest.Item],
        asIn other: StoreTrial,
        _ when: @autoclosure () -> String
    ) async throws {
        let changes = items.flatMap(\.changes)
        let customer = try require(items.first?.account.customer, "change")
        let keys = changes.compactMap(\.key)
        let instants = Set(changes.map(\.effectiveAt)).sorted()
        let subjects: [Account.Balance.Subject] = [
            .meter(Fixture.documents), .meter(Fixture.searches), .pool(Fixture.credits),
        ]
        let item = LoadRequest.Item(
            customer: customer,
            keys: keys,
            orders: changes.flatMap(\.references).filter { $0.kind == .order },
            references: changes.flatMap(\.references),
            usage: instants.flatMap { instant in subjects.map { .init($0, since: instant) } },
            spending: keys,
            events: changes.flatMap(\.events),
            eventsSince: instants[instants.count / 2]
        )
        let (found, wanted) = (try await load(item), try await other.load(item))
        expectEqual(found.account, wanted.account, "the account \(when())")
        expectEqual(found.precedents, wanted.precedents, "the precedents \(when())")
        expectEqual(found.orders, wanted.orders, "the orders \(when())")
        expectEqual(found.owners, wanted.owners, "the owners \(when())")
        expectEqual(found.usage, wanted.usage, "the usage \(when())")
        expectEqual(found.spending, wanted.spending, "the spending \(when())")
        expectEqual(found.knownEvents, wanted.knownEvents, "the events \(when())")
    }
}

extension CommitRequest.Item {
    private var effects: [Account.Effect] { changes.flatMap(\.effects) }

    fileprivate var draws: [Account.Draw] {
        effects.compactMap { if case .drawn(let draw) = $0 { draw } else { nil } }
    }

    fileprivate var returns: [Account.Draw] {
        effects.compactMap { if case .returned(let back) = $0 { back.draw } else { nil } }
    }

    fileprivate var retiredGrants: [Account.Grant] {
        effects.compactMap { if case .retired(let grant) = $0 { grant } else { nil } }
    }

    fileprivate var retired: [Account.Grant.ID] { retiredGrants.map(\.id) }

    fileprivate var restored: [Account.Grant.ID] {
        effects.compactMap { if case .restored(let grant) = $0 { grant.id } else { nil } }
    }
}
