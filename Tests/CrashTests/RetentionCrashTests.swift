#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import CrashTesting
import SeededTesting
import Testing

/// The power goes in the middle of archiving: whatever has left the database was handed over before.
@Suite struct RetentionCrashTests {
    private static let org: CustomerID = "org_0"
    private static let count = 60

    private func open(_ disk: PowerLossDisk) async throws(StoreError) -> SQLiteStore {
        var settings = SQLiteSettings()
        settings.fileSystem = disk.name
        settings.checkpointBytes = 20 * settings.pageBytes
        settings.cacheKibibytes = 16
        return try await SQLiteStore("/billing.sqlite", settings: settings)
    }

    /// Writes events that were counted long ago, and webhooks that are long done.
    private func fill(_ disk: PowerLossDisk) async throws {
        let store = try await open(disk)
        let billing = try await BillingSystem(catalog: CrashCatalog.make(), store: store)
        for number in 0..<Self.count / 10 {
            let events = (0..<10).map { place in
                Account.Command.Event(
                    id: Account.EventID("\(number * 10 + place)"),
                    meter: CrashCatalog.documents,
                    amount: 1
                )
            }
            _ = try await billing.record(events, for: Self.org, key: .request("\(number)"))
        }
        let webhooks = SQLStep(
            SQLStatement(
                """
                INSERT INTO billing_deliveries WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(Self.count)) \
                SELECT 'polar', i, zeroblob(3000), i, 'done', '', 1, NULL FROM n
                """
            )
        )
        try await store.database.write(SQLTransaction(running: [webhooks]) { _ in })
        await store.close()
    }

    private func ids(_ sql: String, in store: SQLiteStore) async throws -> Set<String> {
        try await store.database.readInTurn(
            SQLTransaction(running: [SQLStep(SQLStatement(sql))]) { rows in
                Set((rows.first?.rows ?? []).compactMap { if case .text(let id) = $0.first { id } else { nil } })
            }
        )
    }

    /// What was handed over.
    private struct Archive {
        var events: Set<String> = []
        var webhooks: Set<String> = []

        mutating func keep(_ batch: SQLRetention.Batch) {
            switch batch {
            case .deliveries(let deliveries): webhooks.formUnion(deliveries.map(\.id.id))
            case .events(let counted): events.formUnion(counted.map(\.event.rawValue))
            case .notices, .changes: break
            }
        }
    }

    @Test func `whatever has left was handed over, whatever moment the power goes`() async throws {
        let test = "power losses while archiving"
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: test))
        let filled = try PowerLossDisk()
        try await fill(filled)
        let retention = try SQLRetention(deliveryDays: 7, eventDays: 33, batchSize: 7)
        let later = SystemClock().now().advanced(by: .seconds(400 * 86_400))
        var (change, losses, repeated) = (1, 0, 0)
        while true {
            let disk = try PowerLossDisk(copying: filled)
            disk.cutPower(atChange: change)
            var archive = Archive()
            if let store = try? await open(disk) {
                _ = try? await store.archive(retention, at: later) { archive.keep($0) }
                await store.close()
            }
            let isCut = disk.placeOfCut != nil
            disk.restorePower(seed: generator.next())
            let store = try await open(disk)
            let all = Set((0..<Self.count).map(String.init))
            let events = try await ids("SELECT event_id FROM billing_events", in: store)
            let webhooks = try await ids("SELECT id FROM billing_deliveries", in: store)
            #expect(events.union(archive.events) == all, "change \(change): events are nowhere")
            #expect(webhooks.union(archive.webhooks).count == Self.count, "change \(change): webhooks are nowhere")
            repeated += events.intersection(archive.events).count + webhooks.intersection(archive.webhooks).count
            try await store.archive(retention, at: later) { archive.keep($0) }
            #expect(try await ids("SELECT event_id FROM billing_events", in: store).isEmpty)
            #expect(try await Audit(of: store, customers: [Self.org]).faults == [], "change \(change)")
            await store.close()
            guard isCut else { break }
            losses += 1
            change += 1 + Int.random(in: 0..<3, using: &generator)
        }
        print("\(test): \(losses) losses, after which \(repeated) records came again")
        #expect(losses > 20)
        #expect(repeated > 0, "at least once, not at most")
    }
}
#endif
