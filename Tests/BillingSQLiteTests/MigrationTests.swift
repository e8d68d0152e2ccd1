#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import BillingTesting
import Foundation
import Testing

/// Tables of every version there ever was are brought up to the newest, once, whole, and only where they are what they
/// say that they are.
@Suite struct MigrationTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path("billing.sqlite") }

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Migrations that no release has: a table, and a column that is filled from what is there.
    private static let invented =
        SQLSchema.migrations + [
            SQLMigration(
                "a table of tests",
                [
                    "CREATE TABLE invented (customer TEXT NOT NULL PRIMARY KEY, changes INTEGER NOT NULL) STRICT",
                    "INSERT INTO invented SELECT customer, count(DISTINCT revision) FROM billing_journal GROUP BY customer",
                ]
            ),
            SQLMigration(
                "a column of tests",
                [
                    "ALTER TABLE billing_accounts ADD COLUMN invented INTEGER NOT NULL DEFAULT 0",
                    "UPDATE billing_accounts SET invented = (SELECT changes FROM invented AS i "
                        + "WHERE i.customer = billing_accounts.customer)",
                ]
            ),
        ]

    private func open(_ migrations: [SQLMigration]) async throws(StoreError) {
        await (try SQLiteStore(path, settings: SQLiteSettings(), migrations: migrations)).close()
    }

    private func failure(_ migrations: [SQLMigration]) async -> StoreError? {
        do throws(StoreError) {
            try await open(migrations)
            return nil
        } catch {
            return error
        }
    }

    private func rows(_ sql: String) async throws -> [[SQLValue]] {
        try await RawConnection(path: path).rows(sql)
    }

    private func versions() async throws -> [[SQLValue]] {
        try await rows("SELECT version FROM billing_schema ORDER BY version")
    }

    /// The numbers of all migrations up to one.
    private func all(upTo last: Int) -> [[SQLValue]] { (1...last).map { [.integer(Int64($0))] } }

    private let known = SQLSchema.migrations.count

    private func fill() async throws {
        let frozen = try #require(try FrozenSchema.all().last)
        try frozen.make(at: path)
    }

    @Test func `no released migration is ever edited, and each is frozen`() async throws {
        if ProcessInfo.processInfo.environment["BILLINGKIT_FREEZE_SCHEMA"] == "1" {
            return try await FrozenSchema.newest(at: path).freeze()
        }
        let frozen = try FrozenSchema.all()
        #expect(frozen.count == SQLSchema.migrations.count, "a new migration has a frozen text, see FrozenSchema")
        for (migration, schema) in zip(SQLSchema.migrations, frozen) {
            #expect(migration.text == schema.tables, "version \(schema.version) is what files were made by")
        }
    }

    @Test func `the newest frozen file is what this code writes`() async throws {
        let frozen = try #require(try FrozenSchema.all().last)
        let newest = try await FrozenSchema.newest(at: path)
        #expect(newest.version == frozen.version)
        #expect(newest.rows == frozen.rows)
        for table in try await RawConnection(path: path).tables() {
            let isFilled = newest.rows.contains("INSERT INTO \(table) VALUES")
            // Gone by the end of the life, and counted again by the laws of the life on the way there.
            let isGone = ["billing_holds", "billing_overrides", "billing_levels", "billing_archived"].contains(table)
            #expect(isFilled || isGone, "'\(table)' has rows")
        }
    }

    @Test(arguments: 1...SQLSchema.migrations.count, StoreLaw.keptLife)
    func `a file of every version is brought up to date with all that is in it`(
        version: Int,
        law: StoreLaw
    ) async throws {
        let frozen = try #require(try FrozenSchema.all().first { $0.version == version })
        try frozen.make(at: path)
        let store = try await SQLiteStore(path)
        #expect(try await store.checkIntegrity() == [])
        try await law.check { store }
        #expect(try await store.checkIntegrity() == [])
        await store.close()
    }

    @Test(arguments: 1...SQLSchema.migrations.count)
    func `the tables of every version become those of a new file`(version: Int) async throws {
        let frozen = try #require(try FrozenSchema.all().first { $0.version == version })
        try frozen.make(at: path)
        try await open(SQLSchema.migrations)
        let fresh = folder.path("fresh.sqlite")
        await (try SQLiteStore(fresh)).close()
        #expect(try await RawConnection(path: path).structure() == RawConnection(path: fresh).structure())
    }

    @Test func `what is pending is applied once, in order, and written down`() async throws {
        try await fill()
        for _ in 0..<2 {
            try await open(Self.invented)
            #expect(try await versions() == all(upTo: known + 2))
            let counted = try await rows("SELECT invented = revision AND revision > 50 FROM billing_accounts")
            #expect(counted == [[.integer(1)]])
        }
        let applied = try await rows("SELECT name, checksum FROM billing_schema ORDER BY version")
        #expect(applied == Self.invented.map { [.text($0.name), .integer($0.checksum)] })
    }

    @Test(arguments: StoreLaw.keptLife)
    func `a life goes on after migrations that were pending`(law: StoreLaw) async throws {
        try await fill()
        let store = try await SQLiteStore(path, settings: SQLiteSettings(), migrations: Self.invented)
        try await law.check { store }
        #expect(try await store.checkIntegrity() == [])
        await store.close()
    }

    @Test func `a migration that fails leaves nothing, nor do those before it`() async throws {
        try await fill()
        let before = try await RawConnection(path: path).structure()
        let broken = SQLMigration("broken", ["CREATE TABLE other (id INTEGER)", "INSERT INTO nowhere VALUES (1)"])
        let error = try #require(await failure(Self.invented + [broken]))
        #expect(error.message.contains("nowhere"), "\(error)")
        #expect(try await RawConnection(path: path).structure() == before)
        #expect(try await versions() == all(upTo: known))
        #expect(await failure(Self.invented) == nil, "the next one is as good as ever")
    }

    @Test func `a file of a newer schema is refused and left as it is`() async throws {
        try await fill()
        try await open(Self.invented)
        let before = try await RawConnection(path: path).structure()
        let error = try #require(await failure(SQLSchema.migrations))
        #expect(error.code == .newerSchema)
        #expect(error.message.contains("\(known + 2)") && error.message.contains("\(SQLSchema.version)"), "\(error)")
        #expect(try await RawConnection(path: path).structure() == before)
    }

    @Test(arguments: [
        (
            "DELETE FROM billing_schema WHERE version = \(SQLSchema.version + 1)",
            "Migration \(SQLSchema.version + 1) was not applied"
        ),
        ("DELETE FROM billing_schema WHERE version = 1", "Migration 1 was not applied"),
        ("DELETE FROM billing_schema", "does not say"),
        ("UPDATE billing_schema SET checksum = checksum + 1 WHERE version = 1", "Migration 1 ('the first tables')"),
        (
            "UPDATE billing_schema SET checksum = checksum + 1 WHERE version = \(SQLSchema.version + 2)",
            "Migration \(SQLSchema.version + 2) ('a column of tests')"
        ),
    ])
    func `what was applied otherwise, or not at all, is refused by its number`(
        sql: String,
        words: String
    ) async throws {
        try await fill()
        try await open(Self.invented)
        try RawConnection(path: path).execute(sql)
        let error = try #require(await failure(Self.invented))
        #expect(error.code == .corrupt)
        #expect(error.message.contains(words), "\(error)")
    }

    @Test func `an edited migration is refused where it was applied, and nothing pending is applied`() async throws {
        try await fill()
        let first = try #require(Self.invented.first)
        let edited = SQLMigration(first.name, first.statements + ["CREATE TABLE edited (id INTEGER)"])
        let error = try #require(await failure([edited] + Self.invented.dropFirst()))
        #expect(error.code == .corrupt)
        #expect(error.message.contains("other statements"), "\(error)")
        #expect(try await versions() == all(upTo: known))
    }

    @Test func `of two that open at once the second waits, and finds it done`() async throws {
        try await fill()
        let (first, second) = (try RawConnection(path: path), try RawConnection(path: path))
        let now = Timestamp(seconds: 0)
        try first.execute("BEGIN IMMEDIATE")
        var migration = SQLSchema.preparation(Self.invented, in: .sqlite, at: now)
        var rows: [SQLRows] = []
        while case .run(let steps) = try migration.next(rows) {
            // In the midst of it nobody else gets a beginning.
            #expect(throws: RawConnection.Failure.self) { try second.execute("BEGIN IMMEDIATE") }
            rows = try await first.run(steps)
        }
        try first.execute("COMMIT")
        try second.execute("BEGIN IMMEDIATE")
        let written = second.writtenRows
        try await second.run(SQLSchema.preparation(Self.invented, in: .sqlite, at: now))
        #expect(second.writtenRows == written)
        try second.execute("COMMIT")
        #expect(try await versions() == all(upTo: known + 2))
    }
}
#endif
