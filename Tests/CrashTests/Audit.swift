#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite

/// What a store holds of some customers, and everything in it that contradicts itself.
struct Audit {
    /// The accounts as they are stored.
    private(set) var accounts: [CustomerID: Account] = [:]
    /// The changes of each customer by their revisions.
    private(set) var changes: [CustomerID: [Int64: Account.Change]] = [:]
    /// What is wrong, as sentences.
    private(set) var faults: [String] = []

    init(of store: SQLiteStore, customers: [CustomerID]) async throws(StoreError) {
        faults = try await store.checkIntegrity().map { "\($0.rule): \($0)" }
        let request = LoadRequest(items: customers.map { LoadRequest.Item(customer: $0) })
        for (customer, loaded) in zip(customers, try await store.load(request)) {
            let journal = try await Self.journal(of: customer, in: store)
            let folded = Account(folding: journal, of: customer)
            if loaded.account != folded { faults.append("\(customer): the journal does not fold to the account") }
            if folded.revision != Int64(journal.count) { faults.append("\(customer): the journal has gaps") }
            let keys = journal.compactMap(\.key)
            if Set(keys).count != keys.count { faults.append("\(customer): a key is used twice") }
            accounts[customer] = loaded.account
            changes[customer] = Dictionary(journal.map { ($0.revision, $0) }) { first, _ in first }
        }
        faults += try await Self.drawnFromNothing(in: store)
    }

    private static func journal(
        of customer: CustomerID,
        in store: SQLiteStore
    ) async throws(StoreError) -> [Account.Change] {
        var changes: [Account.Change] = []
        while true {
            let query = JournalQuery(customer: customer, after: changes.last?.revision ?? 0)
            let page = try await store.journal(query)
            changes += page
            if page.count < query.limit { return changes }
        }
    }

    /// The sums by plain SQL: what receipts say was used is what was drawn.
    private static func drawnFromNothing(in store: SQLiteStore) async throws(StoreError) -> [String] {
        let question = SQLStatement(
            """
            SELECT customer, revision, max(receipt_amount), sum(CASE effect WHEN 'drawn' THEN amount ELSE 0 END) AS drawn \
            FROM billing_journal WHERE kind IN ('consume', 'record', 'capture') GROUP BY customer, revision \
            HAVING max(receipt_amount) <> drawn
            """
        )
        return try await store.database.read(
            SQLTransaction(running: [SQLStep(question)]) { rows in
                (rows.first?.rows ?? []).map { "the receipt says another amount than was drawn: \($0)" }
            }
        )
    }
}
#endif
