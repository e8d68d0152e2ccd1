#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import Testing

/// Attempts to buy that an earlier version has kept are there in the tables of today.
@Suite struct UpgradeMigrationTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path("billing.sqlite") }

    init() throws {
        folder = try TemporaryFolder()
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
        await (try SQLiteStore(path, settings: SQLiteSettings(), migrations: Array(SQLSchema.migrations.prefix(1))))
            .close()
        let raw = try RawConnection(path: path)
        try raw.execute("INSERT INTO billing_accounts (customer, revision, instant, anchor) VALUES ('org', 5, 9, 0)")
        try raw.execute(
            """
            INSERT INTO billing_orders (customer, provider, order_id, version_object_at, version_event_at, status, is_paid, \
            purpose, created_at, total_minor_units, currency, refunded_minor_units) \
            VALUES ('org', 'po lar', 'o5', 9, 9, 'paid', 1, 'purchase', 9, 100, 'USD', 0)
            """
        )
        for (number, attempt) in zip(1..., Self.attempts) {
            let key = "'reference', 'job-\(number)'"
            let stage = attempt.split(separator: "'")[2]
            try raw.execute(
                """
                INSERT INTO billing_upgrades (customer, key_kind, key_value, \(Self.columns)) VALUES ('org', \(key), \(attempt));
                INSERT INTO billing_journal_upgrades (customer, revision, ordinal, key_kind, key_value, \(Self.columns))
                VALUES ('org', \(number), 0, \(key), \(attempt));
                INSERT INTO billing_journal (customer, revision, ordinal, kind, fingerprint, recorded_at, effective_at, effect, word)
                VALUES ('org', \(number), 0, 'provider', 0, 9, 9, 'upgraded', '\(stage)')
                """
            )
        }
        let store = try await SQLiteStore(path)
        let account = try #require(try await store.load(LoadRequest(items: [.init(customer: "org")])).first?.account)
        #expect(account.upgrades.map(\.stage).sorted() == [.clicked, .checkout, .expired, .completed, .completed])
        #expect(account.upgrade(checkout: "c2")?.stage == .checkout)
        #expect(account.upgrade(checkout: "c4")?.order == "o4")
        #expect(account.upgrade(.reference("job-5"))?.order == "o5")
        #expect(account.upgrade(.reference("job-5"))?.orderReference?.provider == "po lar")
        #expect(account.upgrade(.reference("job-5"))?.checkouts.map(\.id) == ["order po%20lar o5"])
        #expect(account.upgrade(.reference("job-3"))?.startedBy == "bo")
        let journal = try await store.journal(JournalQuery(customer: "org"))
        #expect(Set(Account(folding: journal, of: "org").upgrades) == Set(account.upgrades))
        let words = try await raw.rows("SELECT effect FROM billing_journal ORDER BY revision")
        #expect(
            words == [
                [.text("upgrade_clicked")], [.text("checkout_opened")], [.text("upgrade_expired")],
                [.text("upgrade_completed")], [.text("upgrade_completed")],
            ]
        )
        await store.close()
    }

    @Test func `what the migrations lead to is what the tables say that they are`() async throws {
        await (try SQLiteStore(path)).close()
        let declared = try RawConnection(path: folder.path("declared.sqlite"))
        for statement in SQLSchema.creation(in: .sqlite) { try declared.execute(statement) }
        #expect(try await RawConnection(path: path).structure() == declared.structure())
    }
}
#endif
