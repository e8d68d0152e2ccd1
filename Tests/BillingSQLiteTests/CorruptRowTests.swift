#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import BillingTesting
import Testing

/// What a row holds that somebody has changed by hand, past the table's own conditions: an error, and never a trap.
@Suite struct CorruptRowTests {
    /// What is asked of the store.
    enum Question: Sendable {
        case account
        case spending
        case journal
        case notices
    }

    private let folder: TemporaryFolder
    private var path: String { folder.path("billing.sqlite") }

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Fills the file with the customer `org_life`, who has had everything.
    private func fill() async throws {
        let law = try #require(StoreLaw.all.first { $0.name.hasPrefix("a life with everything in it is loaded again") })
        let store = try await SQLiteStore(path)
        try await law.check { store }
        await store.close()
    }

    private func ask(_ question: Question) async throws(StoreError) {
        let store = try await SQLiteStore(path)
        let result: Result<Void, StoreError>
        do throws(StoreError) {
            try await ask(question, of: store)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await store.close()
        try result.get()
    }

    private func ask(_ question: Question, of store: SQLiteStore) async throws(StoreError) {
        switch question {
        case .account: _ = try await store.load(LoadRequest(items: [.init(customer: "org_life")]))
        case .spending:
            _ = try await store.load(
                LoadRequest(items: [.init(customer: "org_life", spending: ["work:3", "used up"])])
            )
        case .journal: _ = try await store.journal(JournalQuery(customer: "org_life"))
        case .notices:
            let end = Timestamp(microseconds: .max)
            _ = try await store.leaseNotices(LeaseRequest(now: end, until: end, limit: 1_000))
        }
    }

    private static let holds = """
        INSERT INTO billing_holds (customer, hold_id, part, meter, pool, amount, units, key, attempt, reserved_at, lapses_at)
        VALUES
        """ + " "

    private static let hold =
        holds + "('org_life', '1.9', 0, 'documents', NULL, 9223372036854775807, 1, 'k', 'a', 0, 0),"

    @Test(
        arguments: [
            (.account, "UPDATE billing_balances SET subject_kind = 'planet'"),
            (.account, "UPDATE billing_accounts SET revision = 9223372036854775807"),
            (.account, "UPDATE billing_accounts SET revision = 4611686018427387904"),
            (.account, "UPDATE billing_accounts SET revision = 0"),
            (.account, "UPDATE billing_balances SET uncovered = -9223372036854775808"),
            (.account, "UPDATE billing_balances SET used = -1"),
            (.account, "UPDATE billing_grants SET held = 9223372036854775807"),
            (.account, "UPDATE billing_grants SET used = -1"),
            (.account, "UPDATE billing_windows SET used = -9223372036854775808"),
            (.account, holds + "('org_life', '1.9', 0, 'documents', 'credits', 1, -9, 'k', 'a', 0, 0)"),
            (.account, holds + "('org_life', '1.9', 0, 'documents', NULL, -1, -1, 'k', 'a', 0, 0)"),
            (.account, "UPDATE billing_grants SET amount = -9223372036854775807, used = 9223372036854775807"),
            (.account, "UPDATE billing_grants SET basis = 'stolen'"),
            (.account, hold + "('org_life', '1.9', 1, 'documents', NULL, 1, 1, 'k', 'a', 0, 0)"),
            (.account, hold + "('org_life', '1.9', 1, 'documents', 'credits', 1, 9223372036854775807, 'k', 'a', 0, 0)"),
            (
                .account,
                hold + "('org_life', '1.9', 1, 'documents', 'credits', 1, 1, 'k', 'a', 0, 0), "
                    + "('org_life', '1.9', 2, 'documents', 'others', 1, 1, 'k', 'a', 0, 0)"
            ),
            (.account, "UPDATE billing_levels SET units = -9223372036854775808"),
            (.account, "UPDATE OR REPLACE billing_warnings SET degree = 'units', threshold = -9223372036854775808"),
            (.account, "UPDATE billing_trials SET gift_units = NULL"),
            (
                .account,
                "INSERT INTO billing_overrides VALUES ('org_life', 0, 'allowance', 'documents', '{\"units\":', NULL)"
            ),
            (.account, "INSERT INTO billing_overrides VALUES ('org_life', 0, 'price', 'documents', '1', NULL)"),
            (.spending, "UPDATE billing_journal SET word = 'found' WHERE effect = 'returned'"),
            (.spending, "UPDATE billing_journal_grants SET source = 'found'"),
            (
                .journal,
                "UPDATE billing_journal SET pool = 'credits', meter = 'documents' WHERE effect = 'period_opened'"
            ),
            (.journal, "UPDATE billing_journal SET used_at = NULL WHERE effect = 'returned'"),
            (.journal, "UPDATE billing_journal SET receipt_subject_kind = 'planet' WHERE receipt_subject IS NOT NULL"),
            (.journal, "DELETE FROM billing_journal_grants"),
            (.journal, "DELETE FROM billing_journal_overrides"),
            (.journal, "DELETE FROM billing_journal_trials"),
            (.journal, "DELETE FROM billing_journal WHERE ordinal = 0"),
            (.notices, "UPDATE billing_notices SET threshold_kind = 'dozens'"),
            (.notices, "UPDATE billing_notices SET severity = 'awful'"),
            (.notices, "UPDATE billing_notices SET attempts = 9223372036854775807"),
            (.notices, "UPDATE billing_notices SET attempts = -1"),
        ] as [(Question, String)]
    )
    func `a row that was changed by hand is an error`(question: Question, sql: String) async throws {
        try await fill()
        try await ask(question)
        try RawConnection(path: path).force(sql)
        do throws(StoreError) {
            try await ask(question)
            Issue.record("what nobody wrote was read")
        } catch {
            #expect(error.code == .corrupt, "\(error)")
        }
    }
}
#endif
