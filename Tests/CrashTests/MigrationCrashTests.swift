#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import CrashTesting
import SeededTesting
import Testing

/// The power goes in the middle of migrations, at every write of theirs: the tables are at the version before or at the
/// newest, with all that was in them.
@Suite struct MigrationCrashTests {
    private static let customer: CustomerID = "org_0"

    private static let invented =
        SQLSchema.migrations + [
            SQLMigration("a table", ["CREATE TABLE invented (id INTEGER PRIMARY KEY, filling TEXT)"]),
            SQLMigration(
                "rows for many pages, and a column",
                [
                    """
                    INSERT INTO invented WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) \
                    SELECT i, hex(zeroblob(500)) FROM n
                    """,
                    "ALTER TABLE billing_accounts ADD COLUMN invented INTEGER NOT NULL DEFAULT 7",
                ]
            ),
        ]

    private func open(_ disk: PowerLossDisk, _ migrations: [SQLMigration]) async throws(StoreError) -> SQLiteStore {
        var settings = SQLiteSettings()
        settings.fileSystem = disk.name
        settings.checkpointBytes = 20 * settings.pageBytes
        settings.cacheKibibytes = 64
        return try await SQLiteStore("/billing.sqlite", settings: settings, migrations: migrations)
    }

    /// What there is of the invented tables, by plain SQL.
    private func count(_ sql: String, in store: SQLiteStore) async throws -> Int64 {
        try await store.database.readInTurn(
            SQLTransaction(running: [SQLStep(SQLStatement(sql))]) { rows in
                if case .integer(let count) = rows.first?.rows.first?.first { count } else { -1 }
            }
        )
    }

    private func fill(_ disk: PowerLossDisk) async throws -> Account {
        let store = try await open(disk, SQLSchema.migrations)
        let billing = try await BillingSystem(catalog: CrashCatalog.make(), store: store)
        for number in 0..<20 {
            _ = try await billing.record(of: CrashCatalog.documents, for: Self.customer, key: .request("\(number)"))
        }
        let account = try await store.load(LoadRequest(items: [.init(customer: Self.customer)])).first?.account
        await store.close()
        return try #require(account)
    }

    @Test func `the tables are at the version before or at the newest, whatever moment the power goes`() async throws {
        let test = "power losses during migrations"
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: test))
        let filled = try PowerLossDisk()
        let account = try await fill(filled)
        var (before, after, change) = (0, 0, 1)
        while true {
            let disk = try PowerLossDisk(copying: filled)
            disk.cutPower(atChange: change)
            do throws(StoreError) {
                await (try await open(disk, Self.invented)).close()
            } catch {
                // The next look at the disk says what came of it.
            }
            let isCut = disk.placeOfCut != nil
            disk.restorePower(seed: generator.next())
            let version: Int64
            do throws(StoreError) {
                await (try await open(disk, SQLSchema.migrations)).close()
                (version, before) = (SQLSchema.version, before + 1)
            } catch {
                #expect(error.code == .newerSchema, "change \(change): \(error)")
                (version, after) = (Int64(Self.invented.count), after + 1)
            }
            let raw = try await open(disk, version == SQLSchema.version ? SQLSchema.migrations : Self.invented)
            let tables = try await count("SELECT count(*) FROM sqlite_schema WHERE name = 'invented'", in: raw)
            #expect(tables == (version == SQLSchema.version ? 0 : 1), "change \(change)")
            await raw.close()
            // Opening again goes on from there.
            let store = try await open(disk, Self.invented)
            #expect(try await count("SELECT count(*) FROM billing_schema", in: store) == Int64(Self.invented.count))
            #expect(try await count("SELECT count(*) FROM invented", in: store) == 200)
            #expect(try await count("SELECT sum(invented) FROM billing_accounts", in: store) == 7)
            let audit = try await Audit(of: store, customers: [Self.customer])
            #expect(audit.faults == [], "change \(change)")
            #expect(audit.accounts[Self.customer] == account, "change \(change)")
            await store.close()
            guard isCut else { break }
            change += 1 + Int.random(in: 0..<3, using: &generator)
        }
        print("\(test): \(before) left the version before, \(after) the newest")
        #expect(before > 5)
        #expect(after > 0)
    }
}
#endif
