#if SQLite
import BillingInMemory
import BillingKit
import BillingSQL
import BillingSQLite
import Testing

// What the host's statements may do, and what they may not.
extension HostTransactionTests {
    @Test(arguments: [
        ("COMMIT", "begins and ends the transaction"),
        ("ROLLBACK", "begins and ends the transaction"),
        ("BEGIN", "begins and ends the transaction"),
        ("SAVEPOINT mine", "begins and ends the transaction"),
        ("RELEASE command", "begins and ends the transaction"),
        ("ATTACH ':memory:' AS other", "attached"),
        ("DETACH main", "attached"),
        ("PRAGMA synchronous = OFF", "synchronous"),
        ("PRAGMA journal_mode = DELETE", "journal_mode"),
        ("PRAGMA writable_schema = ON", "writable_schema"),
        ("INSERT INTO billing_catalogs VALUES (9, '')", "'billing_catalogs' is the kit's"),
        ("UPDATE billing_balances SET used = 0", "'billing_balances' is the kit's"),
        ("DELETE FROM billing_journal", "'billing_journal' is the kit's"),
        ("UPDATE BILLING_Balances SET used = 0", "'billing_balances' is the kit's"),
        ("REPLACE INTO main.billing_levels VALUES ('org_acme', 'seats', 1)", "'billing_levels' is the kit's"),
        ("WITH w AS (SELECT 1) DELETE FROM billing_accounts", "'billing_accounts' is the kit's"),
        ("DROP TABLE billing_notices", "'billing_notices' is the kit's"),
        ("ALTER TABLE billing_accounts ADD COLUMN mine", "'billing_accounts' is the kit's"),
        ("ALTER TABLE billing_accounts RENAME TO mine", "'billing_accounts' is the kit's"),
        ("CREATE INDEX mine ON billing_accounts (tier)", "'billing_accounts' is the kit's"),
        ("DROP INDEX billing_accounts_due", "'billing_accounts' is the kit's"),
        ("CREATE TABLE billing_mine (id)", "'billing_mine' is the kit's"),
        ("ALTER TABLE jobs RENAME TO billing_mine", "'billing_mine' is the kit's"),
        ("ALTER TABLE jobs RENAME TO [Billing_Mine]", "'Billing_Mine' is the kit's"),
        ("CREATE TEMP TABLE billing_accounts (id)", "'billing_accounts' is the kit's"),
        ("CREATE TEMP VIEW billing_accounts AS SELECT 1", "'billing_accounts' is the kit's"),
        (
            "CREATE TRIGGER mine AFTER INSERT ON billing_journal BEGIN SELECT 1; END",
            "'billing_journal' is the kit's"
        ),
        (
            "CREATE TEMP TRIGGER mine AFTER INSERT ON billing_journal BEGIN SELECT 1; END",
            "'billing_journal' is the kit's"
        ),
        ("ANALYZE", "does not know"),
        ("SELECT 1; COMMIT", "more than one statement"),
        ("SELECT 1; nonsense", "more than one statement"),
        ("", "no statement"),
        ("-- nothing", "no statement"),
        ("SELECT 1\0", "NUL"),
        ("SELECT ?1", "1 parameters and was given 0"),
        ("SELECT 0.5", "REAL"),
        ("SELECT nowhere", "no such column"),
        ("nonsense", "syntax error"),
        (
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= 10000) SELECT i FROM n",
            "more than 10000 rows"
        ),
    ])
    func `a statement that may not run is refused with the reason, and the rest goes on`(
        sql: String,
        words: String
    ) async throws {
        let refused = try await store.transaction(with: billing) { transaction in
            _ = try Self.submit("before", in: transaction)
            var refused: StoreError?
            do throws(StoreError) { try transaction.run(sql) } catch { refused = error }
            _ = try Self.submit("after", in: transaction)
            return refused
        }
        let error = try #require(refused, "it was run")
        #expect(error.code == .statement)
        #expect(error.message.contains(words), "\(error)")
        #expect(try await jobs() == ["after", "before"])
        try await audit()
    }

    @Test func `triggers of the host's cannot write the kit's tables either`() async throws {
        let error = try #require(
            await failure { transaction in
                try transaction.run(
                    "CREATE TRIGGER mine AFTER INSERT ON jobs BEGIN UPDATE billing_balances SET used = 0; END"
                )
                _ = try Self.submit("1", in: transaction)
            }
        )
        #expect(error.code == .statement)
        #expect(error.message.contains("'billing_balances' is the kit's"), "\(error)")
        #expect(try await jobs() == [])
    }

    @Test func `the host's tables can be made, altered, indexed and asked about`() async throws {
        let rows = try await store.transaction(with: billing) { transaction in
            for sql in [
                "CREATE INDEX jobs_org ON jobs (org)", "ALTER TABLE jobs ADD COLUMN tries INTEGER NOT NULL DEFAULT 0",
                "ALTER TABLE jobs ADD COLUMN checked INTEGER DEFAULT 1 CHECK (checked = 1)",
                "ALTER TABLE jobs RENAME COLUMN extra TO more", "CREATE VIEW orgs AS SELECT DISTINCT org FROM jobs",
                "CREATE TEMP TABLE scratch (id)", "DROP TABLE scratch", "REINDEX jobs_org",
                "CREATE TABLE other (id INTEGER PRIMARY KEY)", "DROP TABLE other;  -- with a remark",
            ] {
                try transaction.run(sql)
            }
            try transaction.run(
                "INSERT INTO jobs (id, org, units, more) VALUES (?1, ?2, ?3, ?4)",
                [.text("é\u{1F4BA}'; DROP TABLE jobs"), .text(""), .integer(.max), .blob([0, 255])]
            )
            try transaction.run("INSERT INTO jobs (id, org, units, more) VALUES ('b', 'x', 1, x'')")
            #expect(try transaction.run("SELECT name FROM pragma_table_info('jobs') LIMIT 1") == [[.text("id")]])
            return try transaction.run("SELECT id, org, units, more, NULL FROM jobs ORDER BY id DESC")
        }
        let odd: [SQLValue] = [
            .text("é\u{1F4BA}'; DROP TABLE jobs"), .text(""), .integer(.max), .blob([0, 255]), .null,
        ]
        #expect(rows == [odd, [.text("b"), .text("x"), .integer(1), .blob([]), .null]])
    }

    @Test func `the kit's own statements are as good as ever after the host's`() async throws {
        _ = try await submit("1")
        let law = try await billing.consume(of: Self.documents, for: "org_other", key: .job("1"))
        #expect(isConsumed(law))
        #expect(try await store.keep(Self.catalog(version: 7)).version == 7)
        try await store.backup(to: folder.path("copy.sqlite"))
        let copy = try await SQLiteStore(folder.path("copy.sqlite"))
        #expect(try await copy.journal(JournalQuery(customer: Self.org)).count == 1)
        await copy.close()
    }
}
#endif
