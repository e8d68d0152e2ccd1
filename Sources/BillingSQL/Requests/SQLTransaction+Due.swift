import BillingKit

extension SQLTransaction<[DueAccount]> {
    /// Reads a page of the accounts that are due, the longest due first.
    static func accountsDue(_ request: DueRequest) -> SQLTransaction {
        // Before the first page: no customer's name is empty.
        let after = request.after ?? DueAccount(customer: "", dueAt: Timestamp(microseconds: .min))
        let step = SQLStep(
            SQLStatement(
                once: """
                    SELECT customer, due_at FROM billing_accounts WHERE due_at <= ?1 AND (due_at, customer) > (?2, ?3) \
                    ORDER BY due_at, customer LIMIT ?4
                    """
            ),
            [
                .integers([request.now.microseconds]), .integers([after.dueAt.microseconds]),
                .texts([after.customer.rawValue]), .integers([Int64(request.limit)]),
            ]
        )
        return SQLTransaction(
            .run([step]) { (rows) throws(StoreError) in
                var accounts: [DueAccount] = []
                for row in rows.first?.rows ?? [] {
                    var reader = SQLRowReader(row)
                    accounts.append(
                        DueAccount(customer: CustomerID(try reader.text()), dueAt: try reader.timestamp())
                    )
                }
                return .done(accounts)
            }
        )
    }
}
