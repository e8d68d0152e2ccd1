import BillingKit

extension SQLTransaction<Timestamp> {
    /// Asks PostgreSQL what time it is: at this moment, and not at the transaction's beginning.
    static var time: SQLTransaction {
        let question = SQLStatement(
            once: "SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000000) AS BIGINT)"
        )
        return SQLTransaction(
            .run([SQLStep(question)]) { (rows) throws(StoreError) in
                var reader = SQLRowReader(rows.first?.rows.first ?? [])
                return .done(try reader.timestamp())
            }
        )
    }
}
