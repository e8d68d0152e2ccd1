#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import Testing

/// What a host has made beside the kit's tables, and out of them, does not stand in the way of the next version, and is as
/// good after it as before.
@Suite struct HostTablesMigrationTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path("billing.sqlite") }

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A migration that no release has, which makes tables anew: one beside the old table, one in its place.
    private static let remaking = SQLMigration(
        "tables made anew",
        [
            creation(of: "billing_orders", as: "new_billing_orders"),
            "INSERT INTO new_billing_orders SELECT * FROM billing_orders", "DROP TABLE billing_orders",
            "ALTER TABLE new_billing_orders RENAME TO billing_orders",
            "ALTER TABLE billing_notices RENAME TO billing_notices_before",
            creation(of: "billing_notices", as: "billing_notices"),
            "INSERT INTO billing_notices SELECT * FROM billing_notices_before", "DROP TABLE billing_notices_before",
        ]
    )

    private static func creation(of table: String, as name: String) -> String {
        let creation = SQLSchema.creation(in: .sqlite).first { $0.hasPrefix("CREATE TABLE \(table) (") } ?? ""
        return "CREATE TABLE \(name)\(creation.dropFirst("CREATE TABLE \(table)".count))"
    }

    /// What hosts make: views and triggers that read the kit's tables, one of them of a table that is gone, and tables that
    /// refer to the kit's, which the article advises against.
    private static let hosts = """
        CREATE VIEW spent AS SELECT customer, sum(amount) AS units FROM billing_journal WHERE effect = 'drawn' GROUP BY customer;
        CREATE VIEW told AS SELECT n.customer, n.kind, s.tier FROM billing_notices AS n
        JOIN billing_subscriptions AS s ON s.customer = n.customer;
        CREATE TABLE gone (id INTEGER); CREATE VIEW dangling AS SELECT id FROM gone; DROP TABLE gone;
        CREATE TABLE jobs (id TEXT PRIMARY KEY, customer TEXT NOT NULL, has_bought INTEGER);
        CREATE TRIGGER jobs_bought AFTER INSERT ON jobs BEGIN
        UPDATE jobs SET has_bought = EXISTS (SELECT 1 FROM billing_orders AS o WHERE o.customer = NEW.customer)
        WHERE id = NEW.id; END;
        CREATE TABLE invoices (customer TEXT, provider TEXT, order_id TEXT, FOREIGN KEY (customer, provider, order_id)
        REFERENCES billing_orders (customer, provider, order_id) ON DELETE CASCADE);
        INSERT INTO invoices SELECT customer, provider, order_id FROM billing_orders;
        CREATE TABLE mails (customer TEXT, revision INTEGER, ordinal INTEGER,
        FOREIGN KEY (customer, revision, ordinal) REFERENCES billing_notices);
        INSERT INTO mails SELECT customer, revision, ordinal FROM billing_notices
        """

    /// What the host's own things say.
    private func answers() async throws -> [[[SQLValue]]] {
        let connection = try RawConnection(path: path)
        var answers: [[[SQLValue]]] = []
        for question in ["spent", "told", "invoices", "mails"] {
            answers.append(try await connection.rows("SELECT * FROM \(question) ORDER BY 1, 2"))
        }
        return answers
    }

    @Test(arguments: 1...SQLSchema.migrations.count)
    func `views, triggers and tables beside outlive every migration`(version: Int) async throws {
        let frozen = try #require(try FrozenSchema.all().first { $0.version == version })
        try frozen.make(at: path)
        try RawConnection(path: path).execute(Self.hosts)
        let before = try await answers()
        #expect(before.allSatisfy { !$0.isEmpty })
        let definitions = try await definitions()
        for migrations in [SQLSchema.migrations, SQLSchema.migrations + [Self.remaking]] {
            let store = try await SQLiteStore(path, settings: SQLiteSettings(), migrations: migrations)
            #expect(try await answers() == before)
            #expect(try await self.definitions() == definitions)
            #expect(try await store.checkIntegrity() == [])
            await store.close()
        }
        let raw = try RawConnection(path: path)
        try raw.execute("INSERT INTO jobs (id, customer) VALUES ('1', 'org_life'), ('2', 'nobody')")
        #expect(try await raw.rows("SELECT has_bought FROM jobs ORDER BY id") == [[.integer(1)], [.integer(0)]])
    }

    private func definitions() async throws -> [[SQLValue]] {
        try await RawConnection(path: path).rows(
            "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'billing%' AND sql IS NOT NULL ORDER BY name"
        )
    }

    @Test func `after a migration foreign keys hold again, and a new name is a new name everywhere`() async throws {
        let frozen = try #require(try FrozenSchema.all().first)
        try frozen.make(at: path)
        try RawConnection(path: path).execute(
            "CREATE TABLE jobs (id TEXT PRIMARY KEY); CREATE VIEW all_jobs AS SELECT id FROM jobs; "
                + "CREATE TABLE parts (job TEXT NOT NULL REFERENCES jobs (id))"
        )
        let store = try await SQLiteStore(path)
        let meter = Meter(Meter.ID("documents"), name: "Documents")
        let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [meter.id: .unlimited])
        let catalog = try Catalog(version: 9, meters: [meter], tiers: [free], fallback: free.id)
        let billing = try await BillingSystem(catalog: catalog, store: store)
        await #expect(throws: StoreError.self) {
            try await store.transaction(with: billing) { try $0.run("INSERT INTO parts (job) VALUES ('nowhere')") }
        }
        let rows = try await store.transaction(with: billing) { transaction in
            try transaction.run("ALTER TABLE jobs RENAME TO works")
            return try transaction.run("SELECT id FROM all_jobs")
        }
        #expect(rows == [])
        await store.close()
    }
}
#endif
