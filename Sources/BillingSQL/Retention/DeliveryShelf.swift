import BillingKit

/// Finished webhooks, in the order in which they were received.
struct DeliveryShelf: RetentionShelf {
    let end: Timestamp
    let limit: Int

    // By their states they would all have to be sorted; what is no bare column, nothing is looked for by.
    private static let question = SQLStatement(
        once: """
            SELECT \(LogTables.deliveries.columnList) FROM billing_deliveries WHERE coalesce(state, '') IN ('done', 'ignored') \
            AND received_at < ?1 AND (received_at, provider, id) > (?2, ?3, ?4) ORDER BY received_at, provider, id LIMIT ?5
            """
    )

    private static let deletion = SQLStatement(
        deletingFrom: LogTables.deliveries.name,
        where: "provider = ?1 AND id = ?2 AND state IN ('done', 'ignored') AND received_at < ?3",
        returning: ["id"]
    )

    func page(after last: Delivery?) -> SQLTransaction<[Delivery]> {
        let columns: [SQLColumn] = [
            .integers([end.microseconds]), .integers([last?.receivedAt.microseconds ?? .min]),
            .texts([last?.id.provider.rawValue ?? ""]), .texts([last?.id.id ?? ""]), .integers([Int64(limit)]),
        ]
        return reading(SQLStep(Self.question, columns)) { (reader) throws(StoreError) in try Delivery(&reader) }
    }

    func removal(of records: [Delivery]) -> SQLTransaction<Int> {
        let columns: [SQLColumn] = [
            .texts(records.map(\.id.provider.rawValue)), .texts(records.map(\.id.id)),
            .integers(records.map { _ in end.microseconds }),
        ]
        return deleting(SQLStep(Self.deletion, columns))
    }
}
