import BillingKit

extension SQLTransaction<[Account.Change]> {
    /// Reads a page of a customer's journal: the revisions first, then the rows of each table for them.
    static func journal(_ query: JournalQuery) -> SQLTransaction {
        let customer = query.customer.rawValue
        let last = SQLStep(
            SQLStatement(
                """
                SELECT coalesce(max(revision), 0) FROM (SELECT DISTINCT revision FROM billing_journal \
                WHERE customer = ?1 AND revision > ?2 ORDER BY revision LIMIT ?3)
                """
            ),
            [.texts([customer]), .integers([query.after]), .integers([Int64(query.limit)])]
        )
        return SQLTransaction(
            .run([last]) { (rows) throws(StoreError) in
                var reader = SQLRowReader(rows.first?.rows.first ?? [])
                let last = try reader.integer()
                guard last > query.after else { return .done([]) }
                let columns: [SQLColumn] = [.texts([customer]), .integers([query.after]), .integers([last])]
                let steps = JournalPage.tables.map { table in
                    // Within a change by the rest of the key, such as the ordinal and the part of a hold; names
                    // of the provider's have theirs beside the key.
                    let order = table.key.first == "customer" ? Array(table.key.dropFirst()) : ["revision", "ordinal"]
                    return SQLStep(
                        SQLStatement(
                            """
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
