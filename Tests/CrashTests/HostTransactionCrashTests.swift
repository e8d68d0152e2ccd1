#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import CrashTesting
import SeededTesting
import Testing

/// The power goes, or a call fails, in the middle of transactions with the host's own rows in them: of each the row and the
/// use of its units are there, or neither.
@Suite struct HostTransactionCrashTests {
    private static let org: CustomerID = "org_0"

    /// What callers were told of each transaction.
    private struct Told {
        var done: Set<String> = []
        var refused: Set<String> = []
        var unknown: Set<String> = []
    }

    private func open(_ disk: PowerLossDisk) async throws(StoreError) -> SQLiteStore {
        var settings = SQLiteSettings()
        settings.fileSystem = disk.name
        settings.checkpointBytes = 30 * settings.pageBytes
        // Too little memory for a transaction, so that some of it is written before the rest is known.
        settings.cacheKibibytes = 16
        return try await SQLiteStore("/billing.sqlite", settings: settings)
    }

    private func fill(_ disk: PowerLossDisk) async throws {
        let store = try await open(disk)
        let billing = try await BillingSystem(catalog: CrashCatalog.make(), store: store)
        try await store.transaction(with: billing) { transaction in
            try transaction.run("CREATE TABLE jobs (id TEXT NOT NULL PRIMARY KEY, filling TEXT NOT NULL)")
        }
        await store.close()
    }

    /// Submits jobs, one transaction each, until the disk says no.
    private func submit(_ count: Int, on disk: PowerLossDisk, _ told: inout Told) async throws {
        let store: SQLiteStore
        do throws(StoreError) {
            store = try await open(disk)
        } catch {
            return
        }
        do {
            let billing = try await BillingSystem(catalog: CrashCatalog.make(), store: store)
            for number in 0..<count {
                let id = "\(number)"
                do {
                    try await store.transaction(with: billing) { transaction in
                        try transaction.run(
                            "INSERT INTO jobs VALUES (?1, ?2)",
                            [.text(id), .text(String(repeating: id, count: 20_000))]
                        )
                        _ = try transaction.consume(of: CrashCatalog.documents, for: Self.org, key: .job(id))
                    }
                    told.done.insert(id)
                } catch let error as StoreError {
                    if error.code == .outcomeUnknown { told.unknown.insert(id) } else { told.refused.insert(id) }
                    break
                }
            }
        } catch is StoreError {
            // It was the opening that failed.
        }
        await store.close()
    }

    /// Holds what is there against what was told, and returns the jobs that are there.
    private func look(at disk: PowerLossDisk, after told: Told, isCut: Bool, _ place: String) async throws -> Set<
        String
    > {
        let store = try await open(disk)
        let rows = try await store.database.readInTurn(
            SQLTransaction(running: [SQLStep(SQLStatement("SELECT id FROM jobs"))]) { rows in
                (rows.first?.rows ?? []).compactMap { if case .text(let id) = $0.first { id } else { nil } }
            }
        )
        let audit = try await Audit(of: store, customers: [Self.org])
        await store.close()
        #expect(audit.faults == [], "\(place)")
        let keys = (audit.changes[Self.org] ?? [:]).values.compactMap { $0.key?.rawValue.dropFirst("job:".count) }
        #expect(Set(rows) == Set(keys.map(String.init)), "\(place): a row without its use, or a use without its row")
        #expect(told.done.isSubset(of: rows), "\(place): what was answered is there")
        // When the power is cut nobody is told anything any more.
        if !isCut { #expect(told.refused.isDisjoint(with: rows), "\(place): what was refused is not there") }
        return Set(rows)
    }

    @Test func `whatever moment the power goes, the host's row and the use of its units go together`() async throws {
        let test = "power losses in transactions with the host"
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: test))
        let filled = try PowerLossDisk()
        try await fill(filled)
        var (change, losses, there) = (1, 0, 0)
        while true {
            let disk = try PowerLossDisk(copying: filled)
            disk.cutPower(atChange: change)
            var told = Told()
            try await submit(4, on: disk, &told)
            let isCut = disk.placeOfCut != nil
            disk.restorePower(seed: generator.next())
            there += try await look(at: disk, after: told, isCut: isCut, "change \(change)").count
            guard isCut else { break }
            losses += 1
            change += 1 + Int.random(in: 0..<4, using: &generator)
        }
        print("\(test): \(losses) losses, \(there) transactions were there")
        #expect(losses > 20)
        #expect(there > 0)
    }

    @Test(arguments: PowerLossDisk.Fault.allCases)
    func `whatever call fails, both are there or neither, and the caller knows`(
        fault: PowerLossDisk.Fault
    ) async throws {
        let test = "disk faults in transactions with the host, \(fault)"
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: test))
        let filled = try PowerLossDisk()
        try await fill(filled)
        var (call, refused, unknown) = (1, 0, 0)
        while true {
            let disk = try PowerLossDisk(copying: filled)
            disk.fail(fault, atCall: call)
            var told = Told()
            try await submit(4, on: disk, &told)
            let hasFailed = disk.failures > 0
            disk.mend()
            disk.restartProcess()
            _ = try await look(at: disk, after: told, isCut: false, "call \(call)")
            (refused, unknown) = (refused + told.refused.count, unknown + told.unknown.count)
            guard hasFailed else { break }
            call += 1 + Int.random(in: 0..<4, using: &generator)
        }
        print("\(test): \(refused) were refused, of \(unknown) the outcome was unknown")
        #expect(refused + unknown > 0)
    }
}
#endif
