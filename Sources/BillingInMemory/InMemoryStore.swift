public import BillingKit

/// The reference store: everything in memory, gone with the process.
///
/// For tests, previews and simulations. It is the plainest reading of the store's contract, one lock around
/// one value, and what the others are held against.
public final class InMemoryStore: Sendable {
    /// What is kept of a customer.
    ///
    /// A reference, because it is much to copy; unchecked, because it never leaves the lock.
    private final class Record: @unchecked Sendable {
        var state: AccountState
        var journal: [Account.Change] = []
        /// Where in the journal the change of each key is.
        var places = KeyPlaces()
        var orders: [ProviderReference: Account.Order] = [:]
        /// Where in the journal each event was counted.
        var events = EventPlaces()

        init(customer: CustomerID) {
            state = AccountState(Account(customer: customer), dueAt: nil)
        }

        /// Takes the keys of what is to be added, or returns `false` when one has been used, and then none is taken.
        func takeKeys(of item: CommitRequest.Item) -> Bool {
            for key in item.assumedKeys where places.place(of: key, in: journal) != nil { return false }
            for (index, change) in item.changes.enumerated() {
                guard let key = change.key else { continue }
                guard places.take(key, for: journal.count + index, in: journal, and: item.changes) else {
                    freeKeys(of: item.changes[..<index])
                    return false
                }
            }
            return true
        }

        /// Takes back the keys of changes that are not added after all.
        func freeKeys(of changes: ArraySlice<Account.Change>) {
            for key in changes.compactMap(\.key) { places.free(key, in: journal) }
        }

        /// Adds what is committed, whose keys are taken.
        func add(_ item: CommitRequest.Item) {
            state = item.state
            for change in item.changes {
                journal.append(change)
                for case .ordered(let order) in change.effects { orders[order.providerReference] = order }
                events.add(eventsOf: journal.count - 1, in: journal)
            }
        }

        /// What a key was used for, by the journal.
        func precedent(of key: Account.Key) -> Account.Facts.Precedent? {
            places.place(of: key, in: journal).map { place in
                let change = journal[place]
                return Account.Facts.Precedent(
                    receipt: change.receipt,
                    fingerprint: change.fingerprint,
                    at: change.recordedAt
                )
            }
        }

        /// When an event was counted last, by the journal.
        func lastCounted(_ event: Account.EventID) -> Timestamp? {
            events.lastCounted(event, in: journal)
        }

        /// What was used and has come back, by the journal.
        func usage(for question: Account.Facts.UsageQuestion) -> Account.Facts.Usage {
            var usage = Account.Facts.Usage()
            for effect in journal.lazy.flatMap(\.effects) {
                switch effect {
                case .drawn(let draw) where question.covers(draw): usage.add(draw)
                case .returned(let back) where question.covers(back.draw): usage.take(back: back.draw)
                default: break
                }
            }
            return usage
        }

        /// What was used under a key, by the journal; `nil` where nothing was.
        func spending(under key: Account.Key) -> Account.Facts.Spending? {
            guard let index = places.place(of: key, in: journal) else { return nil }
            var spending = Account.Facts.Spending(of: journal[index])
            for change in journal[(index + 1)...] { spending.note(change) }
            return spending.draws.isEmpty ? nil : spending
        }
    }

    private struct State {
        var records: [CustomerID: Record] = [:]
        var owners: [ProviderReference: CustomerID] = [:]
        var deliveries: [Delivery.ID: Delivery] = [:]
        var notices = NoticeQueue()
        var duties: [Duty: DutyRequest] = [:]
        var catalogs: [Catalog.Version: Catalog] = [:]
    }

    private let state = Lock(State())
    private let clock: (any BillingClock)?

    /// Creates an empty store.
    ///
    /// - Parameter clock: The clock that the store has of its own, as a database does that several servers share; none when
    ///   left out.
    public init(clock: (any BillingClock)? = nil) {
        self.clock = clock
    }
}

// The protocol's comments are the documentation of these.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension InMemoryStore: BillingStore {
    public func time() async throws(StoreError) -> Timestamp? { clock?.now() }

    public func load(_ request: LoadRequest) async throws(StoreError) -> [LoadedAccount] {
        state.withLock { state in
            request.items.map { item in
                let record = state.records[item.customer]
                let account = record?.state.account ?? Account(customer: item.customer)
                var answer = Answer()
                for key in item.keys { answer.precedents[key] = record?.precedent(of: key) }
                for name in item.orders {
                    let all = record?.orders ?? [:]
                    for (reference, order) in all
                    where name == reference || name == order.subscriptionKey?.providerReference {
                        answer.orders[reference] = order
                    }
                }
                for reference in item.references { answer.owners[reference] = state.owners[reference] }
                for question in item.usage {
                    answer.usage[question] = record?.usage(for: question) ?? Account.Facts.Usage()
                }
                for key in item.spending { answer.spending[key] = record?.spending(under: key) }
                for event in item.events where record?.lastCounted(event).map({ $0 > item.eventsSince }) ?? false {
                    answer.knownEvents.insert(event)
                }
                return LoadedAccount(
                    account: account.revision == item.knownRevision ? nil : account,
                    dueAt: record?.state.dueAt,
                    precedents: answer.precedents,
                    orders: answer.orders,
                    owners: answer.owners,
                    usage: answer.usage,
                    spending: answer.spending,
                    knownEvents: answer.knownEvents
                )
            }
        }
    }

    private struct Answer {
        var precedents: [Account.Key: Account.Facts.Precedent] = [:]
        var orders: [ProviderReference: Account.Order] = [:]
        var owners: [ProviderReference: CustomerID] = [:]
        var usage: [Account.Facts.UsageQuestion: Account.Facts.Usage] = [:]
        var spending: [Account.Key: Account.Facts.Spending] = [:]
        var knownEvents: Set<Account.EventID> = []
    }

    public func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome] {
        state.withLock { state in request.items.map { Self.write($0, to: &state) } }
    }

    private static func write(_ item: CommitRequest.Item, to state: inout State) -> CommitOutcome {
        let customer = item.state.account.customer
        let known = state.records[customer]
        guard known?.state.account.revision ?? 0 == item.baseRevision else { return .conflict }
        let record = known ?? Record(customer: customer)
        guard record.takeKeys(of: item) else { return .keyUsed }
        for reference in item.changes.lazy.flatMap(\.references) {
            if let owner = state.owners[reference], owner != customer {
                record.freeKeys(of: item.changes[...])
                return .claimedByAnother(reference)
            }
        }
        record.add(item)
        if known == nil { state.records[customer] = record }
        for change in item.changes {
            for reference in change.references { state.owners[reference] = customer }
            for notice in change.notices { state.notices.add(notice) }
        }
        for settlement in item.settlements { _ = settle(settlement, in: &state) }
        return .committed
    }

    public func accountsDue(_ request: DueRequest) async throws(StoreError) -> [DueAccount] {
        state.withLock { state in
            let due = state.records.compactMap { customer, record in
                record.state.dueAt.map { DueAccount(customer: customer, dueAt: $0) }
            }
            let wanted = due.filter { account in
                account.dueAt <= request.now && request.after.map { $0 < account } ?? true
            }
            return Array(wanted.sorted().prefix(request.limit))
        }
    }

    public func record(_ request: RecordDeliveryRequest) async throws(StoreError) -> DeliveryRecording {
        state.withLock { state in
            guard let known = state.deliveries[request.id] else {
                let new = Delivery(
                    id: request.id,
                    body: request.body,
                    receivedAt: request.receivedAt,
                    state: .processing,
                    detail: "",
                    attempts: 0,
                    dueAt: nil
                )
                return .leased(Self.lease(new, until: request.leasedUntil, in: &state))
            }
            if known.state.isFinished { return .finished(known.state, detail: known.detail) }
            guard !known.isLeased(at: request.receivedAt) else { return .inProgress }
            return .leased(Self.lease(known, until: request.leasedUntil, in: &state))
        }
    }

    public func leaseDelivery(_ request: LeaseDeliveryRequest) async throws(StoreError) -> DeliveryLease? {
        state.withLock { state in
            guard
                let known = state.deliveries[request.id],
                !known.state.isFinished, !known.isLeased(at: request.now)
            else { return nil }
            return Self.lease(known, until: request.until, in: &state)
        }
    }

    public func leaseDeliveries(_ request: LeaseDeliveriesRequest) async throws(StoreError) -> [DeliveryLease] {
        state.withLock { state in
            let due = state.deliveries.values
                .filter { delivery in
                    guard
                        delivery.id.provider == request.provider,
                        let dueAt = delivery.dueAt, dueAt <= request.lease.now
                    else { return false }
                    return delivery.state == .failed || delivery.state == .processing
                }
                .sorted { ($0.receivedAt, $0.id) < ($1.receivedAt, $1.id) }
            return due.prefix(request.lease.limit).map { Self.lease($0, until: request.lease.until, in: &state) }
        }
    }

    private static func lease(_ delivery: Delivery, until: Timestamp, in state: inout State) -> DeliveryLease {
        let attempt = delivery.attempts + 1
        state.deliveries[delivery.id] = Delivery(
            id: delivery.id,
            body: delivery.body,
            receivedAt: delivery.receivedAt,
            state: .processing,
            detail: delivery.detail,
            attempts: attempt,
            dueAt: until
        )
        return DeliveryLease(id: delivery.id, body: delivery.body, receivedAt: delivery.receivedAt, attempt: attempt)
    }

    public func settle(_ settlement: DeliverySettlement) async throws(StoreError) -> Bool {
        state.withLock { Self.settle(settlement, in: &$0) }
    }

    private static func settle(_ settlement: DeliverySettlement, in state: inout State) -> Bool {
        guard
            let known = state.deliveries[settlement.id],
            known.state == .processing, known.attempts == settlement.attempt
        else { return false }
        state.deliveries[known.id] = Delivery(
            id: known.id,
            body: known.body,
            receivedAt: known.receivedAt,
            state: settlement.state,
            detail: settlement.detail,
            attempts: known.attempts,
            dueAt: settlement.retryAt
        )
        return true
    }

    public func deliveries(_ query: DeliveryQuery) async throws(StoreError) -> [Delivery] {
        state.withLock { state in
            let wanted = state.deliveries.values
                .filter { query.states.isEmpty || query.states.contains($0.state) }
                .sorted { ($1.receivedAt, $1.id) < ($0.receivedAt, $0.id) }
            let rest =
                query.after.map { last in
                    wanted.drop { ($0.receivedAt, $0.id) >= (last.receivedAt, last.id) }
                } ?? wanted[...]
            return Array(rest.prefix(query.limit))
        }
    }

    public func leaseNotices(_ request: LeaseRequest) async throws(StoreError) -> [NoticeLease] {
        state.withLock { $0.notices.lease(request) }
    }

    public func settle(_ settlements: [NoticeSettlement]) async throws(StoreError) {
        state.withLock { state in
            for settlement in settlements { state.notices.settle(settlement) }
        }
    }

    public func lease(_ request: DutyRequest) async throws(StoreError) -> Bool {
        state.withLock { state in
            if let other = state.duties[request.duty], other.holder != request.holder, other.until > request.now {
                return false
            }
            state.duties[request.duty] = request
            return true
        }
    }

    public func journal(_ query: JournalQuery) async throws(StoreError) -> [Account.Change] {
        state.withLock { state in
            let journal = state.records[query.customer]?.journal ?? []
            return Array(journal.drop { $0.revision <= query.after }.prefix(query.limit))
        }
    }

    public func owner(of reference: ProviderReference) async throws(StoreError) -> CustomerID? {
        state.withLock { $0.owners[reference] }
    }

    public func keep(_ catalog: Catalog) async throws(StoreError) -> Catalog {
        state.withLock { state in
            let kept = state.catalogs[catalog.version] ?? catalog
            state.catalogs[catalog.version] = kept
            return kept
        }
    }

    public func catalogVersions() async throws(StoreError) -> [Catalog.Version] {
        state.withLock { $0.catalogs.keys.sorted(by: >) }
    }

    public func catalog(_ version: Catalog.Version) async throws(StoreError) -> Catalog? {
        state.withLock { $0.catalogs[version] }
    }
}
