import BillingKit

extension SQLTransaction<[Account.Change]> {
    /// Reads a page of a customer's journal: the revisions first, then the rows of each table for them.
    static func journal(_ query: JournalQuery) -> SQLTransaction {
        let customer = query.customer.rawValue
        let last = SQLStep(
            SQLStatement(
                once: """
                    SELECT coalesce(max(revision), 0) FROM (SELECT DISTINCT revision FROM billing_journal \
                    WHERE customer = ?1 AND revision > ?2 ORDER BY revision LIMIT ?3) AS page
                    """
            ),
            [.texts([customer]), .integers([query.after]), .integers([Int64(query.limit)])]
        )
        return SQLTransaction(
            .run([JournalTables.archivedStep(for: query.customer), last]) { (rows) throws(StoreError) in
                try JournalTables.expectKept(query, in: rows.first)
                var reader = SQLRowReader(rows.last?.rows.first ?? [])
                let last = try reader.integer()
                guard last > query.after else { return .done([]) }
                let columns: [SQLColumn] = [.texts([customer]), .integers([query.after]), .integers([last])]
                let steps = JournalPage.tables.map { table in
                    // Within a change by the rest of the key, such as the ordinal and the part of a hold; names
                    // of the provider's have theirs beside the key.
                    let order = table.key.first == "customer" ? Array(table.key.dropFirst()) : ["revision", "ordinal"]
                    return SQLStep(
                        SQLStatement(
                            once: """
                                SELECT \(table.columnList) FROM \(table.name) WHERE customer = ?1 AND revision > ?2 \
                                AND revision <= ?3 ORDER BY \(order.joined(separator: ", "))
                                """
                        ),
                        columns
                    )
                }
                return .run(steps) { (rows) throws(StoreError) in .done(try JournalPage(rows).changes) }
            }
        )
    }
}

extension JournalTables {
    /// The question for the last revision of a customer's that has left the journal.
    static func archivedStep(for customer: CustomerID) -> SQLStep {
        SQLStep(
            SQLStatement(once: "SELECT revision FROM billing_archived WHERE customer = ?1"),
            [.texts([customer.rawValue])]
        )
    }

    /// Makes sure that nothing has left the journal which a question is about.
    fileprivate static func expectKept(_ query: JournalQuery, in rows: SQLRows?) throws(StoreError) {
        guard let row = rows?.rows.first else { return }
        var reader = SQLRowReader(row)
        let archived = try reader.integer()
        guard query.after < archived else { return }
        throw StoreError(
            .archived,
            """
            The journal of '\(query.customer)' is kept from revision \(archived + 1) on; what came before has been \
            archived, and what needs all of it cannot be told any more.
            """
        )
    }
}
