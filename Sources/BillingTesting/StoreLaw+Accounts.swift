import BillingKit

extension StoreLaw {
    static let accounts: [StoreLaw] = [
        StoreLaw("a customer of whom nothing is stored has a new account") { trial in
            let account = try await trial.account(of: "nobody")
            trial.expectEqual(account, Account(customer: "nobody"), "the account")
        },
        StoreLaw("what was committed is loaded again, whole") { trial in
            for (index, command) in history.enumerated() {
                let item = try await trial.perform(
                    command,
                    for: "org_acme",
                    at: StoreTrial.start.advanced(by: .seconds(index))
                )
                let loaded = try await trial.account(of: "org_acme")
                trial.expectEqual(loaded, item.account, "the account after \(command)")
            }
        },
        StoreLaw("several changes of one account are committed together") { trial in
            var account = try await trial.account(of: "org_acme")
            var changes: [Account.Change] = []
            for key in ["a", "b", "c"] {
                let decision = try account.decide(
                    Fixture.consume(key: Account.Key(key)),
                    at: StoreTrial.start,
                    in: Fixture.catalog
                )
                let change = try trial.require(decision.change, "change")
                account.apply(change)
                changes.append(change)
            }
            let item = CommitRequest.Item(account: account, changes: changes, dueAt: nil)
            trial.expectEqual(try await trial.store.commit(CommitRequest(items: [item])), [.committed], "the outcome")
            trial.expectEqual(try await trial.account(of: "org_acme"), account, "the account")
            trial.expectEqual(try await trial.store.journal(JournalQuery(customer: "org_acme")), changes, "the journal")
        },
        StoreLaw("an account that the caller has is not sent again") { trial in
            try await trial.perform(Fixture.consume(key: "a"), for: "org_acme")
            let same = try await trial.load(LoadRequest.Item(customer: "org_acme", knownRevision: 1))
            trial.expectEqual(same.account, nil, "an account at the known revision")
            let other = try await trial.load(LoadRequest.Item(customer: "org_acme", knownRevision: 0))
            trial.expectEqual(other.account?.revision, 1, "the revision of an account at another revision")
        },
        StoreLaw("answers come in the order of the questions") { trial in
            try await trial.perform(Fixture.consume(key: "a"), for: "b")
            try await trial.perform(Fixture.consume(key: "a"), for: "a")
            let items = ["b", "none", "a"].map { LoadRequest.Item(customer: CustomerID($0)) }
            let loaded = try await trial.store.load(LoadRequest(items: items))
            trial.expectEqual(loaded.map { $0.account?.customer.rawValue }, ["b", "none", "a"], "the customers")
        },
        StoreLaw("a commit on an earlier revision is a conflict and writes nothing") { trial in
            let late = try trial.require(
                try await trial.commitItem(Fixture.consume(2, key: "late"), for: "org_acme"),
                "change"
            )
            let first = try await trial.perform(Fixture.consume(key: "first"), for: "org_acme")
            let outcomes = try await trial.store.commit(CommitRequest(items: [late]))
            trial.expectEqual(outcomes, [.conflict], "the outcome")
            trial.expectEqual(try await trial.account(of: "org_acme"), first.account, "the account")
            let loaded = try await trial.load(LoadRequest.Item(customer: "org_acme", keys: ["late"]))
            trial.expectEqual(Array(loaded.precedents.keys), [], "the keys that a commit that was not made has used")
        },
        StoreLaw("a commit ahead of the stored revision is a conflict") { trial in
            let first = try trial.require(
                try await trial.commitItem(Fixture.consume(key: "first"), for: "org_acme"),
                "change"
            )
            let second = try first.account.decide(
                Fixture.consume(key: "second"),
                at: StoreTrial.start,
                in: Fixture.catalog
            )
            var account = first.account
            let change = try trial.require(second.change, "change")
            account.apply(change)
            let item = CommitRequest.Item(account: account, changes: [change], dueAt: nil)
            trial.expectEqual(try await trial.store.commit(CommitRequest(items: [item])), [.conflict], "the outcome")
        },
        StoreLaw("the accounts of a commit stand alone") { trial in
            let stale = try trial.require(
                try await trial.commitItem(Fixture.consume(key: "stale"), for: "b"),
                "change"
            )
            try await trial.perform(Fixture.consume(key: "first"), for: "b")
            let fresh = try trial.require(
                try await trial.commitItem(Fixture.consume(key: "fresh"), for: "a"),
                "change"
            )
            let outcomes = try await trial.store.commit(CommitRequest(items: [stale, fresh]))
            trial.expectEqual(outcomes, [.conflict, .committed], "the outcomes")
            trial.expectEqual(try await trial.account(of: "a"), fresh.account, "the account of the good item")
        },
        StoreLaw("of many commits on one revision exactly one is made") { trial in
            let items = try await withThrowingTaskGroup(of: CommitRequest.Item?.self) { group in
                for number in 0..<16 {
                    group.addTask { try await trial.commitItem(Fixture.consume(key: "k\(number)"), for: "org_acme") }
                }
                return try await group.reduce(into: []) { $0.append($1) }.compactMap(\.self)
            }
            let outcomes = try await withThrowingTaskGroup(of: [CommitOutcome].self) { group in
                for item in items {
                    group.addTask { try await trial.store.commit(CommitRequest(items: [item])) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            trial.expectEqual(outcomes.count { $0 == .committed }, 1, "the commits that were made")
            trial.expectEqual(try await trial.account(of: "org_acme").revision, 1, "the revision")
        },
        StoreLaw("a key is remembered with its receipt, for its customer alone") { trial in
            let item = try await trial.perform(Fixture.consume(7, key: "job:1"), for: "org_acme")
            let found = try await trial.load(LoadRequest.Item(customer: "org_acme", keys: ["job:1", "job:2"]))
            trial.expectEqual(found.precedents["job:1"]?.receipt, item.changes.first?.receipt, "the receipt")
            trial.expectEqual(found.precedents.count, 1, "the keys that are taken")
            let other = try await trial.load(LoadRequest.Item(customer: "org_other", keys: ["job:1"]))
            trial.expectEqual(Array(other.precedents.keys), [], "the keys that another customer has used")
        },
        StoreLaw("a key that is asked for twice gets one answer") { trial in
            let item = try await trial.perform(Fixture.consume(7, key: "job:1"), for: "org_acme")
            let found = try await trial.load(LoadRequest.Item(customer: "org_acme", keys: ["job:1", "job:1"]))
            trial.expectEqual(found.precedents["job:1"]?.receipt, item.changes.first?.receipt, "the receipt")
        },
        StoreLaw("the receipt of an unlimited meter comes back unlimited") { trial in
            try await trial.perform(Fixture.purchase(of: Fixture.enterprise), for: "org_acme")
            let item = try await trial.perform(Fixture.consume(key: "job:1"), for: "org_acme")
            let found = try await trial.load(LoadRequest.Item(customer: "org_acme", keys: ["job:1"]))
            trial.expectEqual(found.precedents["job:1"]?.receipt, item.changes.first?.receipt, "the receipt")
            trial.expectEqual(found.precedents["job:1"]?.receipt?.remaining, .unlimited, "what is left")
        },
        StoreLaw("a provider's name belongs to one customer") { trial in
            let late = try trial.require(
                try await trial.commitItem(Fixture.purchase(), for: "org_late"),
                "change"
            )
            let first = try await trial.perform(Fixture.purchase(), for: "org_first")
            let outcomes = try await trial.store.commit(CommitRequest(items: [late]))
            let claimed = Set(first.changes.flatMap(\.references))
            if case .claimedByAnother(let reference)? = outcomes.first {
                trial.expect(
                    claimed.contains(reference),
                    "the refused name: found \(reference), wanted one of \(claimed)"
                )
            } else {
                trial.expect(false, "a claim to another's name: found \(outcomes), wanted claimedByAnother")
            }
            trial.expectEqual(try await trial.account(of: "org_late").revision, 0, "the revision of who was refused")
            for reference in claimed {
                let owner = try await trial.store.owner(of: reference)
                trial.expectEqual(owner, "org_first", "the owner of \(reference)")
            }
            let loaded = try await trial.load(
                LoadRequest.Item(customer: "org_late", references: Array(claimed))
            )
            trial.expectEqual(Set(loaded.owners.keys), claimed, "the names with an owner")
        },
        StoreLaw("of two that claim one name in one commit the first has it") { trial in
            let items = try await ["a", "b"].asyncMap { customer in
                try trial.require(
                    try await trial.commitItem(Fixture.purchase(), for: CustomerID(customer)),
                    "change"
                )
            }
            let outcomes = try await trial.store.commit(CommitRequest(items: items))
            trial.expectEqual(outcomes.first, .committed, "the first")
            if case .claimedByAnother? = outcomes.last {
            } else {
                trial.expect(false, "the second: found \(outcomes), wanted claimedByAnother")
            }
            trial.expectEqual(try await trial.account(of: "b").revision, 0, "the revision of who was refused")
        },
        StoreLaw("an order comes back as last stored") { trial in
            try await trial.perform(Fixture.purchase(at: StoreTrial.start), for: "org_acme")
            let later = StoreTrial.start.advanced(by: .seconds(5))
            let item = try await trial.perform(Fixture.purchase(at: later), for: "org_acme", at: later)
            let reference = ProviderReference(provider: "polar", kind: .order, id: "ord_1")
            let loaded = try await trial.load(LoadRequest.Item(customer: "org_acme", orders: [reference]))
            let order = item.changes.flatMap(\.effects).compactMap { effect in
                if case .ordered(let order) = effect { order } else { nil }
            }.last
            trial.expectEqual(loaded.orders[reference], order, "the order")
            let other = try await trial.load(LoadRequest.Item(customer: "org_other", orders: [reference]))
            trial.expectEqual(other.orders.map(\.key), [], "another customer's orders")
        },
        StoreLaw("usage since an instant is the sum of what was drawn from it on") { trial in
            for second in 0..<5 {
                try await trial.perform(
                    Fixture.consume(Int64(second + 1), key: "k\(second)"),
                    for: "org_acme",
                    at: StoreTrial.start.advanced(by: .seconds(second))
                )
            }
            for (second, units) in [(-1, 15), (0, 15), (2, 12), (4, 5), (5, 0)] as [(Int, Int64)] {
                let question = Account.Facts.UsageQuestion(
                    .meter(Fixture.documents),
                    since: StoreTrial.start.advanced(by: .seconds(second))
                )
                let loaded = try await trial.load(LoadRequest.Item(customer: "org_acme", usage: [question]))
                trial.expectEqual(loaded.usage[question]?.units, units, "the units since second \(second)")
            }
        },
        StoreLaw("text is kept byte for byte") { trial in
            let texts = ["Zoë", "zoë", "Zoe\u{308}", "o'brien; --", "名前", "a b", "%_", "\u{FEFF}x", "🧾"]
            for text in texts {
                try await trial.perform(
                    Fixture.consume(key: Account.Key(text), by: MemberID(text)),
                    for: CustomerID(text)
                )
            }
            for text in texts {
                let journal = try await trial.store.journal(JournalQuery(customer: CustomerID(text)))
                trial.expectEqual(journal.count, 1, "the changes of '\(text)', which no other text equals")
                trial.expectEqual(journal.first?.member.map { Array($0.rawValue.utf8) }, Array(text.utf8), "the member")
                trial.expectEqual(journal.first?.key.map { Array($0.rawValue.utf8) }, Array(text.utf8), "the key")
            }
        },
        StoreLaw("a cancelled task gets its answer all the same") { trial in
            let item = try trial.require(
                try await trial.commitItem(Fixture.consume(key: "a"), for: "org_acme"),
                "change"
            )
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await trial.store.commit(CommitRequest(items: [item]))
            }
            trial.expectEqual(try await task.value, [.committed], "the outcome in a cancelled task")
            trial.expectEqual(try await trial.account(of: "org_acme").revision, 1, "the revision")
        },
    ]

    /// Commands that between them make every effect there is.
    static let history: [Account.Command] = [
        Fixture.upgrade(reference: "job-123"),
        Fixture.upgrade(to: Fixture.enterprise, reference: nil),
        Fixture.consume(2, key: "job:1", by: "ann"),
        Fixture.consume(3, of: Fixture.searches, key: "job:2", by: "bob"),
        Fixture.reserve(4, key: "job:3"),
        Fixture.reserve(5, key: "job:4"),
        Account.Command(.release(Account.Hold.ID("5.0"))),
        Fixture.purchase(at: StoreTrial.start.advanced(by: .seconds(-3)), key: "delivery:polar:1"),
        Fixture.purchase(
            of: Fixture.enterprise,
            at: StoreTrial.start.advanced(by: .seconds(8)),
            key: "delivery:polar:2"
        ),
        Fixture.consume(6, key: "job:5"),
        Fixture.purchase(
            of: Fixture.pro,
            status: .pastDue,
            at: StoreTrial.start.advanced(by: .seconds(10)),
            key: "delivery:polar:3"
        ),
        Fixture.purchase(
            of: Fixture.pro,
            subscription: "sub_2",
            order: "ord_2",
            status: "a status of tomorrow",
            at: StoreTrial.start.advanced(by: .seconds(11)),
            key: "delivery:polar:4"
        ),
        Fixture.consume(1, key: "job:6"),
        Fixture.grant(20, identity: "ord_pack", key: "pack:1"),
        Fixture.grant(5, expiry: StoreTrial.start.advanced(by: .seconds(3_600)), key: "promotion:1"),
        Fixture.consume(2, key: "job:7"),
        Account.Command(.void(Account.Grant.ID("polar:ord_pack")), key: "void:1"),
        Account.Command(
            .consumeAll([.init(meter: Fixture.documents, amount: 2), .init(meter: Fixture.searches, amount: 1)]),
            key: "both:1"
        ),
        Account.Command(
            .consume(.init(meter: Fixture.documents, amount: 9_000, isPartial: true)),
            key: "batch:1"
        ),
        Account.Command(.record(.init(meter: Fixture.documents, amount: 3)), key: "answer:1"),
        Fixture.purchase(
            of: Fixture.pro,
            subscription: "sub_3",
            order: "ord_3",
            status: .canceled,
            at: StoreTrial.start.advanced(by: .seconds(100)),
            key: "delivery:polar:5"
        ),
    ]
}
