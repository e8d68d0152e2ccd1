package import BillingKit
package import BillingSQL

/// What a store holds of some customers, and everything in it that contradicts itself.
package struct Audit: Sendable {
    /// The accounts as they are stored.
    package private(set) var accounts: [CustomerID: Account] = [:]
    /// The changes of each customer by their revisions.
    package private(set) var changes: [CustomerID: [Int64: Account.Change]] = [:]
    /// What is wrong, as sentences.
    package private(set) var faults: [String] = []

    /// The keys that were used.
    package var keys: Set<Account.Key> { Set(changes.values.flatMap(\.values).compactMap(\.key)) }

    /// Looks at everything, while nobody writes.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - findings: What the store itself finds wrong.
    ///   - customers: Whose accounts are looked at.
    ///   - isOfOneMeter: Whether each use is of one meter and draws on no pool, so that its receipt says what was drawn.
    /// - Throws: What the store throws.
    package init(
        of store: some SQLStore,
        _ findings: [SQLSchema.Finding],
        customers: [CustomerID],
        isOfOneMeter: Bool = true
    ) async throws(StoreError) {
        faults = findings.map { "\($0.rule): \($0)" }
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
        if isOfOneMeter { faults += try await Self.drawnFromNothing(in: store) }
    }

    private static func journal(
        of customer: CustomerID,
        in store: some SQLStore
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
    private static func drawnFromNothing(in store: some SQLStore) async throws(StoreError) -> [String] {
        let question = SQLStatement(
            """
            SELECT customer, revision, max(receipt_amount), \
            CAST(sum(CASE effect WHEN 'drawn' THEN amount ELSE 0 END) AS BIGINT) \
            FROM billing_journal WHERE kind IN ('consume', 'record', 'capture') GROUP BY customer, revision \
            HAVING max(receipt_amount) <> sum(CASE effect WHEN 'drawn' THEN amount ELSE 0 END)
            """
        )
        return try await store.database.read(
            SQLTransaction(running: [SQLStep(question)]) { rows in
                (rows.first?.rows ?? []).map { "the receipt says another amount than was drawn: \($0)" }
            }
        )
    }
}
