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
    }

    private struct State {
        var obstacles: [CustomerID: Obstacle] = [:]
        var waiting: [CheckedContinuation<Void, Never>] = []
        var faults: [(error: StoreError, isWritten: Bool)] = []
        var commits = 0
        var updates = 0
        var session = 0
    }

    let base: any BillingStore = InMemoryStore()
    private let state = Mutex(State())

    /// The number of commits that were asked for, and of updates.
    var counts: (commits: Int, updates: Int) { state.withLock { ($0.commits, $0.updates) } }

    /// The number of updates that wait for a lock.
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

    func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome] {
        let obstacles = state.withLock { state in
            state.commits += 1
            return state.obstacles
        }
        var outcomes: [CommitOutcome] = []
        for item in request.items {
            switch obstacles[item.account.customer] {
            case .lock: outcomes.append(.locked)
            case .rivals: outcomes.append(.conflict)
            case nil: outcomes += try await base.commit(CommitRequest(items: [item]))
            }
        }
        return outcomes
    }

    func update(
        _ customer: CustomerID,
        asking ask: @escaping @Sendable () -> LoadRequest.Item,
        deciding decide: @escaping @Sendable (LoadedAccount) -> CommitRequest.Item?
    ) async throws(StoreError) -> CommitOutcome? {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                state.updates += 1
                guard case .lock = state.obstacles[customer] else { return true }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
        let fault = state.withLock { $0.faults.isEmpty ? nil : $0.faults.removeFirst() }
        if let fault, !fault.isWritten { throw fault.error }
        let outcome = try await base.loadAndCommit(ask(), deciding: decide)
        if let fault { throw fault.error }
        return outcome
    }
}
