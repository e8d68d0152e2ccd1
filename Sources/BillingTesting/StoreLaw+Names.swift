import BillingKit

extension StoreLaw {
    /// Names that people, and many databases, take for one another.
    private static let alike = [
        "e\u{301}", "\u{E9}", "E\u{301}", "\u{C9}", "e", "E", "e ", " e", "e%", "e_", "\u{212B}", "\u{C5}", "A\u{30A}",
        "\u{FB01}", "fi", "\u{1F600}", "\u{FFFD}", "\u{FEFF}e", "1", "01", "1.0", "true", "null", "NULL", "'", "\"",
        "\\", "e\u{200B}", "\u{430}", "a", "e\n", "e\t",
    ]

    /// Those that a provider may give: of visible ASCII.
    private static let visible = alike.filter { $0.utf8.allSatisfy { 0x21...0x7E ~= $0 } }

    static let names: [StoreLaw] = [
        StoreLaw("customers are told apart byte for byte") { trial in
            let customers = alike.map { CustomerID($0) }
            for (number, customer) in customers.enumerated() {
                try await trial.perform(Fixture.consume(Int64(number + 1), key: "job:1"), for: customer)
            }
            let request = LoadRequest(items: customers.map { LoadRequest.Item(customer: $0, keys: ["job:1"]) })
            for (number, loaded) in try await trial.store.load(request).enumerated() {
                let name = "'\(alike[number])' (\(Array(alike[number].utf8)))"
                trial.expectEqual(loaded.account?.customer, customers[number], "the customer \(name)")
                trial.expectEqual(loaded.account?.revision, 1, "the revision of \(name)")
                trial.expectEqual(
                    loaded.precedents["job:1"]?.receipt?.amount,
                    Int64(number + 1),
                    "the units of \(name)"
                )
            }
        },
        StoreLaw("keys are told apart byte for byte") { trial in
            var account = Account(customer: "org_acme")
            for (number, key) in alike.enumerated() {
                let free = try await trial.load(LoadRequest.Item(customer: "org_acme", keys: [Account.Key(key)]))
                let name = "'\(key)' (\(Array(key.utf8)))"
                trial.expectEqual(Array(free.precedents.keys), [], "what key \(name) was used for before")
                let item = try trial.blind(
                    [Fixture.consume(Int64(number % 20 + 1), key: Account.Key(key))],
                    on: account
                )
                let outcomes = try await trial.store.commit(CommitRequest(items: [item]))
                trial.expectEqual(outcomes, [.committed], "the outcome of key \(name)")
                account = item.account
            }
            let keys = alike.map { Account.Key($0) }
            let loaded = try await trial.load(LoadRequest.Item(customer: "org_acme", keys: keys, spending: keys))
            for (number, key) in keys.enumerated() {
                let amount = loaded.precedents[key]?.receipt?.amount
                trial.expectEqual(amount, Int64(number % 20 + 1), "the units under key '\(key)'")
                let drawn = loaded.spending[key]?.draws.map(\.amount)
                trial.expectEqual(drawn, [Int64(number % 20 + 1)], "the draws under key '\(key)'")
            }
        },
        StoreLaw("a provider's names are told apart byte for byte, and by kind and provider account") { trial in
            let references = visible.map { ProviderReference(provider: "polar", kind: .grant, id: $0) }
            for (number, id) in visible.enumerated() {
                let before = try await trial.store.owner(of: references[number])
                trial.expectEqual(before, nil, "the owner of '\(id)' (\(Array(id.utf8))) before anyone claims it")
                let customer = CustomerID("org_\(number)")
                let item = try trial.blind([Fixture.grant(1, identity: id, key: "g")], on: Account(customer: customer))
                let outcomes = try await trial.store.commit(CommitRequest(items: [item]))
                trial.expectEqual(outcomes, [.committed], "the outcome of claiming '\(id)' (\(Array(id.utf8)))")
            }
            for (number, reference) in references.enumerated() {
                let owner = try await trial.store.owner(of: reference)
                trial.expectEqual(owner, CustomerID("org_\(number)"), "the owner of '\(reference.id)'")
                let item = LoadRequest.Item(customer: "org_0", references: [reference])
                let owners = try await trial.load(item).owners
                trial.expectEqual(
                    owners[reference],
                    CustomerID("org_\(number)"),
                    "the loaded owner of '\(reference.id)'"
                )
                for other in [
                    ProviderReference(provider: "Polar", kind: .grant, id: reference.id),
                    ProviderReference(provider: "polar", kind: .order, id: reference.id),
                ] { trial.expectEqual(try await trial.store.owner(of: other), nil, "the owner of \(other)") }
            }
        },
        StoreLaw("the host's references are told apart byte for byte") { trial in
            var wanted: [CommitRequest.Item] = []
            for reference in alike {
                wanted.append(try await trial.perform(Fixture.upgrade(reference: reference), for: "org_acme"))
                let last = try trial.require(wanted.last, "item")
                let found = try await trial.account(of: "org_acme")
                trial.expectEqual(
                    found.upgrades.map { Array(($0.reference ?? "").utf8) },
                    last.account.upgrades.map { Array(($0.reference ?? "").utf8) },
                    "the references after '\(reference)' (\(Array(reference.utf8)))"
                )
            }
            let found = try await trial.account(of: "org_acme").upgrades.map { Array(($0.reference ?? "").utf8) }
            trial.expectEqual(Set(found), Set(alike.map { Array($0.utf8) }), "the references")
        },
        StoreLaw("events are told apart byte for byte") { trial in
            let trial = trial.under(try Fixture.makeLifeCatalog())
            let counted = alike.indices.filter { $0.isMultiple(of: 2) }.map { Account.EventID(alike[$0]) }
            try await trial.perform(
                Fixture.record(counted.map { ($0, Fixture.searches, 1) }, key: "1"),
                for: "org_acme"
            )
            let item = LoadRequest.Item(customer: "org_acme", events: alike.map { Account.EventID($0) })
            trial.expectEqual(try await trial.load(item).knownEvents, Set(counted), "the events that were counted")
        },
        StoreLaw("deliveries are told apart byte for byte, and ordered by the bytes of their ids") { trial in
            let ids = visible.filter { !$0.utf8.contains(UInt8(ascii: ".")) }
            for id in ids {
                let recording = try await trial.record(id, body: Array("body of \(id)".utf8))
                guard case .leased(let lease) = recording else {
                    trial.expect(false, "delivery '\(id)' (\(Array(id.utf8))) is new, not \(recording)")
                    continue
                }
                trial.expectEqual(Array(lease.id.id.utf8), Array(id.utf8), "the bytes of the id in the lease")
            }
            let sorted = ids.sorted { $1.utf8.lexicographicallyPrecedes($0.utf8) }
            var found: [Delivery] = []
            while found.count < 2 * ids.count {
                let page = try await trial.store.deliveries(DeliveryQuery(after: found.last, limit: 7))
                if page.isEmpty { break }
                found += page
            }
            trial.expectEqual(found.map { Array($0.id.id.utf8) }, sorted.map { Array($0.utf8) }, "the ids of the log")
            let bodies = found.map { String(decoding: $0.body, as: UTF8.self).utf8.count - $0.id.id.utf8.count }
            trial.expectEqual(Set(bodies), ["body of ".utf8.count], "what the bodies have beside their ids")
            let first = try trial.require(found.last, "delivery")
            let ends = Timestamp(microseconds: .max)
            let asked = LeaseDeliveryRequest(
                id: first.id,
                now: StoreTrial.start.advanced(by: .seconds(60)),
                until: ends
            )
            let lease = try trial.require(try await trial.store.leaseDelivery(asked), "lease")
            _ = try await trial.store.settle(DeliverySettlement(lease: lease, state: .done, detail: ""))
            let done = try await trial.store.deliveries(DeliveryQuery(states: [.done]))
            trial.expectEqual(done.map { Array($0.id.id.utf8) }, [Array(first.id.id.utf8)], "what has been settled")
        },
        StoreLaw("what a delivery came to is kept byte for byte, also where it is nothing, long or has a NUL") {
            trial in
            let details = ["", "a\u{0}b", "e\u{301}", String(repeating: "long ", count: 10_000), "\u{1F9FE} 'o' \\ %"]
            for (number, detail) in details.enumerated() {
                let lease = try await trial.lease("d\(number)")
                _ = try await trial.store.settle(DeliverySettlement(lease: lease, state: .ignored, detail: detail))
                guard case .finished(_, let told) = try await trial.record("d\(number)") else {
                    trial.expect(false, "delivery \(number) is not finished, and was settled as ignored")
                    continue
                }
                trial.expectEqual(Array(told.utf8), Array(detail.utf8), "the bytes of detail \(number)")
            }
        },
        StoreLaw("the longest names there may be are kept whole") { trial in
            let name = String(repeating: "x", count: 254)
            let customers = ["a", "b"].map { CustomerID(name + $0) }
            let key = Account.Key(String(repeating: "k", count: 600))
            for customer in customers {
                let member = MemberID(String(repeating: "\u{E9}", count: 127))
                let item = try await trial.perform(Fixture.consume(key: key, by: member), for: customer)
                let journal = try await trial.store.journal(JournalQuery(customer: customer))
                trial.expectEqual(journal, item.changes, "the journal")
                let loaded = try await trial.load(LoadRequest.Item(customer: customer, keys: [key]))
                trial.expectEqual(Array(loaded.precedents.keys), [key], "the key")
            }
        },
    ]
}
