import BillingInMemory
import BillingKit
import BillingTesting
import Synchronization

/// The in-memory store with one sentence of the contract broken.
///
/// Everything that is not broken is done by the store behind it.
protocol BrokenStore: WrappingStore {
    /// The store behind it, which breaks nothing.
    var memory: InMemoryStore { get }

    /// Creates an empty store.
    init()

    /// Commits one item; what most of the broken stores break.
    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome
}

extension BrokenStore {
    var base: any BillingStore { memory }

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        try await commitWell(item)
    }

    func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome] {
        try await commitEach(of: request)
    }

    /// Commits the items of a request, each as the store commits one.
    func commitEach(of request: CommitRequest) async throws(StoreError) -> [CommitOutcome] {
        var outcomes: [CommitOutcome] = []
        for item in request.items { outcomes.append(try await commit(item)) }
        return outcomes
    }

    /// Commits an item as the contract has it.
    func commitWell(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        try await memory.commit(CommitRequest(items: [item])).first ?? .conflict
    }

    /// Returns an account as it is, with what its keys were used for.
    func present(
        _ customer: CustomerID,
        keys: [Account.Key] = []
    ) async throws(StoreError) -> LoadedAccount {
        try await memory.load(LoadRequest(items: [.init(customer: customer, keys: keys)]))[0]
    }

    /// Writes changes whatever the revision, by counting them on from the present one.
    func force(
        _ item: CommitRequest.Item,
        _ edit: (Account.Change) -> (key: Account.Key?, references: [ProviderReference]) = { ($0.key, $0.references) }
    ) async throws(StoreError) -> CommitOutcome {
        let customer = item.account.customer
        guard var account = try await present(customer).account else { return .conflict }
        var changes: [Account.Change] = []
        for change in item.changes {
            let (key, references) = edit(change)
            let copy = change.replacing(revision: account.revision + 1, key: key, references: references)
            account.apply(copy)
            changes.append(copy)
        }
        let forced = CommitRequest.Item(
            account: account,
            changes: changes,
            dueAt: item.dueAt,
            settlements: item.settlements
        )
        return try await commitWell(forced)
    }

    /// Lets others run until something is so, and no longer than that takes at most.
    func letOthersRun(until isSo: () -> Bool) async {
        for _ in 0..<100 where !isSo() { await Task.yield() }
    }
}

extension Account.Change {
    func replacing(revision: Int64, key: Account.Key?, references: [ProviderReference]) -> Account.Change {
        Account.Change(
            customer: customer,
            revision: revision,
            kind: kind,
            key: key,
            fingerprint: fingerprint,
            member: member,
            recordedAt: recordedAt,
            effectiveAt: effectiveAt,
            receipt: receipt,
            effects: effects,
            notices: notices,
            references: references,
            events: events,
            reason: reason
        )
    }
}
