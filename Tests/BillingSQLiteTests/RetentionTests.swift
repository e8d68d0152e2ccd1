#if SQLite
import BillingInMemory
import BillingKit
import BillingSQL
import BillingSQLite
import BillingTesting
import Testing
import WebhookSignatures

/// What may go is handed over first, and what may not stays.
@Suite struct RetentionTests {
    private static let documents = Meter.ID("documents")
    private static let day: Int64 = 86_400
    private static let start = Timestamp(seconds: 1_796_115_600)
    private static let polar: ProviderID = "polar"

    private let folder: TemporaryFolder
    private let store: SQLiteStore

    init() async throws {
        folder = try TemporaryFolder()
        store = try await SQLiteStore(folder.path("billing.sqlite"))
    }

    private struct Unable: Error {}

    private func after(days: Int64) -> Timestamp {
        Self.start.advanced(by: .seconds(days * Self.day))
    }

    /// Records a webhook that is genuinely signed, and settles it.
    private func record(_ id: String, at now: Timestamp, as state: Delivery.State) async throws {
        let secret = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let body = Array("{\"id\":\"\(id)\"}".utf8)
        let headers = try WebhookSigner(.standardWebhooks, secrets: [secret]).sign(body, id: id, timestamp: now.seconds)
        let verifier = try WebhookVerifier(.standardWebhooks, secrets: [secret])
        let verified = verifier.verify(body, at: now.seconds) { name in headers[name].map { [$0] } ?? [] }
        guard case .verified(let webhook) = verified else { throw Unable() }
        let request = RecordDeliveryRequest(
            webhook,
            from: Self.polar,
            receivedAt: now,
            leasedUntil: now.advanced(by: .seconds(60))
        )
        guard case .leased(let lease) = try await store.record(request) else { throw Unable() }
        if state == .processing { return }
        let retryAt = state == .failed ? now.advanced(by: .seconds(60)) : nil
        let settlement = DeliverySettlement(
            lease: lease,
            state: state,
            detail: "as \(state.rawValue)",
            retryAt: retryAt
        )
        guard try await store.settle(settlement) else { throw Unable() }
    }

    private func deliveries() async throws -> [Delivery] {
        try await store.deliveries(DeliveryQuery(limit: 1_000))
    }

    /// Archives into a list.
    private func archive(
        _ retention: SQLRetention,
        at now: Timestamp
    ) async throws -> (batches: [SQLRetention.Batch], summary: SQLRetention.Summary) {
        var batches: [SQLRetention.Batch] = []
        let summary = try await store.archive(retention, at: now) { batches.append($0) }
        return (batches, summary)
    }

    private func rows(_ sql: String) async throws -> [[SQLValue]] {
        try await store.database.read(
            SQLTransaction(running: [SQLStep(SQLStatement(sql))]) { rows in rows.first?.rows ?? [] }
        )
    }

    // MARK: Webhooks

    @Test(arguments: [1, 2, 3, 100])
    func `finished webhooks that are old leave with their bodies, the oldest first, and no others`(
        batchSize: Int
    ) async throws {
        for (number, state) in Delivery.State.allCases.enumerated() {
            for age in [0, 9, 10, 11, 30] {
                try await record("\(state.rawValue)-\(age)", at: after(days: 30 - Int64(age)), as: state)
            }
            // Of one instant there are several.
            try await record("twin-\(number)", at: after(days: 3), as: .done)
        }
        let before = try await deliveries()
        let leaving = before.filter { $0.state.isFinished && $0.receivedAt < after(days: 20) }.sorted {
            ($0.receivedAt, $0.id) < ($1.receivedAt, $1.id)
        }
        #expect(leaving.count == 9)
        let retention = try SQLRetention(deliveryDays: 10, batchSize: batchSize)
        let (batches, summary) = try await archive(retention, at: after(days: 30))
        let archived = batches.flatMap(\.deliveries)
        #expect(archived == leaving)
        #expect(batches.count == (leaving.count + batchSize - 1) / batchSize)
        #expect(summary.deliveries == leaving.count)
        #expect(try await deliveries() == before.filter { !leaving.contains($0) })
        #expect(
            try await archive(retention, at: after(days: 30)).batches.isEmpty,
            "once they are gone, nothing is left"
        )
    }

    @Test func `a batch that could not be kept stays, and comes again`() async throws {
        for number in 0..<5 { try await record("\(number)", at: after(days: Int64(number)), as: .done) }
        let retention = try SQLRetention(deliveryDays: 7, batchSize: 2)
        var seen: [SQLRetention.Batch] = []
        await #expect(throws: Unable.self) {
            try await store.archive(retention, at: after(days: 50)) { batch in
                seen.append(batch)
                if seen.count == 2 { throw Unable() }
            }
        }
        #expect(try await deliveries().count == 3, "the first batch is gone, the second is not")
        let (batches, summary) = try await archive(retention, at: after(days: 50))
        #expect(batches.first == seen.last)
        #expect(summary.deliveries == 3)
        #expect(try await deliveries().isEmpty)
    }

    @Test func `what has been handed over is deleted only where it still may go`() async throws {
        for number in 0..<3 { try await record("\(number)", at: after(days: 0), as: .done) }
        let path = folder.path("billing.sqlite")
        let summary = try await store.archive(SQLRetention(deliveryDays: 7), at: after(days: 50)) { _ in
            // An operator opens one again, and another server archives at the same time.
            try RawConnection(path: path).execute(
                "UPDATE billing_deliveries SET state = 'failed' WHERE id = '1'; DELETE FROM billing_deliveries WHERE id = '2'"
            )
        }
        #expect(summary.deliveries == 1)
        #expect(try await deliveries().map(\.id.id) == ["1"])
    }

    @Test func `a task that is cancelled stops between two batches`() async throws {
        for number in 0..<4 { try await record("\(number)", at: after(days: 0), as: .done) }
        let (store, now) = (store, after(days: 50))
        let task = Task {
            try await store.archive(SQLRetention(deliveryDays: 7, batchSize: 1), at: now) { _ in
                withUnsafeCurrentTask { $0?.cancel() }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await deliveries().count == 3)
    }

    // MARK: Notices and events

    /// Fills the file with the customer `org_life`, who has had everything, and tells the first notices.
    private func fill(telling count: Int) async throws -> [Account.Change] {
        let law = try #require(StoreLaw.all.first { $0.name.hasPrefix("a life with everything in it is loaded again") })
        let store = store
        try await law.check { store }
        let end = after(days: 1_000)
        let leases = try await store.leaseNotices(LeaseRequest(now: end, until: end, limit: count))
        #expect(leases.count == count)
        try await store.settle(
            leases.enumerated().map { index, lease in
                NoticeSettlement(lease: lease, outcome: index == 0 ? .dead : .delivered)
            }
        )
        return try await store.journal(JournalQuery(customer: "org_life"))
    }

    @Test(arguments: [1, 3, 1_000])
    func `notices that were told leave, and those that wait stay`(batchSize: Int) async throws {
        let journal = try await fill(telling: 6)
        let notices = journal.flatMap(\.notices)
        let (batches, summary) = try await archive(
            try SQLRetention(noticeDays: 7, batchSize: batchSize),
            at: after(days: 1_000)
        )
        let archived = batches.flatMap(\.notices)
        #expect(archived.map(\.notice) == Array(notices.prefix(6)))
        #expect(archived.map(\.wasDelivered) == [false] + Array(repeating: true, count: 5))
        #expect(archived.allSatisfy { $0.attempts == 1 })
        #expect(summary.notices == 6)
        let end = after(days: 2_000)
        let left = try await store.leaseNotices(LeaseRequest(now: end, until: end, limit: 1_000))
        #expect(left.map(\.notice) == Array(notices.dropFirst(6)))
    }

    @Test func `a notice that is young stays`() async throws {
        let notices = try await fill(telling: 6).flatMap(\.notices)
        let last = try #require(notices.prefix(6).last).at
        // The last one is not older than seven days, but exactly that old.
        let (batches, _) = try await archive(
            try SQLRetention(noticeDays: 7),
            at: last.advanced(by: .seconds(7 * Self.day))
        )
        let archived = batches.flatMap(\.notices)
        #expect(archived.map(\.notice) == notices.prefix(6).filter { $0.at < last })
        #expect(!archived.isEmpty)
    }

    @Test func `nothing that a decision reads is lost with them`() async throws {
        let before = try await fill(telling: 6)
        let account = try await store.load(LoadRequest(items: [.init(customer: "org_life")])).first?.account
        let names = try await rows("SELECT * FROM billing_references ORDER BY provider, kind, id")
        let everything = try SQLRetention(deliveryDays: 7, noticeDays: 7, eventDays: 33, batchSize: 2)
        let (batches, summary) = try await archive(everything, at: after(days: 1_000))
        let archived = batches.flatMap(\.events)
        #expect(archived.map(\.event) == before.flatMap(\.events))
        #expect(archived.allSatisfy { event in before.contains { $0.recordedAt == event.recordedAt } })
        #expect(summary.events == archived.count && summary.events > 2)

        #expect(try await store.load(LoadRequest(items: [.init(customer: "org_life")])).first?.account == account)
        #expect(try await rows("SELECT * FROM billing_references ORDER BY provider, kind, id") == names)
        let after = try await store.journal(JournalQuery(customer: "org_life"))
        #expect(after.map(\.effects) == before.map(\.effects))
        #expect(after.map(\.receipt) == before.map(\.receipt))
        #expect(after.flatMap(\.events).isEmpty)
        #expect(try await store.checkIntegrity() == [])
        let store = store
        for law in StoreLaw.keptLife where !law.name.hasPrefix("the notices") { try await law.check { store } }
    }

    @Test func `an event that is remembered is not counted again, however often the rest has left`() async throws {
        let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [Self.documents: .limited(99, per: .year)])
        let catalog = try Catalog(
            version: 1,
            meters: [Meter(Self.documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
        let clock = ManualClock(at: Self.start)
        let billing = try await BillingSystem(catalog: catalog, store: store, clock: clock)
        func count(_ id: String, _ key: String) async throws -> Int64 {
            let event = Account.Command.Event(id: Account.EventID(id), meter: Self.documents, amount: 1)
            return try await billing.record([event], for: "org_acme", key: .request(key)).skipped
        }
        #expect(try await count("old", "1") == 0)
        clock.set(to: after(days: 20))
        #expect(try await count("young", "2") == 0)
        clock.set(to: after(days: 40))
        let (batches, _) = try await archive(try SQLRetention(eventDays: 33), at: clock.now())
        #expect(batches.count == 1)
        #expect(try await count("young", "3") == 1, "it was counted twenty days ago")
        #expect(try await count("old", "4") == 0, "it was forgotten anyway")
    }

    @Test func `commits go on meanwhile`() async throws {
        _ = try await fill(telling: 6)
        let store = store
        try await store.archive(SQLRetention(noticeDays: 7, batchSize: 1), at: after(days: 1_000)) { _ in
            try await store.database.write(
                SQLTransaction(running: [SQLStep(SQLStatement("UPDATE billing_accounts SET due_at = due_at"))]) { _ in }
            )
        }
        #expect(try await rows("SELECT count(*) FROM billing_notices WHERE state <> 'waiting'") == [[.integer(0)]])
    }

    @Test(
        arguments: [(6, nil, nil), (nil, 6, nil), (nil, nil, 32), (-1, nil, nil), (Int.max, nil, nil)]
            as [(Int?, Int?, Int?)]
    )
    func `fewer days than there have to be, or too many to be meant, are refused`(
        deliveries: Int?,
        notices: Int?,
        events: Int?
    ) {
        #expect(throws: SQLRetention.Refusal.self) {
            try SQLRetention(deliveryDays: deliveries, noticeDays: notices, eventDays: events)
        }
    }

    @Test func `what nothing is said of stays`() async throws {
        _ = try await fill(telling: 6)
        try await record("1", at: Self.start, as: .done)
        #expect(try await archive(SQLRetention(), at: after(days: 30_000)).batches.isEmpty)
    }
}

extension SQLRetention.Batch {
    fileprivate var deliveries: [Delivery] { if case .deliveries(let batch) = self { batch } else { [] } }
    fileprivate var notices: [SQLRetention.SettledNotice] { if case .notices(let batch) = self { batch } else { [] } }
    fileprivate var events: [SQLRetention.CountedEvent] { if case .events(let batch) = self { batch } else { [] } }
}
#endif
