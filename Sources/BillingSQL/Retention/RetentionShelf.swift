import BillingKit

/// Records of one kind that may leave the database.
protocol RetentionShelf: Sendable {
    /// A record.
    associatedtype Record: Sendable

    /// Returns the transaction that reads the records that follow on another one, or the first.
    func page(after last: Record?) -> SQLTransaction<[Record]>

    /// Returns the transaction that deletes records, those that may still go, and counts them.
    func removal(of records: [Record]) -> SQLTransaction<Int>
}

extension RetentionShelf {
    /// The transaction of one question, each row read by itself.
    func reading(
        _ step: SQLStep,
        _ read: @escaping @Sendable (inout SQLRowReader) throws(StoreError) -> Record
    ) -> SQLTransaction<[Record]> {
        SQLTransaction(
            .run([step]) { (rows) throws(StoreError) in
                var records: [Record] = []
                for row in rows.first?.rows ?? [] {
                    var reader = SQLRowReader(row)
                    records.append(try read(&reader))
                }
                return .done(records)
            }
        )
    }

    /// The transaction of one deletion, whose rows are those that are gone.
    func deleting(_ step: SQLStep) -> SQLTransaction<Int> {
        SQLTransaction(running: [step]) { rows in rows.first?.rows.count ?? 0 }
    }
}
