import BillingInMemory
import BillingKit
import BillingTesting
import Synchronization

/// Looks whether a name is free, and claims it later.
final class ChecksNamesBeforeItWrites: BrokenStore {
    let memory = InMemoryStore()

    private let begun = Atomic(0)

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        let customer = item.account.customer
        for reference in item.changes.flatMap(\.references) {
            let owner = try await memory.owner(of: reference)
            guard owner == nil || owner == customer else { return .claimedByAnother(reference) }
            let before = begun.add(1, ordering: .relaxed).newValue
            await letOthersRun { begun.load(ordering: .relaxed) > before }
        }
        let outcome = try await commitWell(item)
        if case .claimedByAnother = outcome { return try await force(item) { ($0.key, []) } }
        return outcome
    }
}

/// Looks whether a delivery is free, and leases it later.
final class ChecksDeliveriesBeforeItLeases: BrokenStore {
    let memory = InMemoryStore()

    private let begun = Atomic(0)

    func leaseDelivery(_ request: LeaseDeliveryRequest) async throws(StoreError) -> DeliveryLease? {
        let known = try await memory.deliveries(DeliveryQuery()).first { $0.id == request.id }
        guard let known, !known.state.isFinished, known.dueAt.map({ $0 <= request.now }) ?? true else { return nil }
        let before = begun.add(1, ordering: .relaxed).newValue
        await letOthersRun { begun.load(ordering: .relaxed) > before }
        if let lease = try await memory.leaseDelivery(request) { return lease }
        return DeliveryLease(
            id: known.id,
            body: known.body,
            receivedAt: known.receivedAt,
            attempt: known.attempts + 1
        )
    }
}

/// Looks whether a lease is the newest, and settles later.
final class ChecksLeasesBeforeItSettles: BrokenStore {
    let memory = InMemoryStore()

    private let leased = Atomic(0)

    func leaseDelivery(_ request: LeaseDeliveryRequest) async throws(StoreError) -> DeliveryLease? {
        let lease = try await memory.leaseDelivery(request)
        leased.add(1, ordering: .relaxed)
        return lease
    }

    func settle(_ settlement: DeliverySettlement) async throws(StoreError) -> Bool {
        let known = try await memory.deliveries(DeliveryQuery()).first { $0.id == settlement.id }
        guard let known, known.state == .processing, known.attempts == settlement.attempt else { return false }
        let before = leased.load(ordering: .relaxed)
        await letOthersRun { leased.load(ordering: .relaxed) > before }
        _ = try await memory.settle(settlement)
        return true
    }
}

/// Takes no word of when an account is due for the word that it is not.
final class ForgetsWhenItIsDue: BrokenStore {
    let memory = InMemoryStore()

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        guard !item.setsDueAt else { return try await commitWell(item) }
        return try await commitWell(
            CommitRequest.Item(
                account: item.account,
                changes: item.changes,
                dueAt: nil,
                assumedKeys: item.assumedKeys,
                settlements: item.settlements
            )
        )
    }
}
