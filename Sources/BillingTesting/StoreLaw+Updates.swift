import BillingKit

extension StoreLaw {
    static let updates: [StoreLaw] = [
        StoreLaw("an update decides on what is stored and writes what was decided") { trial in
            let first = try await trial.perform(Fixture.consume(3, key: "job:1"), for: "org_acme")
            let outcome = try await trial.update("org_acme", keys: ["job:1", "job:2"]) { loaded in
                trial.expectEqual(loaded.account, first.account, "the account that is decided on")
                trial.expectEqual(loaded.dueAt, first.dueAt, "when it is due")
                trial.expectEqual(Array(loaded.precedents.keys), ["job:1"], "the keys that are taken")
                return try trial.blind([Fixture.consume(2, key: "job:2")], on: first.account)
            }
            trial.expectEqual(outcome, .committed, "the outcome")
            let second = try trial.blind([Fixture.consume(2, key: "job:2")], on: first.account)
            try await trial.expectStored(second, "after an update", since: 1)
        },
        StoreLaw("an update of a customer of whom there is nothing makes the account") { trial in
            let fresh = try trial.blind([Fixture.consume(2, key: "job:1")], on: Account(customer: "org_new"))
            let outcome = try await trial.update("org_new", keys: ["job:1"]) { loaded in
                trial.expectEqual(loaded.account, Account(customer: "org_new"), "the account that is decided on")
                return fresh
            }
            trial.expectEqual(outcome, .committed, "the outcome")
            try await trial.expectStored(fresh, "after an update that made the account")
        },
        StoreLaw("an update that decides nothing writes nothing") { trial in
            let first = try await trial.perform(Fixture.consume(3, key: "job:1"), for: "org_acme")
            let outcome = try await trial.update("org_acme", keys: []) { _ in nil }
            trial.expectEqual(outcome, nil, "the outcome")
            try await trial.expectStored(first, "after an update without changes")
        },
        StoreLaw("an update is refused where a commit would be, and then writes nothing") { trial in
            try await trial.perform(Fixture.grant(1, identity: "ord_1", key: "grant"), for: "owner")
            let first = try await trial.perform(Fixture.consume(3, key: "job:1"), for: "org_acme")
            func outcome(_ command: Account.Command, on account: Account) async throws -> CommitOutcome? {
                // Whether the store was asked for the key or not.
                let blind = try trial.blind([command], on: account)
                let unasked = try await trial.update("org_acme", keys: []) { _ in blind }
                let asked = try await trial.update("org_acme", keys: [command.key].compactMap(\.self)) { _ in blind }
                trial.expectEqual(asked, unasked, "the outcome where the key was asked for")
                return asked
            }
            trial.expectEqual(
                try await outcome(Fixture.consume(key: "job:1"), on: first.account),
                .keyUsed,
                "the outcome with a used key"
            )
            trial.expectEqual(
                try await outcome(Fixture.consume(key: "job:2"), on: Account(customer: "org_acme")),
                .conflict,
                "the outcome on another revision"
            )
            let name = ProviderReference(provider: "polar", kind: .grant, id: "ord_1")
            trial.expectEqual(
                try await outcome(Fixture.grant(1, identity: "ord_1", key: "job:3"), on: first.account),
                .claimedByAnother(name),
                "the outcome with a name that belongs to another"
            )
            try await trial.expectStored(first, "after updates that were refused")
        },
        StoreLaw("of many updates at once each that is made follows on the one before, and all come to it") { trial in
            let writers = 24
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<writers {
                    group.addTask {
                        // A store that keeps nobody out may let others be faster; not as often as there are others, and more.
                        for _ in 0..<10 * writers {
                            let key = Account.Key("writer:\(writer)")
                            let outcome = try await trial.update("org_hot", keys: [key]) { loaded in
                                let account = try trial.require(loaded.account, "account")
                                return try trial.blind([Fixture.consume(key: key)], on: account)
                            }
                            if outcome == .committed { return }
                        }
                        trial.expect(false, "an update is made in the end")
                    }
                }
                try await group.waitForAll()
            }
            let account = try await trial.account(of: "org_hot")
            trial.expectEqual(account.revision, Int64(writers), "the revision")
            let journal = try await trial.store.journal(JournalQuery(customer: "org_hot", limit: 100))
            trial.expectEqual(Set(journal.compactMap(\.key)).count, writers, "the keys in the journal")
            trial.expectEqual(journal.map(\.revision), (1...Int64(writers)).map { $0 }, "the revisions in the journal")
        },
    ]
}

extension StoreTrial {
    /// Has changes decided and written; what is thrown while they are decided is a breach.
    func update(
        _ customer: CustomerID,
        keys: [Account.Key],
        _ decide: @escaping @Sendable (LoadedAccount) throws -> CommitRequest.Item?
    ) async throws -> CommitOutcome? {
        try await store.update(customer) {
            LoadRequest.Item(customer: customer, keys: keys)
        } deciding: { loaded in
            do {
                return try decide(loaded)
            } catch {
                expect(false, "nothing is decided: \(error)")
                return nil
            }
        }
    }
}
