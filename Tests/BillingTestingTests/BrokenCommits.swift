import BillingInMemory
import BillingKit
import BillingTesting
import Synchronization

/// Writes on whatever revision there is.
final class IgnoresRevision: BrokenStore {
    let memory = InMemoryStore()

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        let outcome = try await commitWell(item)
        return outcome == .conflict ? try await force(item) : outcome
    }
}

/// Looks at the revision, and writes later.
final class ChecksBeforeItWrites: BrokenStore {
    let memory = InMemoryStore()

    private let begun = Atomic(0)

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        let customer = item.account.customer
        let loaded = try await present(customer)
        guard loaded.account?.revision == item.baseRevision else { return try await commitWell(item) }
        let before = begun.add(1, ordering: .relaxed).newValue
        await letOthersRun { begun.load(ordering: .relaxed) > before }
        let outcome = try await commitWell(item)
        return outcome == .conflict ? try await force(item) : outcome
    }
}

/// Says that it has written what it has not.
final class AnswersWithoutWriting: BrokenStore {
    let memory = InMemoryStore()

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        let outcome = try await commitWell(item)
        return outcome == .conflict ? .committed : outcome
    }
}

/// Writes the changes up to the one that cannot be made.
final class WritesInPart: BrokenStore {
    let memory = InMemoryStore()

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        let outcome = try await commitWell(item)
        guard outcome == .keyUsed else { return outcome }
        let keys = item.changes.compactMap(\.key)
        let found = try await present(item.account.customer, keys: keys)
        let good = item.changes.prefix { change in
            change.key.map { found.precedents[$0] == nil } ?? true
        }
        if !good.isEmpty {
            _ = try await force(CommitRequest.Item(account: item.account, changes: Array(good), dueAt: item.dueAt))
        }
        return outcome
    }
}

/// Settles the deliveries of a commit that it does not make.
final class SettlesApart: BrokenStore {
    let memory = InMemoryStore()

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        let outcome = try await commitWell(item)
        if outcome != .committed {
            for settlement in item.settlements { _ = try await memory.settle(settlement) }
        }
        return outcome
    }
}

/// Has no rule that a key is used once.
final class DoesNotCheckKeys: BrokenStore {
    let memory = InMemoryStore()

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        let outcome = try await commitWell(item)
        return outcome == .keyUsed ? try await force(item) { (nil, $0.references) } : outcome
    }
}

/// Looks only at the keys that it writes.
final class ForgetsAssumedKeys: BrokenStore {
    let memory = InMemoryStore()

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        try await commitWell(
            CommitRequest.Item(
                account: item.account,
                changes: item.changes,
                dueAt: item.dueAt,
                settlements: item.settlements
            )
        )
    }
}

/// Looks at keys before it looks at the revision.
final class ChecksKeysFirst: BrokenStore {
    let memory = InMemoryStore()

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        let keys = item.changes.compactMap(\.key)
        let found = try await present(item.account.customer, keys: keys)
        return found.precedents.isEmpty ? try await commitWell(item) : .keyUsed
    }
}

/// Looks at names before it looks at keys.
final class ChecksNamesFirst: BrokenStore {
    let memory = InMemoryStore()

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        let outcome = try await commitWell(item)
        guard outcome == .keyUsed else { return outcome }
        for reference in item.changes.flatMap(\.references) {
            if let owner = try await memory.owner(of: reference), owner != item.account.customer {
                return .claimedByAnother(reference)
            }
        }
        return outcome
    }
}

/// Lets two customers own one name of a provider's.
final class SharesNames: BrokenStore {
    let memory = InMemoryStore()

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        let outcome = try await commitWell(item)
        guard case .claimedByAnother = outcome else { return outcome }
        return try await force(item) { ($0.key, []) }
    }
}

/// Takes keys for one another that its database takes for one another.
protocol ComparesKeysLoosely: BrokenStore {
    var used: UsedKeys { get }

    /// A text that is equal, as a text, for keys that are taken for one another.
    func fold(_ key: Account.Key) -> String
}

/// The keys of customers, by what they are taken for.
final class UsedKeys: Sendable {
    private let keys = Mutex<[CustomerID: [String: Account.Key]]>([:])

    func key(of customer: CustomerID, takenFor text: String) -> Account.Key? {
        keys.withLock { $0[customer]?[text] }
    }

    func add(_ key: Account.Key, of customer: CustomerID, takenFor text: String) {
        keys.withLock { $0[customer, default: [:]][text] = key }
    }
}

extension ComparesKeysLoosely {
    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        let (customer, keys) = (item.account.customer, item.changes.compactMap(\.key))
        let isUsed = keys.contains { key in
            used.key(of: customer, takenFor: fold(key)).map { $0 != key } ?? false
        }
        if isUsed { return .keyUsed }
        let outcome = try await commitWell(item)
        if outcome == .committed { for key in keys { used.add(key, of: customer, takenFor: fold(key)) } }
        return outcome
    }
}

/// Compares keys as Swift compares texts: by canonical equivalence.
final class ComparesKeysAsText: ComparesKeysLoosely {
    let memory = InMemoryStore()
    let used = UsedKeys()

    func fold(_ key: Account.Key) -> String { key.rawValue }
}

/// Compares keys whatever their case.
final class ComparesKeysWithoutCase: ComparesKeysLoosely {
    let memory = InMemoryStore()
    let used = UsedKeys()

    func fold(_ key: Account.Key) -> String {
        // Upper and lower case of the alphabet, as in many a database's default collation.
        String(decoding: key.rawValue.utf8.map { 0x41...0x5A ~= $0 ? $0 + 0x20 : $0 }, as: UTF8.self)
    }
}

/// Loses the last item of a request of several.
final class LosesTheLast: BrokenStore {
    let memory = InMemoryStore()

    func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome] {
        guard request.items.count > 1 else { return try await commitEach(of: request) }
        return try await commitEach(of: CommitRequest(items: request.items.dropLast())) + [.committed]
    }
}

/// Answers by customer, and not in the order of the request.
final class AnswersInAnotherOrder: BrokenStore {
    let memory = InMemoryStore()

    func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome] {
        let outcomes = try await commitEach(of: request)
        let order = request.items.indices.sorted {
            request.items[$0].account.customer < request.items[$1].account.customer
        }
        return order.map { outcomes[$0] }
    }
}

/// Lets one refused account hold back all the others of a request.
final class RefusesTogether: BrokenStore {
    let memory = InMemoryStore()

    func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome] {
        for item in request.items {
            let loaded = try await present(item.account.customer)
            if loaded.account?.revision != item.baseRevision { return request.items.map { _ in .conflict } }
        }
        return try await commitEach(of: request)
    }
}

/// Has nothing to say to a task that was cancelled.
final class HeedsCancellation: BrokenStore {
    let memory = InMemoryStore()

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        if Task.isCancelled { throw StoreError(.connectionLost, "The task was cancelled.") }
        return try await commitWell(item)
    }
}

/// Writes, and then has nothing to say to a task that was cancelled.
final class HeedsCancellationTooLate: BrokenStore {
    let memory = InMemoryStore()

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        let outcome = try await commitWell(item)
        if Task.isCancelled { throw StoreError(.connectionLost, "The task was cancelled.") }
        return outcome
    }
}

/// Keeps when accounts are due in seconds.
final class DropsMicroseconds: BrokenStore {
    let memory = InMemoryStore()

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        let dueAt = item.dueAt.map { Timestamp(seconds: $0.seconds) }
        return try await commitWell(
            .init(account: item.account, changes: item.changes, dueAt: dueAt, settlements: item.settlements)
        )
    }
}

/// Decides an update on nothing, as if the account were a new one.
final class UpdatesUnread: BrokenStore {
    let memory = InMemoryStore()

    func update(
        _ customer: CustomerID,
        asking ask: @escaping @Sendable () -> LoadRequest.Item,
        deciding decide: @escaping @Sendable (LoadedAccount) -> CommitRequest.Item?
    ) async throws(StoreError) -> CommitOutcome? {
        try await loadAndCommit(ask()) { _ in decide(LoadedAccount(account: Account(customer: customer), dueAt: nil)) }
    }
}

/// Has an update made whatever becomes of it.
final class UpdatesUnheard: BrokenStore {
    let memory = InMemoryStore()

    func update(
        _ customer: CustomerID,
        asking ask: @escaping @Sendable () -> LoadRequest.Item,
        deciding decide: @escaping @Sendable (LoadedAccount) -> CommitRequest.Item?
    ) async throws(StoreError) -> CommitOutcome? {
        try await loadAndCommit(ask(), deciding: decide).map { _ in .committed }
    }
}
