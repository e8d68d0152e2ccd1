import BillingInMemory
import BillingKit
import Synchronization

/// A store in which calls fail as a plan says.
final class FaultyStore: BillingStore {
    /// A fault of one call.
    enum Fault: Sendable {
        /// The call goes well, and one of the next ones does not.
        case none
        /// The call fails before anything is written.
        case before(StoreError.Code)
        /// The call is made and then fails, as when the connection breaks during the commit.
        case after(StoreError.Code)
    }

    /// A kind of call.
    enum Call: Hashable, Sendable {
        case load, commit, accountsDue, record, settle, catalog, journal, lease
    }

    private struct State {
        var faults: [Call: [Fault]] = [:]
        var poison: CustomerID?
        var counts: [Call: Int] = [:]
        var racedFor: CustomerID?
        var due: (@Sendable (DueRequest) -> [DueAccount])?
        var isHeld = false
        var commitsOnExecutor: [Bool] = []
        var held: [CheckedContinuation<Void, Never>] = []
    }

    let base = InMemoryStore()
    let executor: (any TaskExecutor)?
    private let state = Mutex(State())

    init(lending executor: (any TaskExecutor)? = nil) {
        self.executor = executor
    }

    /// Has the next calls of a kind fail, one fault each.
    func fail(_ call: Call, _ faults: Fault...) {
        state.withLock { $0.faults[call] = faults }
    }

    /// Has every commit fail that touches a customer.
    func poison(_ customer: CustomerID?) {
        state.withLock { $0.poison = customer }
    }

    /// Has the next commit that touches a customer lose a race.
    func loseRace(for customer: CustomerID) {
        state.withLock { $0.racedFor = customer }
    }

    /// Has accounts be due whatever is committed.
    func insist(on due: @escaping @Sendable (DueRequest) -> [DueAccount]) {
        state.withLock { $0.due = due }
    }

    /// Has commits wait until they are let go, so that what comes meanwhile shares a group.
    func hold() {
        state.withLock { $0.isHeld = true }
    }

    /// Whether a commit waits to be let go.
    var isHolding: Bool { state.withLock { !$0.held.isEmpty } }

    func letGo() {
        let held = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.isHeld = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    /// The number of commits that wait to be let go.
    var heldCount: Int { state.withLock { $0.held.count } }

    private func waitWhileHeld() async {
        await withCheckedContinuation { continuation in
            let mayGo = state.withLock { state in
                if state.isHeld { state.held.append(continuation) }
                return !state.isHeld
            }
            if mayGo { continuation.resume() }
        }
    }

    /// Where commits were made so far: whether on the executor that the store lends.
    var commitsOnExecutor: [Bool] { state.withLock { $0.commitsOnExecutor } }

    private func noteWhere() {
        let isLent = (executor as? QueueExecutor)?.isCurrent ?? false
        state.withLock { $0.commitsOnExecutor.append(isLent) }
    }

    func count(_ call: Call) -> Int {
        state.withLock { $0.counts[call] ?? 0 }
    }

    private func perform<Answer>(
        _ call: Call,
        _ body: () async throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer {
        let fault = state.withLock { state -> Fault? in
            state.counts[call, default: 0] += 1
            guard let faults = state.faults[call], !faults.isEmpty else { return nil }
            return state.faults[call]?.removeFirst()
        }
        switch fault {
        case nil, .some(.none): return try await body()
        case .before(let code): throw StoreError(code, "planned")
        case .after(let code):
            _ = try await body()
            throw StoreError(code, "planned")
        }
    }

    func load(_ request: LoadRequest) async throws(StoreError) -> [LoadedAccount] {
        try await perform(.load) { () throws(StoreError) in try await base.load(request) }
    }

    func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome] {
        noteWhere()
        await waitWhileHeld()
        let isRaced = state.withLock { state in
            guard request.items.contains(where: { $0.account.customer == state.racedFor }) else { return false }
            state.racedFor = nil
            return true
        }
        if isRaced { throw StoreError(.serialization, "planned") }
        let poisoned = state.withLock { $0.poison }
        if request.items.contains(where: { $0.account.customer == poisoned }) { throw StoreError(.unique, "poisoned") }
        return try await perform(.commit) { () throws(StoreError) in try await base.commit(request) }
    }

    func accountsDue(_ request: DueRequest) async throws(StoreError) -> [DueAccount] {
        let due = state.withLock { $0.due }
        return try await perform(.accountsDue) { () throws(StoreError) in
            if let due { due(request) } else { try await base.accountsDue(request) }
        }
    }

    func record(_ request: RecordDeliveryRequest) async throws(StoreError) -> DeliveryRecording {
        try await perform(.record) { () throws(StoreError) in try await base.record(request) }
    }

    func settle(_ settlement: DeliverySettlement) async throws(StoreError) -> Bool {
        try await perform(.settle) { () throws(StoreError) in try await base.settle(settlement) }
    }

    func leaseDeliveries(_ request: LeaseDeliveriesRequest) async throws(StoreError) -> [DeliveryLease] {
        try await base.leaseDeliveries(request)
    }

    func catalogVersions() async throws(StoreError) -> [Catalog.Version] {
        try await base.catalogVersions()
    }

    func leaseDelivery(_ request: LeaseDeliveryRequest) async throws(StoreError) -> DeliveryLease? {
        try await base.leaseDelivery(request)
    }

    func deliveries(_ query: DeliveryQuery) async throws(StoreError) -> [Delivery] {
        try await base.deliveries(query)
    }

    func leaseNotices(_ request: LeaseRequest) async throws(StoreError) -> [NoticeLease] {
        try await base.leaseNotices(request)
    }

    func settle(_ settlements: [NoticeSettlement]) async throws(StoreError) { try await base.settle(settlements) }

    func lease(_ request: DutyRequest) async throws(StoreError) -> Bool {
        try await perform(.lease) { () throws(StoreError) in try await base.lease(request) }
    }

    func journal(_ query: JournalQuery) async throws(StoreError) -> [Account.Change] {
        try await perform(.journal) { () throws(StoreError) in try await base.journal(query) }
    }

    func owner(of reference: ProviderReference) async throws(StoreError) -> CustomerID? {
        try await base.owner(of: reference)
    }

    func keep(_ catalog: Catalog) async throws(StoreError) -> Catalog { try await base.keep(catalog) }

    func catalog(_ version: Catalog.Version) async throws(StoreError) -> Catalog? {
        try await perform(.catalog) { () throws(StoreError) in try await base.catalog(version) }
    }
}
