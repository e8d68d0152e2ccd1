import BillingKit

extension StoreLaw {
    static let commits: [StoreLaw] = keys + requests + races + cancellations

    private static let keys: [StoreLaw] = [
        StoreLaw("a commit whose key was used before writes nothing of its account, and the others are made") { trial in
            let trial = trial.under(try Fixture.makeLifeCatalog())
            let first = try await trial.perform(Fixture.consume(3, key: "job:1"), for: "org_acme")
            let lease = try await trial.lease("d1")
            let again = try await trial.repeated(
                Fixture.grant(7, identity: "ord_again", key: "job:1"),
                for: "org_acme",
                settling: [DeliverySettlement(lease: lease, state: .done, detail: "applied")]
            )
            let other = try trial.require(
                try await trial.commitItem(Fixture.consume(key: "job:1"), for: "org_other"),
                "change"
            )
            let outcomes = try await trial.store.commit(CommitRequest(items: [again, other]))
            trial.expectEqual(outcomes, [.keyUsed, .committed], "the outcomes")
            try await trial.expectStored(first, "after a commit whose key was used before")
            trial.expectEqual(try await trial.account(of: "org_other"), other.account, "the other account")
            for reference in again.changes.flatMap(\.references) {
                trial.expectEqual(try await trial.store.owner(of: reference), nil, "the owner of \(reference)")
            }
            let log = try await trial.store.deliveries(DeliveryQuery())
            trial.expectEqual(log.map(\.state), [.processing], "the state of the delivery that was to be settled")
        },
        StoreLaw("one used key among several changes of an account holds all of them back") { trial in
            let first = try await trial.perform(Fixture.consume(3, key: "job:1"), for: "org_acme")
            let late = try trial.blind(
                [Fixture.consume(key: "a"), Fixture.consume(key: "job:1"), Fixture.consume(key: "b")],
                on: first.account
            )
            trial.expectEqual(try await trial.store.commit(CommitRequest(items: [late])), [.keyUsed], "the outcome")
            try await trial.expectStored(first, "after a commit of which one key was used before")
            let loaded = try await trial.load(LoadRequest.Item(customer: "org_acme", keys: ["a", "b"]))
            trial.expectEqual(Array(loaded.precedents.keys), [], "the keys beside it that are taken")
        },
        StoreLaw("a used key that was taken to be free holds a commit back, though no change has it") { trial in
            let first = try await trial.perform(Fixture.consume(3, key: "job:1"), for: "org_acme")
            func item(assuming key: Account.Key) throws -> CommitRequest.Item {
                let blind = try trial.blind([Fixture.consume(key: "a")], on: first.account)
                return CommitRequest.Item(
                    account: blind.account,
                    changes: blind.changes,
                    dueAt: blind.dueAt,
                    assumedKeys: [key]
                )
            }
            let used = CommitRequest(items: [try item(assuming: "job:1")])
            trial.expectEqual(try await trial.store.commit(used), [.keyUsed], "the outcome where it was used")
            try await trial.expectStored(first, "after a commit that took a used key to be free")
            let free = CommitRequest(items: [try item(assuming: "job:2")])
            trial.expectEqual(try await trial.store.commit(free), [.committed], "the outcome where it is free")
            let found = try await trial.load(LoadRequest.Item(customer: "org_acme", keys: ["job:2"]))
            trial.expectEqual(Array(found.precedents.keys), [], "the keys that were only taken to be free")
        },
        StoreLaw("a used key is told of before a name that belongs to another, which takes no key") { trial in
            try await trial.perform(Fixture.grant(1, identity: "ord_1", key: "grant"), for: "owner")
            let first = try await trial.perform(Fixture.consume(3, key: "job:1"), for: "org_acme")
            func claim(_ key: Account.Key) throws -> CommitRequest {
                CommitRequest(items: [
                    try trial.blind([Fixture.grant(1, identity: "ord_1", key: key)], on: first.account)
                ])
            }
            let used = try await trial.store.commit(try claim("job:1"))
            trial.expectEqual(used, [.keyUsed], "the outcome where the key was used too")
            let name = ProviderReference(provider: "polar", kind: .grant, id: "ord_1")
            let free = try await trial.store.commit(try claim("job:2"))
            trial.expectEqual(free, [.claimedByAnother(name)], "the outcome where the key is free")
            try await trial.expectStored(first, "after two commits that were refused")
            let second = try trial.blind([Fixture.consume(key: "job:2")], on: first.account)
            let outcomes = try await trial.store.commit(CommitRequest(items: [second]))
            trial.expectEqual(outcomes, [.committed], "the outcome of the key that was free")
        },
        StoreLaw("one key under two changes of an account holds both of them back") { trial in
            let first = try await trial.perform(Fixture.consume(3, key: "job:1"), for: "org_acme")
            let twice = try trial.blind([Fixture.consume(key: "a"), Fixture.consume(2, key: "a")], on: first.account)
            trial.expectEqual(try await trial.store.commit(CommitRequest(items: [twice])), [.keyUsed], "the outcome")
            try await trial.expectStored(first, "after a commit with one key twice")
            let once = try trial.blind([Fixture.consume(2, key: "a")], on: first.account)
            trial.expectEqual(try await trial.store.commit(CommitRequest(items: [once])), [.committed], "the outcome")
        },
        StoreLaw("a commit on another revision is a conflict, also where its key was used before") { trial in
            let first = try await trial.perform(Fixture.consume(key: "job:1"), for: "org_acme")
            let again = try trial.blind([Fixture.consume(key: "job:1")], on: first.account)
            let second = try await trial.perform(Fixture.consume(key: "job:2"), for: "org_acme")
            trial.expectEqual(try await trial.store.commit(CommitRequest(items: [again])), [.conflict], "the outcome")
            try await trial.expectStored(second, "after a commit on another revision", since: 1)
        },
        StoreLaw("a key is used for ever, whatever was committed since") { trial in
            var item = try await trial.perform(Fixture.consume(key: "first"), for: "org_acme")
            for number in 0..<20 {
                item = try await trial.perform(Fixture.consume(key: "k\(number)"), for: "org_acme")
            }
            let found = try await trial.load(LoadRequest.Item(customer: "org_acme", keys: ["first"]))
            trial.expectEqual(Array(found.precedents.keys), ["first"], "the keys that are taken")
            let again = try trial.blind([Fixture.consume(key: "first")], on: item.account)
            trial.expectEqual(try await trial.store.commit(CommitRequest(items: [again])), [.keyUsed], "the outcome")
        },
    ]

    private static let requests: [StoreLaw] = [
        StoreLaw("a request without items is answered with nothing") { trial in
            let outcomes = try await trial.store.commit(CommitRequest(items: []))
            trial.expectEqual(outcomes, [], "the outcomes")
            let loaded = try await trial.store.load(LoadRequest(items: []))
            trial.expectEqual(loaded.count, 0, "the number of answers")
            try await trial.store.settle([])
        },
        StoreLaw("each account of a request has its own outcome, in the order of the request") { trial in
            try await trial.perform(Fixture.purchase(), for: "owner")
            let used = try await trial.perform(Fixture.consume(key: "job:1"), for: "key")
            let stale = try trial.blind([Fixture.consume(key: "stale")], on: Account(customer: "stale"))
            try await trial.perform(Fixture.consume(key: "first"), for: "stale")
            func fresh(_ customer: CustomerID) throws -> CommitRequest.Item {
                try trial.blind([Fixture.consume(key: "job:1")], on: Account(customer: customer))
            }
            let again = try trial.blind([Fixture.consume(key: "job:1")], on: used.account)
            let claim = try trial.blind([Fixture.purchase()], on: Account(customer: "claim"))
            let items = [try fresh("a"), stale, try fresh("b"), again, claim, try fresh("c")]
            let outcomes = try await trial.store.commit(CommitRequest(items: items))
            let kinds = outcomes.map { outcome in
                if case .claimedByAnother = outcome { "claimed by another" } else { "\(outcome)" }
            }
            trial.expectEqual(
                kinds,
                ["committed", "conflict", "committed", "keyUsed", "claimed by another", "committed"],
                "the outcomes"
            )
            for (customer, revision) in [("a", 1), ("stale", 1), ("b", 1), ("key", 1), ("claim", 0), ("c", 1)] {
                let account = try await trial.account(of: CustomerID(customer))
                trial.expectEqual(account.revision, Int64(revision), "the revision of '\(customer)'")
            }
        },
        StoreLaw("a request of many accounts is answered one by one") { trial in
            let customers = (0..<200).map { CustomerID("org_\($0)") }
            for customer in customers where customer.rawValue.hasSuffix("3") {
                try await trial.perform(Fixture.consume(key: "before"), for: customer)
            }
            let items = try customers.map {
                try trial.blind([Fixture.consume(2, key: "job:1")], on: Account(customer: $0))
            }
            let outcomes = try await trial.store.commit(CommitRequest(items: items))
            let wanted = customers.map { $0.rawValue.hasSuffix("3") ? CommitOutcome.conflict : .committed }
            trial.expectEqual(outcomes, wanted, "the outcomes")
            let request = LoadRequest(items: customers.map { LoadRequest.Item(customer: $0, keys: ["job:1"]) })
            let loaded = try await trial.store.load(request)
            trial.expectEqual(loaded.map { $0.account?.customer }, customers, "the customers")
            trial.expectEqual(loaded.map { !$0.precedents.isEmpty }, wanted.map { $0 == .committed }, "the keys used")
        },
    ]

    private static let races: [StoreLaw] = [
        StoreLaw("of two commits at once on one revision of many accounts each account takes exactly one") { trial in
            let customers = (0..<20).map { CustomerID("org_\($0)") }
            let requests = try (0..<4).map { writer in
                // In turn from the front and from the back, so that stores which lock in order are tried both ways.
                let order = writer.isMultiple(of: 2) ? customers : customers.reversed()
                return CommitRequest(
                    items: try order.map { customer in
                        let command = Fixture.consume(Int64(writer + 1), key: "writer:\(writer)")
                        return try trial.blind([command], on: Account(customer: customer))
                    }
                )
            }
            let made = try await withThrowingTaskGroup(of: [CommitRequest.Item].self) { group in
                for request in requests {
                    group.addTask {
                        let outcomes = try await trial.store.commit(request)
                        return zip(request.items, outcomes).filter { $1 == .committed }.map(\.0)
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let winners = Dictionary(grouping: made, by: \.account.customer)
            for customer in customers {
                let won = winners[customer] ?? []
                trial.expectEqual(won.count, 1, "the commits of \(customer) that were made")
                guard let item = won.first else { continue }
                try await trial.expectStored(item, "of \(customer)")
            }
        },
        StoreLaw("who loads while others commit sees each commit whole or not at all") { trial in
            let customers: [CustomerID] = ["a", "b", "c"]
            let rounds = 30
            let keys = (0..<(2 * rounds)).map { Account.Key("k\($0)") }
            let question = Account.Facts.UsageQuestion(.meter(Fixture.documents), since: StoreTrial.start)
            let (loads, end) = (Count(), Count())
            async let written: Void = {
                defer { end.add() }
                var accounts = customers.map { Account(customer: $0) }
                for round in 0..<rounds {
                    // In the middle of somebody's load, where they are slow enough for it.
                    let before = loads.value
                    for _ in 0..<1_000 where loads.value == before { await Task.yield() }
                    let commands = keys[(2 * round)..<(2 * round + 2)].map { Fixture.consume(1, key: $0) }
                    let dueAt = StoreTrial.start.advanced(by: .seconds(round))
                    let items = try accounts.map { try trial.blind(commands, on: $0, dueAt: dueAt) }
                    let outcomes = try await trial.store.commit(CommitRequest(items: items))
                    trial.expectEqual(outcomes, customers.map { _ in .committed }, "the outcomes of round \(round)")
                    accounts = items.map(\.account)
                }
            }()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        var revision: Int64 = 0
                        var isLast = false
                        while !isLast {
                            // Once more when everything is written.
                            isLast = end.value > 0
                            loads.add()
                            let items = customers.map {
                                LoadRequest.Item(customer: $0, keys: keys, usage: [question])
                            }
                            let loaded = try await trial.store.load(LoadRequest(items: items))
                            revision = try trial.expectWhole(loaded, asOf: question, since: revision)
                            await Task.yield()
                        }
                        trial.expectEqual(revision, Int64(2 * rounds), "the revision when everything is written")
                    }
                }
                try await group.waitForAll()
            }
            try await written
        },
    ]

    private static let cancellations: [StoreLaw] = [
        StoreLaw("a commit whose caller is cancelled meanwhile is made whole, and answered") { trial in
            let customers = (0..<40).map { CustomerID("org_\($0)") }
            let items = try customers.map { customer in
                let grant = Fixture.grant(7, identity: "ord_of_\(customer)", key: "grant")
                return try trial.blind([Fixture.consume(key: "a"), grant], on: Account(customer: customer))
            }
            let tasks = items.map { item in
                Task { try await trial.store.commit(CommitRequest(items: [item])) }
            }
            for (index, task) in tasks.enumerated() {
                // Some before they have begun, some in between, some when they are done.
                if index % 4 == 3 { await Task.yield() }
                task.cancel()
            }
            for (item, task) in zip(items, tasks) {
                trial.expectEqual(try await task.value, [.committed], "the outcome in a task that was cancelled")
                try await trial.expectStored(item, "of a task that was cancelled")
                for reference in item.changes.flatMap(\.references) {
                    let owner = try await trial.store.owner(of: reference)
                    trial.expectEqual(owner, item.account.customer, "the owner of \(reference)")
                }
            }
        },
        StoreLaw("every question of a cancelled task is answered") { trial in
            let item = try await trial.perform(Fixture.purchase(key: "purchase"), for: "org_acme")
            let later = StoreTrial.start.advanced(by: .seconds(60))
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                trial.expectEqual(try await trial.account(of: "org_acme"), item.account, "the account")
                let journal = try await trial.store.journal(JournalQuery(customer: "org_acme"))
                trial.expectEqual(journal, item.changes, "the journal")
                let reference = try trial.require(item.changes.flatMap(\.references).first, "reference")
                trial.expectEqual(try await trial.store.owner(of: reference), "org_acme", "the owner")
                let lease = try await trial.lease("d1")
                let settled = try await trial.store.settle(
                    DeliverySettlement(lease: lease, state: .failed, detail: "no", retryAt: later)
                )
                trial.expectEqual(settled, true, "whether the newest lease settles")
                let due = LeaseRequest(now: later, until: later.advanced(by: .seconds(60)), limit: 10)
                let deliveries = try await trial.store.leaseDeliveries(.init(provider: "polar", lease: due))
                trial.expectEqual(deliveries.map(\.attempt), [2], "the attempts of the deliveries that are due")
                let log = try await trial.store.deliveries(DeliveryQuery())
                trial.expectEqual(log.map(\.id.id), ["d1"], "the log")
                let notices = try await trial.store.leaseNotices(due)
                trial.expectEqual(notices.map(\.notice), item.changes.flatMap(\.notices), "the notices")
                try await trial.store.settle(notices.map { NoticeSettlement(lease: $0, outcome: .delivered) })
                trial.expectEqual(try await trial.store.keep(Fixture.catalog), Fixture.catalog, "the catalog")
                trial.expectEqual(try await trial.store.catalog(1), Fixture.catalog, "the catalog as it is read")
                trial.expectEqual(try await trial.store.catalogVersions(), [1], "the catalogs' versions")
                let accounts = try await trial.store.accountsDue(DueRequest(now: Timestamp(microseconds: .max)))
                trial.expectEqual(accounts.map(\.customer), ["org_acme"], "the accounts that are due")
            }
            try await task.value
        },
    ]
}

extension StoreTrial {
    /// Decides commands one after the other without looking anything up, as a caller does who knows it all already.
    func blind(
        _ commands: [Account.Command],
        on account: Account,
        at now: Timestamp = start,
        dueAt: Timestamp? = nil,
        settling settlements: [DeliverySettlement] = []
    ) throws -> CommitRequest.Item {
        var account = account
        let changes = try commands.map { command in
            let change = try require(try account.decide(command, at: now, in: catalog).change, "change of \(command)")
            account.apply(change)
            return change
        }
        return CommitRequest.Item(account: account, changes: changes, dueAt: dueAt, settlements: settlements)
    }

    /// An item on the present revision of a command that was decided as if its key were free.
    fileprivate func repeated(
        _ command: Account.Command,
        for customer: CustomerID,
        settling settlements: [DeliverySettlement]
    ) async throws -> CommitRequest.Item {
        let account = try await account(of: customer)
        return try blind([command], on: account, dueAt: Self.start, settling: settlements)
    }

    /// Expects that of an account nothing is stored beyond an item, whose changes are all that the journal has after
    /// a revision.
    func expectStored(_ item: CommitRequest.Item, _ when: String, since revision: Int64 = 0) async throws {
        let customer = item.account.customer
        let loaded = try await load(LoadRequest.Item(customer: customer, keys: item.changes.compactMap(\.key)))
        expectEqual(loaded.account, item.account, "the account \(when)")
        expectEqual(loaded.dueAt, item.dueAt, "when the account is due \(when)")
        let receipts = item.changes.compactMap { change in change.key.map { ($0, change.receipt) } }
        expectEqual(
            loaded.precedents.mapValues(\.receipt),
            Dictionary(receipts) { _, last in last },
            "the receipts \(when)"
        )
        let journal = try await store.journal(JournalQuery(customer: customer, after: revision))
        expectEqual(journal, item.changes, "the journal \(when)")
    }

    /// Expects accounts that are committed together, each change a unit, to be of one instant with their facts.
    ///
    /// - Returns: The revision that they are at.
    fileprivate func expectWhole(
        _ loaded: [LoadedAccount],
        asOf question: Account.Facts.UsageQuestion,
        since last: Int64
    ) throws -> Int64 {
        let revisions = loaded.compactMap(\.account?.revision)
        let revision = try require(revisions.first, "account")
        expectEqual(revisions, loaded.map { _ in revision }, "the revisions of accounts that are committed together")
        expect(revision >= last, "who has seen revision \(last) finds \(revision) after it")
        expectEqual(revision % 2, 0, "the changes of a commit of two at revision \(revision) that are missing")
        for answer in loaded {
            let customer = answer.account?.customer ?? ""
            expectEqual(answer.precedents.count, Int(revision), "the keys of \(customer) at revision \(revision)")
            expectEqual(answer.usage[question]?.units, revision, "the usage of \(customer) at revision \(revision)")
            let round = revision / 2 - 1
            let dueAt = round < 0 ? nil : Self.start.advanced(by: .seconds(round))
            expectEqual(answer.dueAt, dueAt, "when \(customer) is due at revision \(revision)")
        }
        return revision
    }
}
