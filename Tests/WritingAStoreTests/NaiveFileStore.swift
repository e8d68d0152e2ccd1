import BillingJSON
import BillingKit
import Foundation

/// A store as someone writes it who has read the contract and nothing else: everything in one value, every change at
/// the end of one file, everything read again when the file is opened.
///
/// Nothing about it is fast. Each call has the actor to itself, so calls happen one after the other; each write goes
/// to the file in one piece before it counts, so it is whole or not there.
actor NaiveFileStore: BillingStore {
    private let file: FileHandle
    private var duties: [Duty: DutyRequest] = [:]
    private var book = Book()
    /// Whether a write has failed: what the file holds since then is not known.
    private var isBroken = false

    init(_ path: String) throws {
        if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
        file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        var page = Page([UInt8](try file.readToEnd() ?? Data()))
        var end = 0
        // What stands at the end in part was never answered.
        while !page.isRead, let entries = try? page.readBytes() {
            var part = Page(Array(entries))
            while !part.isRead { book.take(try Entry(from: &part)) }
            end = page.position
        }
        try file.truncate(atOffset: UInt64(end))
    }

    func close() throws {
        try file.close()
    }

    /// Makes sure that the book says what the file does.
    ///
    /// After a write that failed it may not: the change may stand in the file, or a part of it, on which nothing may follow.
    /// Whoever opens the file again reads what is there.
    private func expectWhole() throws(StoreError) {
        if isBroken { throw StoreError(.closed, "An earlier write has failed; open the file again.") }
    }

    /// Changes the book, in the file first.
    private func write<Answer>(_ change: (inout Draft) -> Answer) throws(StoreError) -> Answer {
        try expectWhole()
        var draft = Draft(book: book)
        let answer = change(&draft)
        guard !draft.page.bytes.isEmpty else { return answer }
        var frame = Page()
        frame.write(bytes: draft.page.bytes)
        do {
            try file.write(contentsOf: Data(frame.bytes))
            try file.synchronize()
        } catch {
            isBroken = true
            throw StoreError(.outcomeUnknown, "The file cannot be written: \(error)")
        }
        book = draft.book
        return answer
    }

    /// The book as it will be, and the entries that make it so.
    fileprivate struct Draft {
        var book: Book
        var page = Page()

        mutating func add(_ entry: Entry) {
            page.write(entry)
            book.take(entry)
        }
    }

    // MARK: Accounts

    func load(_ request: LoadRequest) throws(StoreError) -> [LoadedAccount] {
        try expectWhole()
        return request.items.map { book.answer(to: $0) }
    }

    func commit(_ request: CommitRequest) throws(StoreError) -> [CommitOutcome] {
        try write { draft in
            request.items.map { (item) -> CommitOutcome in
                let customer = item.account.customer
                let changes = draft.book.changes[customer] ?? []
                guard Int64(changes.count) == item.baseRevision else { return .conflict }
                let used = Set(changes.compactMap(\.key))
                let keys = item.changes.compactMap(\.key)
                guard used.isDisjoint(with: item.keys), Set(keys).count == keys.count else { return .keyUsed }
                for reference in item.changes.flatMap(\.references) {
                    if let owner = draft.book.owners[reference], owner != customer {
                        return .claimedByAnother(reference)
                    }
                }
                draft.add(.changes(item.changes, of: customer, dueAt: item.dueAt))
                for settlement in item.settlements { _ = draft.settle(settlement) }
                return .committed
            }
        }
    }

    func accountsDue(_ request: DueRequest) throws(StoreError) -> [DueAccount] {
        try expectWhole()
        let due = book.dueAt.map { DueAccount(customer: $0.key, dueAt: $0.value) }.sorted()
        let wanted = due.filter { account in
            account.dueAt <= request.now && request.after.map { $0 < account } ?? true
        }
        return Array(wanted.prefix(request.limit))
    }

    func journal(_ query: JournalQuery) throws(StoreError) -> [Account.Change] {
        try expectWhole()
        let changes = book.changes[query.customer] ?? []
        return Array(changes.filter { $0.revision > query.after }.prefix(query.limit))
    }

    func owner(of reference: ProviderReference) throws(StoreError) -> CustomerID? {
        try expectWhole()
        return book.owners[reference]
    }

    // MARK: Deliveries

    func record(_ request: RecordDeliveryRequest) throws(StoreError) -> DeliveryRecording {
        try write { draft in
            let known = draft.book.deliveries[request.id]
            if let known, known.state.isFinished { return .finished(known.state, detail: known.detail) }
            if let known, known.isLeased(at: request.receivedAt) { return .inProgress }
            let new = Delivery(
                id: request.id,
                body: request.body,
                receivedAt: request.receivedAt,
                state: .processing,
                detail: "",
                attempts: 0,
                dueAt: nil
            )
            return .leased(draft.lease(known ?? new, until: request.leasedUntil))
        }
    }

    func leaseDeliveries(_ request: LeaseDeliveriesRequest) throws(StoreError) -> [DeliveryLease] {
        try write { draft in
            let due = draft.book.deliveries.values.filter { delivery in
                delivery.id.provider == request.provider && delivery.dueAt.map { $0 <= request.lease.now } ?? false
            }
            let oldest = due.sorted { ($0.receivedAt, $0.id) < ($1.receivedAt, $1.id) }.prefix(request.lease.limit)
            return oldest.map { draft.lease($0, until: request.lease.until) }
        }
    }

    func leaseDelivery(_ request: LeaseDeliveryRequest) throws(StoreError) -> DeliveryLease? {
        try write { draft -> DeliveryLease? in
            guard
                let known = draft.book.deliveries[request.id],
                !known.state.isFinished, !known.isLeased(at: request.now)
            else { return nil }
            return draft.lease(known, until: request.until)
        }
    }

    func settle(_ settlement: DeliverySettlement) throws(StoreError) -> Bool {
        try write { $0.settle(settlement) }
    }

    func deliveries(_ query: DeliveryQuery) throws(StoreError) -> [Delivery] {
        try expectWhole()
        let wanted = book.deliveries.values.filter { query.states.isEmpty || query.states.contains($0.state) }
        let newest = wanted.sorted { ($0.receivedAt, $0.id) > ($1.receivedAt, $1.id) }
        let rest = newest.filter { delivery in
            query.after.map { (delivery.receivedAt, delivery.id) < ($0.receivedAt, $0.id) } ?? true
        }
        return Array(rest.prefix(query.limit))
    }

    // MARK: Notices

    func leaseNotices(_ request: LeaseRequest) throws(StoreError) -> [NoticeLease] {
        try write { draft in
            let due = draft.book.notices.values.filter { told in
                told.attempts == 0 || told.dueAt.map { $0 <= request.now } ?? false
            }
            let oldest = due.sorted { $0.place < $1.place }.prefix(request.limit)
            return oldest.map { told in
                let leased = Told(notice: told.notice, attempts: told.attempts + 1, dueAt: request.until)
                draft.add(.notice(leased))
                return NoticeLease(notice: leased.notice, attempt: leased.attempts)
            }
        }
    }

    func settle(_ settlements: [NoticeSettlement]) throws(StoreError) {
        try write { draft in
            for settlement in settlements {
                let lease = settlement.lease
                guard
                    let told = draft.book.notices[lease.notice],
                    told.attempts == lease.attempt, told.dueAt != nil
                else { continue }
                let dueAt: Timestamp? =
                    switch settlement.outcome {
                    case .retry(let instant): instant
                    case .delivered, .dead: nil
                    }
                draft.add(.notice(Told(notice: told.notice, attempts: told.attempts, dueAt: dueAt)))
            }
        }
    }

    // MARK: Duties

    /// Not in the file: it belongs to one process, and whoever opens it next has nobody to wait for.
    func lease(_ request: DutyRequest) throws(StoreError) -> Bool {
        if let other = duties[request.duty], other.holder != request.holder, other.until > request.now { return false }
        duties[request.duty] = request
        return true
    }

    // MARK: Catalogs

    func keep(_ catalog: Catalog) throws(StoreError) -> Catalog {
        guard let text = try? catalog.json() else {
            throw StoreError(.corrupt, "Catalog version \(catalog.version) cannot be written as JSON.")
        }
        return try write { draft in
            if let kept = draft.book.catalogs[catalog.version] { return kept }
            draft.add(.catalog(catalog, json: text))
            return catalog
        }
    }

    func catalogVersions() throws(StoreError) -> [Catalog.Version] {
        try expectWhole()
        return book.catalogs.keys.sorted(by: >)
    }

    func catalog(_ version: Catalog.Version) throws(StoreError) -> Catalog? {
        try expectWhole()
        return book.catalogs[version]
    }
}

extension NaiveFileStore.Draft {
    fileprivate mutating func lease(_ delivery: Delivery, until: Timestamp) -> DeliveryLease {
        let attempt = delivery.attempts + 1
        add(.delivery(delivery.replacing(.processing, delivery.detail, attempts: attempt, dueAt: until)))
        return DeliveryLease(id: delivery.id, body: delivery.body, receivedAt: delivery.receivedAt, attempt: attempt)
    }

    fileprivate mutating func settle(_ settlement: DeliverySettlement) -> Bool {
        guard
            let known = book.deliveries[settlement.id],
            known.state == .processing, known.attempts == settlement.attempt
        else { return false }
        let (state, detail) = (settlement.state, settlement.detail)
        add(.delivery(known.replacing(state, detail, attempts: known.attempts, dueAt: settlement.retryAt)))
        return true
    }
}

extension Delivery {
    fileprivate func replacing(_ state: State, _ detail: String, attempts: Int, dueAt: Timestamp?) -> Delivery {
        Delivery(
            id: id,
            body: body,
            receivedAt: receivedAt,
            state: state,
            detail: detail,
            attempts: attempts,
            dueAt: dueAt
        )
    }
}
