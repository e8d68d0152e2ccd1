import BillingInMemory
import BillingKit

extension StoreLaw {
    static let chance: [StoreLaw] = (1...8 as ClosedRange<UInt64>).map { seed in
        StoreLaw("a life by chance is kept as the reference store keeps it, with seed \(seed)") { trial in
            let reference = StoreTrial(
                store: InMemoryStore(),
                location: trial.location,
                catalog: try Fixture.makeLifeCatalog()
            )
            let items = try await reference.live(RandomLife(seed: seed), steps: 200)
            let copy = StoreTrial(store: InMemoryStore(), location: trial.location)
            var rest = items[...]
            while let first = rest.first {
                // One, two or three changes in a commit.
                let group = rest.prefix(1 + Int(first.account.revision % 3))
                rest = rest.dropFirst(group.count)
                let item = CommitRequest.Item(
                    account: (group.last ?? first).account,
                    changes: group.flatMap(\.changes),
                    dueAt: (group.last ?? first).dueAt
                )
                let outcomes = try await trial.store.commit(CommitRequest(items: [item]))
                trial.expectEqual(outcomes, [.committed], "the outcome of \(item.changes)")
                _ = try await copy.store.commit(CommitRequest(items: [item]))
                try await trial.expectFacts(of: Array(group), asIn: copy, "after \(item.changes)")
            }
            try await trial.expectFacts(of: items, asIn: copy, "at the end")
            let journal = try await trial.store.journal(JournalQuery(customer: "org_chance"))
            trial.expectEqual(journal, items.flatMap(\.changes), "the journal")
        }
    }
}

extension StoreTrial {
    /// Lives a life by chance, and returns the changes that came of it.
    func live(_ life: RandomLife, steps: Int) async throws -> [CommitRequest.Item] {
        var life = life
        var items: [CommitRequest.Item] = []
        for _ in 0..<steps {
            guard let command = life.next(for: try await account(of: "org_chance")) else { continue }
            let item: CommitRequest.Item?
            do {
                item = try await commitItem(command, for: "org_chance", at: life.now)
            } catch is Account.DecisionError {
                continue
            }
            guard let item else { continue }
            expectEqual(try await store.commit(CommitRequest(items: [item])), [.committed], "the outcome")
            items.append(item)
        }
        return items
    }
}
