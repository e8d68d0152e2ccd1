#if Postgres
import BillingKit
import BillingPostgres
import BillingSQL
import Testing

/// Attempts to buy that an earlier version has kept are there in the tables of today.
@Suite(.enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try."))
struct UpgradeMigrationTests {
    private func open(_ schema: PostgresSchema, _ migrations: [SQLMigration]) async throws(StoreError) -> PostgresStore
    {
        try await PostgresStore(schema.connection, schema.settings(), migrations: migrations)
    }

    private static let columns = """
        tier, stage, started_by, clicked_at, checkout_id, checkout_at, checkout_version_object_at, \
        checkout_version_event_at, order_id, completed_at
        """

    private static let attempts = [
        "'pro', 'clicked', 'ann', 5, NULL, NULL, NULL, NULL, NULL, NULL",
        "'pro', 'checkout', NULL, NULL, 'c2', 6, 7, 8, NULL, NULL",
        "'pro', 'expired', 'bo', 5, 'c3', 6, 7, 8, NULL, NULL",
        "'pro', 'completed', NULL, 5, 'c4', 6, 7, 8, 'o4', 9",
        "'pro', 'completed', NULL, NULL, NULL, NULL, NULL, NULL, 'o5', 9",
    ]

    @Test func `attempts of the first version are attempts of today, in the account and in its journal`() async throws {
        try await PostgresServer.withSchema(withoutTables: true) { schema in
            await (try open(schema, Array(SQLSchema.migrations(in: .postgres).prefix(1)))).close()
            let raw = try schema.raw()
            try raw.run("INSERT INTO billing_accounts (customer, revision, instant, anchor) VALUES ('org', 5, 9, 0)")
            for (number, attempt) in zip(1..., Self.attempts) {
                let key = "'reference', 'job-\(number)'"
                try raw.run(
                    "INSERT INTO billing_upgrades (customer, key_kind, key_value, \(Self.columns)) VALUES ('org', \(key), \(attempt))"
                )
                try raw.run(
                    "INSERT INTO billing_journal_upgrades (customer, revision, ordinal, key_kind, key_value, \(Self.columns)) "
                        + "VALUES ('org', \(number), 0, \(key), \(attempt))"
                )
                let stage = attempt.split(separator: "'")[2]
                try raw.run(
                    "INSERT INTO billing_journal (customer, revision, ordinal, kind, fingerprint, recorded_at, effective_at, "
                        + "effect, word) VALUES ('org', \(number), 0, 'provider', 0, 9, 9, 'upgraded', '\(stage)')"
                )
            }
            let store = try await open(schema, SQLSchema.migrations(in: .postgres))
            let account = try #require(
                try await store.load(LoadRequest(items: [.init(customer: "org")])).first?.account
            )
            #expect(account.upgrades.map(\.stage).sorted() == [.clicked, .checkout, .expired, .completed, .completed])
            #expect(account.upgrade(checkout: "c2")?.stage == .checkout)
            #expect(account.upgrade(checkout: "c4")?.order == "o4")
            #expect(account.upgrade(.reference("job-5"))?.order == "o5")
            #expect(account.upgrade(.reference("job-3"))?.startedBy == "bo")
            let journal = try await store.journal(JournalQuery(customer: "org"))
            #expect(Set(Account(folding: journal, of: "org").upgrades) == Set(account.upgrades))
            let words = try raw.run("SELECT effect FROM billing_journal ORDER BY revision")
            #expect(
                words == [
                    ["upgrade_clicked"], ["checkout_opened"], ["upgrade_expired"], ["upgrade_completed"],
                    ["upgrade_completed"],
                ]
            )
            await store.close()
        }
    }

    @Test func `what the migrations lead to is what the tables say that they are`() async throws {
        try await PostgresServer.withSchema(withoutTables: true) { migrated in
            await (try open(migrated, SQLSchema.migrations(in: .postgres))).close()
            try await PostgresServer.withSchema(withoutTables: true) { declared in
                for statement in SQLSchema.creation(in: .postgres) { try declared.raw().run(statement) }
                #expect(try structure(of: migrated) == structure(of: declared))
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
}
#endif
