import BillingInMemory
import BillingKit
import BillingTesting
import Synchronization

/// A store of which others have accounts locked, or are always faster with.
final class ContendedStore: WrappingStore {
    /// What keeps commits from being made.
    enum Obstacle: Sendable {
        /// Whoever has it locked has it until the test says otherwise; updates wait for that.
        case lock
        /// Others are faster whenever the account is not kept for oneself.
        case rivals
        /// Commits wait until the test says otherwise, and are made then.
        case pause
    }

    private struct State {
        var obstacles: [CustomerID: Obstacle] = [:]
        var waiting: [CheckedContinuation<Void, Never>] = []
        var faults: [(error: StoreError, isWritten: Bool)] = []
        var outage: StoreError?
        var commitFaults: [CustomerID: StoreError] = [:]
        var afterCommit: (@Sendable () async -> Void)?
        var commits = 0
        var updates = 0
        var session = 0
    }

    let base: any BillingStore = InMemoryStore()
    private let state = Mutex(State())

    /// The number of commits that were asked for, and of updates.
    var counts: (commits: Int, updates: Int) { state.withLock { ($0.commits, $0.updates) } }

    /// The number of updates that wait for a lock, and of commits that wait.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Which connection it is.
    var session: Int { state.withLock(\.session) }

    /// Connects anew.
    func reconnect() {
        state.withLock { $0.session += 1 }
    }

    /// Puts an obstacle in a customer's way, or clears it away.
    func obstruct(_ customer: CustomerID, _ obstacle: Obstacle?) {
        let freed = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.obstacles[customer] = obstacle
            defer { if obstacle == nil { state.waiting = [] } }
            return obstacle == nil ? state.waiting : []
        }
        for continuation in freed { continuation.resume() }
    }

    /// Has the next update fail, before it is made or after it.
    func failUpdate(_ code: StoreError.Code, isWritten: Bool = false) {
        state.withLock { $0.faults.append((StoreError(code, "The test said so."), isWritten)) }
    }

    /// Has every update fail from now on, before anything is asked for.
    func failUpdates(_ code: StoreError.Code) {
        state.withLock { $0.outage = StoreError(code, "The test said so.") }
    }

    /// Has the next commit that a customer has part in fail before it is made.
    func failCommit(_ code: StoreError.Code, of customer: CustomerID) {
        state.withLock { $0.commitFaults[customer] = StoreError(code, "The test said so.") }
    }

    /// Has something done once, after the next commit is made and before its caller hears of it.
    func afterCommit(_ body: @escaping @Sendable () async -> Void) {
        state.withLock { $0.afterCommit = body }
    }

    /// Waits as long as a customer is in the way in one manner.
    private func wait(for customer: CustomerID, while isInTheWay: @Sendable (Obstacle?) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard isInTheWay(state.obstacles[customer]) else { return true }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome] {
        let customers = request.items.map(\.account.customer)
        for customer in customers { await wait(for: customer) { if case .pause = $0 { true } else { false } } }
        let (obstacles, fault) = state.withLock { state in
            state.commits += 1
            let planned = customers.first { state.commitFaults[$0] != nil }
            return (state.obstacles, planned.flatMap { state.commitFaults.removeValue(forKey: $0) })
        }
        if let fault { throw fault }
        var outcomes: [CommitOutcome] = []
        for item in request.items {
            switch obstacles[item.account.customer] {
            case .lock: outcomes.append(.locked)
            case .rivals: outcomes.append(.conflict)
            case .pause, nil: outcomes += try await base.commit(CommitRequest(items: [item]))
            }
        }
        await state.withLock { $0.afterCommit.take() }?()
        return outcomes
    }

    func update(
        _ customer: CustomerID,
        asking ask: @escaping @Sendable () -> LoadRequest.Item,
        deciding decide: @escaping @Sendable (LoadedAccount) -> CommitRequest.Item?
    ) async throws(StoreError) -> CommitOutcome? {
        state.withLock { $0.updates += 1 }
        await wait(for: customer) { if case .lock = $0 { true } else { false } }
        let (fault, outage) = state.withLock { state in
            (state.faults.isEmpty ? nil : state.faults.removeFirst(), state.outage)
        }
        if let outage { throw outage }
        if let fault, !fault.isWritten { throw fault.error }
        let outcome = try await base.loadAndCommit(ask(), deciding: decide)
        if let fault { throw fault.error }
        return outcome
    }
}
