import BillingInMemory
import BillingKit
import Synchronization

/// A store that does one thing wrong, now and then.
final class BrokenStore: BillingStore {
    /// What is wrong with it.
    enum Flaw: String, CaseIterable, Sendable {
        /// It says that a change is written, and it is not.
        case losesChange
        /// It writes a change twice, as a driver does that repeats what it takes for lost.
        case writesTwice
        /// It writes over what another server has written meanwhile.
        case ignoresConflict
        /// It knows no key that was used, and takes it again.
        case forgetsKeys
        /// It writes an account whole, and of its journal's row only a part.
        case tearsRow
        /// It writes the journal, and leaves the account as it was.
        case leavesAccount
        /// It changes a row of the journal that was written long ago.
        case rewritesJournal
        /// It gives an account as it was a while ago.
        case readsStale
        /// It knows no event that was counted.
        case forgetsEvents
        /// It does not know that an order was used by another customer.
        case forgetsOwners
        /// It does not keep a notice.
        case losesNotice
        /// It loses the last change of all, as a disk does that was not flushed.
        case losesTail
        /// It cannot read a journal that it has.
        case cannotRead
        /// It refuses every commit of a customer, as if another server were always faster.
        case refusesForEver
    }

    private struct State {
        var base = InMemoryStore()
        var calls = 0
        var log: [CommitRequest.Item] = []
        var catalogs: [Catalog] = []
        var past: [CustomerID: LoadedAccount] = [:]
    }

    private let flaw: Flaw
    private let state = Mutex(State())

    init(_ flaw: Flaw) {
        self.flaw = flaw
    }

    private var base: InMemoryStore { state.withLock(\.base) }

    /// Returns whether it is time to do the wrong thing: one call in so many.
    private func isTime(oneIn count: Int) -> Bool {
        state.withLock { state in
            state.calls += 1
            return state.calls.isMultiple(of: count)
        }
    }

    private static func copy(
        _ change: Account.Change,
        revision: Int64? = nil,
        key: Account.Key?,
        effects: [Account.Effect]? = nil,
        references: [ProviderReference]? = nil,
        reason: String? = nil
    ) -> Account.Change {
        Account.Change(
            customer: change.customer,
            revision: revision ?? change.revision,
            kind: change.kind,
            key: key,
            fingerprint: change.fingerprint,
            member: change.member,
            recordedAt: change.recordedAt,
            effectiveAt: change.effectiveAt,
            receipt: change.receipt,
            effects: effects ?? change.effects,
            notices: change.notices,
            references: references ?? change.references,
            events: change.events,
            reason: reason ?? change.reason
        )
    }

    // MARK: Accounts

    func load(_ request: LoadRequest) async throws(StoreError) -> [LoadedAccount] {
        let loaded = try await base.load(request)
        // The engine names a time with every question; the auditor, who just looks, is told the truth.
        let isLooking = request.items.allSatisfy { $0.eventsSince.microseconds == .min }
        switch flaw {
        case .readsStale where isLooking: return loaded
        case .readsStale where isTime(oneIn: 3):
            return zip(request.items, loaded).map { item, now in
                state.withLock { $0.past[item.customer] } ?? now
            }
        case .readsStale:
            for item in request.items {
                let whole = try await base.load(LoadRequest(items: [.init(customer: item.customer)]))[0]
                if isTime(oneIn: 2) { state.withLock { $0.past[item.customer] = whole } }
            }
            return loaded
        case .forgetsEvents where isLooking: return loaded
        case .forgetsKeys, .forgetsOwners, .forgetsEvents:
            return loaded.map { known in
                LoadedAccount(
                    account: known.account,
                    dueAt: known.dueAt,
                    precedents: flaw == .forgetsKeys ? [:] : known.precedents,
                    orders: known.orders,
                    owners: flaw == .forgetsOwners ? [:] : known.owners,
                    usage: known.usage,
                    spending: known.spending,
                    knownEvents: flaw == .forgetsEvents ? [] : known.knownEvents
                )
            }
        default: return loaded
        }
    }

    func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome] {
        var outcomes: [CommitOutcome] = []
        for item in request.items { outcomes.append(try await commit(item)) }
        return outcomes
    }

    private func write(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        let outcome = try await base.commit(CommitRequest(items: [item]))[0]
        if outcome == .committed { state.withLock { $0.log.append(item) } }
        return outcome
    }

    private func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        switch flaw {
        case .losesChange where isTime(oneIn: 9): return .committed
        case .refusesForEver where item.account.customer == "ada": return .conflict
        case .losesTail where isTime(oneIn: 15):
            let outcome = try await write(item)
            try await loseTail()
            return outcome
        case .tearsRow where isTime(oneIn: 5):
            let torn = item.changes.map { Self.copy($0, key: $0.key, effects: Array($0.effects.dropLast())) }
            return try await write(.init(account: item.account, changes: torn, dueAt: item.dueAt))
        case .leavesAccount where isTime(oneIn: 9):
            let before = try await base.load(LoadRequest(items: [.init(customer: item.account.customer)]))
            var stale = before[0].account ?? item.account
            for change in item.changes {
                stale.apply(Self.copy(change, key: change.key, effects: []))
            }
            return try await write(.init(account: stale, changes: item.changes, dueAt: item.dueAt))
        default: break
        }
        let outcome = try await write(item)
        switch (flaw, outcome) {
        case (.writesTwice, .committed) where isTime(oneIn: 9):
            guard let change = item.changes.last else { return outcome }
            var account = item.account
            let again = Self.copy(change, revision: account.revision + 1, key: nil)
            account.apply(again)
            _ = try await write(.init(account: account, changes: [again], dueAt: item.dueAt))
        case (.ignoresConflict, .conflict):
            return try await writeOver(item)
        case (.forgetsKeys, .keyUsed):
            let renamed = item.changes.map { change in
                Self.copy(change, key: change.key.map { Account.Key("\($0) at \(change.revision)") })
            }
            return try await write(.init(account: item.account, changes: renamed, dueAt: item.dueAt))
        case (.forgetsOwners, .claimedByAnother):
            let bare = item.changes.map { Self.copy($0, key: $0.key, references: []) }
            return try await write(.init(account: item.account, changes: bare, dueAt: item.dueAt))
        default: break
        }
        return outcome
    }

    /// Writes what was decided on an older state, as the next revisions.
    private func writeOver(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        let now = try await base.load(LoadRequest(items: [.init(customer: item.account.customer)]))
        guard var account = now[0].account else { return .conflict }
        var changes: [Account.Change] = []
        for change in item.changes {
            let next = Self.copy(change, revision: account.revision + 1, key: change.key)
            account.apply(next)
            changes.append(next)
        }
        return try await write(.init(account: account, changes: changes, dueAt: item.dueAt))
    }

    /// Begins anew with everything but the last change.
    private func loseTail() async throws(StoreError) {
        let (log, catalogs) = state.withLock { state in
            state.log = state.log.dropLast()
            state.base = InMemoryStore()
            return (state.log, state.catalogs)
        }
        for catalog in catalogs { _ = try await base.keep(catalog) }
        for item in log { _ = try await base.commit(CommitRequest(items: [item])) }
    }

    func accountsDue(_ request: DueRequest) async throws(StoreError) -> [DueAccount] {
        try await base.accountsDue(request)
    }

    func lease(_ request: DutyRequest) async throws(StoreError) -> Bool {
        try await base.lease(request)
    }

    func journal(_ query: JournalQuery) async throws(StoreError) -> [Account.Change] {
        if flaw == .cannotRead, isTime(oneIn: 5) { throw StoreError(.corrupt, "The journal is gone.") }
        let rows = try await base.journal(query)
        guard flaw == .rewritesJournal, query.after == 0, rows.count > 5 else { return rows }
        return rows.map { $0.revision == 3 ? Self.copy($0, key: $0.key, reason: "put right") : $0 }
    }

    // MARK: Notices

    func leaseNotices(_ request: LeaseRequest) async throws(StoreError) -> [NoticeLease] {
        let leases = try await base.leaseNotices(request)
        guard flaw == .losesNotice, let last = leases.last, isTime(oneIn: 4) else { return leases }
        try await base.settle([NoticeSettlement(lease: last, outcome: .delivered)])
        return leases.dropLast()
    }

    func settle(_ settlements: [NoticeSettlement]) async throws(StoreError) { try await base.settle(settlements) }

    // MARK: The rest

    func keep(_ catalog: Catalog) async throws(StoreError) -> Catalog {
        state.withLock { $0.catalogs.append(catalog) }
        return try await base.keep(catalog)
    }

    func catalogVersions() async throws(StoreError) -> [Catalog.Version] { try await base.catalogVersions() }

    func catalog(_ version: Catalog.Version) async throws(StoreError) -> Catalog? { try await base.catalog(version) }

    func owner(of reference: ProviderReference) async throws(StoreError) -> CustomerID? {
        try await base.owner(of: reference)
    }

    func record(_ request: RecordDeliveryRequest) async throws(StoreError) -> DeliveryRecording {
        try await base.record(request)
    }

    func leaseDeliveries(_ request: LeaseDeliveriesRequest) async throws(StoreError) -> [DeliveryLease] {
        try await base.leaseDeliveries(request)
    }

    func leaseDelivery(_ request: LeaseDeliveryRequest) async throws(StoreError) -> DeliveryLease? {
        try await base.leaseDelivery(request)
    }

    func settle(_ settlement: DeliverySettlement) async throws(StoreError) -> Bool { try await base.settle(settlement) }

    func deliveries(_ query: DeliveryQuery) async throws(StoreError) -> [Delivery] { try await base.deliveries(query) }
}
