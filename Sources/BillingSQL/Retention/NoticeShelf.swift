import BillingKit

/// Notices that are not told again, by customer.
struct NoticeShelf: RetentionShelf {
    let end: Timestamp
    let limit: Int

    private static let question = SQLStatement(
        once: """
            SELECT \(JournalTables.notices.columnList) FROM billing_notices WHERE state <> 'waiting' AND at < ?1 \
            AND (customer, revision, ordinal) > (?2, ?3, ?4) ORDER BY customer, revision, ordinal LIMIT ?5
            """
    )

    private static let deletion = SQLStatement(
        deletingFrom: JournalTables.notices.name,
        where: "customer = ?1 AND revision = ?2 AND ordinal = ?3 AND state <> 'waiting' AND at < ?4",
        returning: ["ordinal"]
    )

    func page(after last: SQLRetention.SettledNotice?) -> SQLTransaction<[SQLRetention.SettledNotice]> {
        let columns: [SQLColumn] = [
            .integers([end.microseconds]), .texts([last?.notice.customer.rawValue ?? ""]),
            .integers([last?.notice.revision ?? 0]), .integers([Int64(last?.notice.ordinal ?? 0)]),
            .integers([Int64(limit)]),
        ]
        return reading(SQLStep(Self.question, columns)) { (reader) throws(StoreError) in
            SQLRetention.SettledNotice(
                notice: try Account.Notice(&reader),
                wasDelivered: try reader.text() == "delivered",
                attempts: Int(clamping: try reader.integer())
            )
        }
    }

    func removal(of records: [SQLRetention.SettledNotice]) -> SQLTransaction<Int> {
        let columns: [SQLColumn] = [
            .texts(records.map(\.notice.customer.rawValue)), .integers(records.map(\.notice.revision)),
            .integers(records.map { Int64($0.notice.ordinal) }), .integers(records.map { _ in end.microseconds }),
        ]
        return deleting(SQLStep(Self.deletion, columns))
    }
}
