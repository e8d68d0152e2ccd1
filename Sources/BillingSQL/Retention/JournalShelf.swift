import BillingKit

/// The beginnings of journals that nothing is decided by any more, of one customer after the other.
///
/// Revisions leave from the first on, without a gap, up to the first that has to stay: one that is young or the newest, that
/// a running period has begun before, or that speaks of a grant or a hold which is live.
struct JournalShelf: Sendable {
    let end: Timestamp
    let limit: Int

    /// Revisions of a customer that may leave, those after the first number up to the last.
    struct Span: Sendable {
        let after: Int64
        let last: Int64
    }

    private static let customers = SQLStatement(
        once: """
            SELECT customer FROM billing_accounts AS a WHERE customer > ?1 AND (SELECT recorded_at FROM billing_journal AS j \
            WHERE j.customer = a.customer ORDER BY revision, ordinal LIMIT 1) < ?2 ORDER BY customer LIMIT ?3
            """
    )

    /// Returns the transaction that reads the customers after another one whose oldest change is old.
    func customers(after last: CustomerID?) -> SQLTransaction<[CustomerID]> {
        let columns: [SQLColumn] = [
            .texts([last?.rawValue ?? ""]), .integers([end.microseconds]), .integers([Int64(limit)]),
        ]
        return SQLTransaction(
            .run([SQLStep(Self.customers, columns)]) { (rows) throws(StoreError) in
                var customers: [CustomerID] = []
                for row in rows.first?.rows ?? [] {
                    var reader = SQLRowReader(row)
                    customers.append(CustomerID(try reader.text()))
                }
                return .done(customers)
            }
        )
    }

    private static let live = """
        SELECT grant_id FROM billing_grants WHERE customer = ?1 UNION ALL SELECT grant_id FROM billing_balances \
        WHERE customer = ?1 AND grant_id IS NOT NULL
        """

    /// The first that has to stay among the revisions after one, of which so many are looked at; after them all when
    /// none of them has to.
    ///
    /// Of what speaks of a grant the first is what gave it, and that has the grant's row beside it.
    private static let span = SQLStatement(
        once: """
            WITH few (revision) AS (SELECT DISTINCT revision FROM billing_journal WHERE customer = ?1 AND revision > ?2 \
            ORDER BY revision LIMIT ?3), last (revision) AS (SELECT max(revision) FROM few), live (grant_id) AS (\(live)) \
            SELECT min(revision) FROM (\
            SELECT revision + 1 AS revision FROM last \
            UNION ALL SELECT revision FROM billing_accounts WHERE customer = ?1 \
            UNION ALL SELECT revision FROM billing_journal WHERE customer = ?1 AND revision > ?2 \
            AND revision <= (SELECT revision FROM last) AND (recorded_at >= ?4 \
            OR recorded_at >= (SELECT min(starts_at) FROM billing_balances WHERE customer = ?1) \
            OR hold_id IN (SELECT hold_id FROM billing_holds WHERE customer = ?1)) \
            UNION ALL SELECT revision FROM billing_journal_grants WHERE customer = ?1 AND revision > ?2 \
            AND grant_id IN (SELECT grant_id FROM live)) AS bounds
            """
    )

    /// Whoever deletes keeps the account from being changed meanwhile.
    ///
    /// One that another transaction has locked is left for the next time: there is no hurry, and who waited would hold up a
    /// connection.
    private static let account = SQLStatement(
        once: "SELECT revision FROM billing_accounts WHERE customer = ?1",
        locking: .skip
    )

    /// Returns the transaction that finds the next revisions of a customer that may leave, or `nil` when none may.
    func span(of customer: CustomerID) -> SQLTransaction<Span?> {
        SQLTransaction(stage(for: customer, isDeleting: false) { (span) throws(StoreError) in .done(span) })
    }

    private func stage<Answer>(
        for customer: CustomerID,
        isDeleting: Bool,
        _ then: @escaping @Sendable (Span?) throws(StoreError) -> SQLTransaction<Answer>.Stage
    ) -> SQLTransaction<Answer>.Stage {
        let name = SQLColumn.texts([customer.rawValue])
        let lock = isDeleting ? [SQLStep(Self.account, [name])] : []
        return .run(lock + [JournalTables.archivedStep(for: customer)]) { (rows) throws(StoreError) in
            if isDeleting, rows.first?.rows.isEmpty != false { return try then(nil) }
            var reader = SQLRowReader(rows.last?.rows.first ?? [.integer(0)])
            let after = try reader.integer()
            let columns = [name, .integers([after]), .integers([Int64(limit)]), .integers([end.microseconds])]
            return .run([SQLStep(Self.span, columns)]) { (rows) throws(StoreError) in
                var reader = SQLRowReader(rows.first?.rows.first ?? [])
                let last = (try reader.optionalInteger() ?? 0) - 1
                return try then(last > after ? Span(after: after, last: last) : nil)
            }
        }
    }

    /// What is deleted with a change: not the names, which stay for ever, nor notices, which stay until they are told and old.
    private static let tables = JournalTables.all.filter { table in
        ![JournalTables.notices.name, JournalTables.references.name].contains(table.name)
    }

    /// Returns the transaction that deletes revisions, those that still may go, and counts them.
    func removal(of span: Span, of customer: CustomerID) -> SQLTransaction<Int> {
        SQLTransaction(
            stage(for: customer, isDeleting: true) { (current) throws(StoreError) in
                guard let current, current.after == span.after else { return .done(0) }
                let last = min(current.last, span.last)
                let columns: [SQLColumn] = [.texts([customer.rawValue]), .integers([last])]
                let deletions = Self.tables.map { table in
                    SQLStep(SQLStatement(deletingFrom: table.name, where: "customer = ?1 AND revision <= ?2"), columns)
                }
                let mark = JournalTables.archived.step(
                    JournalTables.archived.replacement,
                    rows: [[.text(customer.rawValue), .integer(last)]]
                )
                // Marked first, because nothing is let go that is not.
                return .run([mark] + deletions) { _ throws(StoreError) in .done(Int(clamping: last - span.after)) }
            }
        )
    }
}
