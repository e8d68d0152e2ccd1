import BillingInMemory
import BillingKit
import BillingTesting
import Synchronization

/// Cannot be read at all.
final class CannotBeRead: BrokenStore {
    let memory = InMemoryStore()

    func load(_ request: LoadRequest) async throws(StoreError) -> [LoadedAccount] {
        throw StoreError(.corrupt, "The disk is gone.")
    }
}

/// Takes a key for as good as none.
final class HasNoKeys: BrokenStore {
    let memory = InMemoryStore()

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        let outcome = try await commitWell(item)
        return outcome == .keyUsed ? try await force(item) { (nil, $0.references) } : outcome
    }

    func load(_ request: LoadRequest) async throws(StoreError) -> [LoadedAccount] {
        try await memory.load(request).map { $0.replacing(precedents: [:]) }
    }
}

/// Remembers no more than the last ten keys of a customer.
final class ForgetsKeys: BrokenStore {
    let memory = InMemoryStore()

    func load(_ request: LoadRequest) async throws(StoreError) -> [LoadedAccount] {
        var answers: [LoadedAccount] = []
        for (item, answer) in zip(request.items, try await memory.load(request)) {
            let changes = try await memory.journal(JournalQuery(customer: item.customer))
            let recent = Set(changes.compactMap(\.key).suffix(10))
            answers.append(answer.replacing(precedents: answer.precedents.filter { recent.contains($0.key) }))
        }
        return answers
    }
}

/// Takes any revision that the caller has for the present one.
final class TrustsKnownRevisions: BrokenStore {
    let memory = InMemoryStore()

    func load(_ request: LoadRequest) async throws(StoreError) -> [LoadedAccount] {
        zip(request.items, try await memory.load(request)).map { item, answer in
            item.knownRevision == nil ? answer : answer.replacing(account: .some(nil))
        }
    }
}

/// Reads accounts from a copy that is one commit behind.
final class ReadsFromAReplica: BrokenStore {
    let memory = InMemoryStore()

    private let before = Mutex<[CustomerID: Account]>([:])

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        let customer = item.account.customer
        let present = try await present(customer).account
        let outcome = try await commitWell(item)
        if outcome == .committed { before.withLock { $0[customer] = present } }
        return outcome
    }

    func load(_ request: LoadRequest) async throws(StoreError) -> [LoadedAccount] {
        let before = before.withLock(\.self)
        return zip(request.items, try await memory.load(request)).map { item, answer in
            // A customer's first commit is there at once, or nothing could be tried.
            guard let old = before[item.customer], !old.isNew, answer.account != nil else { return answer }
            return answer.replacing(account: old)
        }
    }
}

/// Reads facts and accounts at two instants.
final class ReadsInTwoSteps: BrokenStore {
    let memory = InMemoryStore()

    private let commits = Atomic(0)

    func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome] {
        defer { commits.add(1, ordering: .relaxed) }
        return try await memory.commit(request)
    }

    func load(_ request: LoadRequest) async throws(StoreError) -> [LoadedAccount] {
        let facts = try await memory.load(request)
        let before = commits.load(ordering: .relaxed)
        await letOthersRun { commits.load(ordering: .relaxed) > before }
        let accounts = try await memory.load(request)
        return zip(facts, accounts).map { $0.replacing(account: $1.account) }
    }
}

/// Has subscriptions in a table without their customer.
final class MixesSubscriptions: BrokenStore {
    let memory = InMemoryStore()

    private let all = Mutex<[String: Subscription]>([:])

    func commit(_ item: CommitRequest.Item) async throws(StoreError) -> CommitOutcome {
        let outcome = try await commitWell(item)
        if outcome == .committed {
            all.withLock { all in
                for subscription in item.account.subscriptions { all[subscription.id] = subscription }
            }
        }
        return outcome
    }

    func load(_ request: LoadRequest) async throws(StoreError) -> [LoadedAccount] {
        let all = Array(all.withLock(\.self).values)
        return try await memory.load(request).map { answer in
            guard let account = answer.account, !account.isNew else { return answer }
            let mixed = Account(
                customer: account.customer,
                revision: account.revision,
                instant: account.instant,
                anchor: account.anchor,
                standing: account.standing,
                periods: account.periods,
                grants: account.grants,
                holds: account.holds,
                levels: account.levels,
                windows: account.windows,
                warnings: account.warnings,
                overrides: account.overrides,
                trial: account.trial,
                firstPurchaseAt: account.firstPurchaseAt,
                subscriptions: all,
                benefits: account.benefits,
                upgrades: account.upgrades
            )
            return answer.replacing(account: mixed)
        }
    }
}

/// Begins each page of a journal with the last change of the page before.
final class RepeatsAChange: BrokenStore {
    let memory = InMemoryStore()

    func journal(_ query: JournalQuery) async throws(StoreError) -> [Account.Change] {
        try await memory.journal(
            JournalQuery(customer: query.customer, after: query.after > 0 ? query.after - 1 : 0, limit: query.limit)
        )
    }
}

/// Has accounts due after their instant, and not at it.
final class IsDueTooLate: BrokenStore {
    let memory = InMemoryStore()

    func accountsDue(_ request: DueRequest) async throws(StoreError) -> [DueAccount] {
        try await memory.accountsDue(request).filter { $0.dueAt < request.now }
    }
}

/// Gives a delivery to whoever records it, also while someone is working on it.
final class IgnoresLeases: BrokenStore {
    let memory = InMemoryStore()

    func record(_ request: RecordDeliveryRequest) async throws(StoreError) -> DeliveryRecording {
        let recording = try await memory.record(request)
        guard recording == .inProgress else { return recording }
        let anyTime = LeaseDeliveryRequest(
            id: request.id,
            now: Timestamp(microseconds: .max),
            until: request.leasedUntil
        )
        return try await memory.leaseDelivery(anyTime).map { .leased($0) } ?? recording
    }
}

/// Lets any lease settle a delivery, also one that was overtaken.
final class SettlesUnderOldLeases: BrokenStore {
    let memory = InMemoryStore()

    func settle(_ settlement: DeliverySettlement) async throws(StoreError) -> Bool {
        if try await memory.settle(settlement) { return true }
        let log = try await memory.deliveries(DeliveryQuery(states: [.processing], limit: 1_000))
        guard let newest = log.first(where: { $0.id == settlement.id }) else { return false }
        let lease = DeliveryLease(
            id: newest.id,
            body: newest.body,
            receivedAt: newest.receivedAt,
            attempt: newest.attempts
        )
        return try await memory.settle(
            DeliverySettlement(
                lease: lease,
                state: settlement.state,
                detail: settlement.detail,
                retryAt: settlement.retryAt
            )
        )
    }
}

/// Keeps a delivery as often as it is received.
final class KeepsDeliveriesTwice: BrokenStore {
    let memory = InMemoryStore()

    private let times = Mutex<[Delivery.ID: Int]>([:])

    func record(_ request: RecordDeliveryRequest) async throws(StoreError) -> DeliveryRecording {
        times.withLock { $0[request.id, default: 0] += 1 }
        return try await memory.record(request)
    }

    func deliveries(_ query: DeliveryQuery) async throws(StoreError) -> [Delivery] {
        let times = times.withLock(\.self)
        return try await memory.deliveries(query).flatMap { [Delivery](repeating: $0, count: times[$0.id] ?? 1) }
    }
}

/// Leases notices that are leased already.
final class TellsNoticesTwice: BrokenStore {
    let memory = InMemoryStore()

    func leaseNotices(_ request: LeaseRequest) async throws(StoreError) -> [NoticeLease] {
        try await memory.leaseNotices(
            LeaseRequest(now: Timestamp(microseconds: .max), until: request.until, limit: request.limit)
        )
    }
}

/// Keeps the latest catalog that it was given under a version.
final class OverwritesCatalogs: BrokenStore {
    let memory = InMemoryStore()

    func keep(_ catalog: Catalog) async throws(StoreError) -> Catalog {
        _ = try await memory.keep(catalog)
        return catalog
    }
}

extension LoadedAccount {
    func replacing(
        account: Account?? = nil,
        precedents: [Account.Key: Account.Facts.Precedent]? = nil
    ) -> LoadedAccount {
        LoadedAccount(
            account: account ?? self.account,
            dueAt: dueAt,
            precedents: precedents ?? self.precedents,
            orders: orders,
            owners: owners,
            usage: usage,
            spending: spending,
            knownEvents: knownEvents
        )
    }
}
