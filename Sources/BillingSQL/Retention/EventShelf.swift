import BillingKit

/// Events that no batch is held against any more, by customer.
struct EventShelf: RetentionShelf {
    let end: Timestamp
    let limit: Int

    private static let question = SQLStatement(
        once: """
            SELECT customer, revision, ordinal, event_id, recorded_at FROM billing_events WHERE recorded_at < ?1 \
            AND (customer, revision, ordinal) > (?2, ?3, ?4) ORDER BY customer, revision, ordinal LIMIT ?5
            """
    )

    private static let deletion = SQLStatement(
        deletingFrom: JournalTables.events.name,
        where: "customer = ?1 AND revision = ?2 AND ordinal = ?3 AND recorded_at < ?4",
        returning: ["ordinal"]
    )

    func page(after last: SQLRetention.CountedEvent?) -> SQLTransaction<[SQLRetention.CountedEvent]> {
        let columns: [SQLColumn] = [
            .integers([end.microseconds]), .texts([last?.customer.rawValue ?? ""]), .integers([last?.revision ?? 0]),
            .integers([Int64(last?.ordinal ?? 0)]), .integers([Int64(limit)]),
        ]
        return reading(SQLStep(Self.question, columns)) { (reader) throws(StoreError) in
            SQLRetention.CountedEvent(
                customer: CustomerID(try reader.text()),
                revision: try reader.integer(),
                ordinal: Int(clamping: try reader.integer()),
                event: Account.EventID(try reader.text()),
                recordedAt: try reader.timestamp()
            )
        }
    }

    func removal(of records: [SQLRetention.CountedEvent]) -> SQLTransaction<Int> {
        let columns: [SQLColumn] = [
            .texts(records.map(\.customer.rawValue)), .integers(records.map(\.revision)),
            .integers(records.map { Int64($0.ordinal) }), .integers(records.map { _ in end.microseconds }),
        ]
        return deleting(SQLStep(Self.deletion, columns))
    }
}
