#if Postgres
import BillingKit
import BillingPostgres
import BillingSQL
import Foundation
import Testing

/// Tables are made once, whole, whoever comes first, and only worked with where they are what they say that they are.
@Suite(.enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try."))
struct MigrationTests {
    /// Migrations that no release has: a table that is filled from what is there, and a column.
    private static let invented =
        SQLSchema.migrations(in: .postgres) + [
            SQLMigration(
                "a table of tests",
                [
                    "CREATE TABLE invented (customer TEXT COLLATE \"C\" NOT NULL PRIMARY KEY, changes BIGINT NOT NULL)",
                    "INSERT INTO invented SELECT customer, count(DISTINCT revision) FROM billing_journal GROUP BY customer",
                ]
            ),
            SQLMigration(
                "a column of tests",
                ["ALTER TABLE billing_accounts ADD COLUMN invented BIGINT NOT NULL DEFAULT 0"]
            ),
        ]

    private let known = SQLSchema.migrations(in: .postgres).count

    /// The numbers of all migrations up to one.
    private func all(upTo last: Int) -> [[String?]] { (1...last).map { ["\($0)"] } }

    private func open(_ schema: PostgresSchema, _ migrations: [SQLMigration]) async throws(StoreError) {
        await (try PostgresStore(schema.connection, schema.settings(), migrations: migrations)).close()
    }

    private func failure(_ schema: PostgresSchema, _ migrations: [SQLMigration]) async -> StoreError? {
        do throws(StoreError) {
            try await open(schema, migrations)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a released text stays as it is`() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Schemas")
        let migrations = SQLSchema.migrations(in: .postgres)
        #expect(migrations.count == SQLSchema.migrations.count, "every migration is written for both databases")
        for (number, migration) in zip(1..., migrations) {
            let file = folder.appendingPathComponent("\(number).tables.sql")
            if ProcessInfo.processInfo.environment["BILLINGKIT_FREEZE_SCHEMA"] == "1", number == migrations.count {
                try migration.text.write(to: file, atomically: true, encoding: .utf8)
            }
            #expect(try String(contentsOf: file, encoding: .utf8) == migration.text, "version \(number)")
        }
    }

    @Test func `tables of an older version are brought up to the newest, with what is in them`() async throws {
        try await PostgresServer.withSchema(withoutTables: true) { schema in
            try await open(schema, SQLSchema.migrations(in: .postgres))
            let raw = try schema.raw()
            try raw.run(
                "INSERT INTO billing_journal (customer, revision, ordinal, kind, fingerprint, recorded_at, "
                    + "effective_at) VALUES ('org', 1, 0, 'consume', 0, 0, 0), ('org', 2, 0, 'consume', 0, 0, 0)"
            )
            try await open(schema, Self.invented)
            #expect(try raw.run("SELECT customer, changes FROM invented") == [["org", "2"]])
            #expect(try raw.run("SELECT version FROM billing_schema ORDER BY version") == all(upTo: known + 2))
        }
    }

    @Test func `tables of the first version become those of today, with their rows`() async throws {
        try await PostgresServer.withSchema(withoutTables: true) { old in
            try await open(old, Array(SQLSchema.migrations(in: .postgres).prefix(1)))
            try old.raw().run(
                """
                INSERT INTO billing_subscriptions (customer, subscription_id, provider, version_object_at, \
                version_event_at, tier, status, starts_at, ends_at, cancels_at_period_end, paid_starts_at, paid_ends_at, \
                paid_version_object_at, paid_version_event_at, catalog_version) \
                VALUES ('org', 'sub_1', 'polar', 1, 1, 'pro', 'active', 1, 2, 0, 1, 2, 1, 1, 1)
                """
            )
            try old.raw().run(
                "INSERT INTO billing_subscription_losses (customer, subscription_id, lost_at) VALUES ('org', 'sub_1', 3)"
            )
            try await open(old, SQLSchema.migrations(in: .postgres))
            let losses = try old.raw().run(
                "SELECT provider, subscription_id, kind, told_at FROM billing_subscription_losses"
            )
            #expect(losses == [["polar", "sub_1", "lost", "3"]])
            let kept = try old.raw().run(
                "SELECT pauses_at_period_end, paid_tier, paid_catalog_version FROM billing_subscriptions"
            )
            #expect(kept == [["0", "pro", "1"]])
            try await PostgresServer.withSchema(withoutTables: true) { new in
                try await open(new, SQLSchema.migrations(in: .postgres))
                #expect(try structure(of: old) == structure(of: new))
            }
        }
    }

    /// What the tables, their conditions and their indexes are made of.
    private func structure(of schema: PostgresSchema) throws -> [[String?]] {
        let raw = try schema.raw()
        let columns = try raw.run(
            """
            SELECT table_name, column_name, data_type, collation_name, is_nullable, column_default \
            FROM information_schema.columns WHERE table_schema = '\(schema.name)' ORDER BY table_name, column_name
            """
        )
        let conditions = try raw.run(
            """
            SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint AS c \
            JOIN pg_namespace AS n ON n.oid = c.connamespace WHERE n.nspname = '\(schema.name)' ORDER BY 1, 2
            """
        )
        let indexes = try raw.run("SELECT indexname FROM pg_indexes WHERE schemaname = '\(schema.name)' ORDER BY 1")
        let triggers = try raw.run(
            """
            SELECT c.relname, t.tgname, t.tgtype, p.prosrc FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid \
            JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_proc AS p ON p.oid = t.tgfoid \
            WHERE n.nspname = '\(schema.name)' ORDER BY 1, 2
            """
        )
        return columns + conditions.map { Array($0.dropFirst()) } + indexes + triggers
    }

    @Test func `a migration that fails leaves everything as it was`() async throws {
        try await PostgresServer.withSchema(withoutTables: true) { schema in
            let broken = Self.invented + [SQLMigration("broken", ["CREATE TABLE broken (a BIGINT)", "SELECT 1 / 0"])]
            #expect(await failure(schema, broken) != nil)
            let count = try schema.raw().value(
                "SELECT count(*) FROM pg_tables WHERE schemaname = '\(schema.name)'"
            )
            #expect(count == "0")
        }
    }

    @Test func `tables of a newer version are refused`() async throws {
        try await PostgresServer.withSchema(withoutTables: true) { schema in
            try await open(schema, Self.invented)
            let error = try #require(await failure(schema, SQLSchema.migrations(in: .postgres)))
            #expect(error.code == .newerSchema)
            #expect(error.message.contains("version \(known + 2)"))
        }
    }

    @Test func `a migration that was applied with other statements is refused`() async throws {
        try await PostgresServer.withSchema(withoutTables: true) { schema in
            try await open(schema, SQLSchema.migrations(in: .postgres))
            try schema.raw().run("UPDATE billing_schema SET checksum = checksum + 1")
            let error = try #require(await failure(schema, SQLSchema.migrations(in: .postgres)))
            #expect(error.code == .corrupt)
            #expect(error.message.contains("other statements"))
        }
    }

    @Test(arguments: PostgresSettings.Isolation.allCases)
    func `of servers that start at once one makes the tables`(_ isolation: PostgresSettings.Isolation) async throws {
        try await PostgresServer.withSchema(withoutTables: true) { schema in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        await (try PostgresStore(schema.connection, schema.settings(isolation))).close()
                    }
                }
                try await group.waitForAll()
            }
            #expect(try schema.raw().run("SELECT version FROM billing_schema ORDER BY version") == all(upTo: known))
        }
    }

    @Test func `every unique constraint has the customer, or is of a table that no customer owns`() async throws {
        try await PostgresServer.withSchema { schema in
            try await open(schema, SQLSchema.migrations(in: .postgres))
            let without = try schema.raw().run(
                """
                SELECT DISTINCT t.relname FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid \
                JOIN pg_namespace AS n ON n.oid = t.relnamespace WHERE n.nspname = '\(schema.name)' AND i.indisunique \
                AND NOT EXISTS (SELECT 1 FROM pg_attribute AS a WHERE a.attrelid = t.oid \
                AND a.attnum = ANY (i.indkey) AND a.attname = 'customer') ORDER BY 1
                """
            )
            #expect(
                without == [
                    ["billing_catalogs"], ["billing_deliveries"], ["billing_duties"], ["billing_references"],
                    ["billing_schema"],
                ]
            )
        }
    }

    @Test func `every text is compared byte for byte`() async throws {
        try await PostgresServer.withSchema { schema in
            try await open(schema, SQLSchema.migrations(in: .postgres))
            let others = try schema.raw().run(
                """
                SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = '\(schema.name)' \
                AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
                """
            )
            #expect(others == [])
        }
    }
}
#endif
