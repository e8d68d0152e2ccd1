import BillingKit

extension SQLTransaction<[NoticeLease]> {
    /// Leases the notices that are due, oldest first.
    ///
    /// They lie in that order; the sign before the column keeps a database from looking for it and sorting them all.
    static func leasingNotices(_ request: LeaseRequest) -> SQLTransaction {
        let due = SQLStep(
            SQLStatement(
                once: """
                    SELECT \(JournalTables.notices.columnList) FROM billing_notices \
                    WHERE +due_at <= ?1 AND due_at IS NOT NULL ORDER BY at, customer, revision, ordinal LIMIT ?2
                    """,
                locking: .skip
            ),
            [.integers([request.now.microseconds]), .integers([Int64(request.limit)])]
        )
        return SQLTransaction(
            .run([due]) { (rows) throws(StoreError) in
                var leases: [NoticeLease] = []
                for row in rows.first?.rows ?? [] {
                    var reader = SQLRowReader(row)
                    let notice = try Account.Notice(&reader)
                    _ = try reader.text()
                    leases.append(NoticeLease(notice: notice, attempt: try reader.attempts() + 1))
                }
                guard !leases.isEmpty else { return .done([]) }
                let answer = leases
                let step = SQLStep(
                    SQLStatement(
                        updating: JournalTables.notices.name,
                        set: "attempts = ?4, due_at = ?5",
                        where: "customer = ?1 AND revision = ?2 AND ordinal = ?3"
                    ),
                    leases.place + [
                        .integers(leases.map { Int64($0.attempt) }),
                        .integers(leases.map { _ in request.until.microseconds }),
                    ]
                )
                return .run([step]) { _ throws(StoreError) in .done(answer) }
            }
        )
    }
}

extension SQLTransaction<Void> {
    /// Settles leased notices; each counts only while its lease is the newest.
    static func settling(_ settlements: [NoticeSettlement]) -> SQLTransaction {
        guard !settlements.isEmpty else { return SQLTransaction(.done(())) }
        let outcomes = settlements.map { settlement -> (state: String, dueAt: Timestamp?) in
            switch settlement.outcome {
            case .delivered: ("delivered", nil)
            case .retry(let at): ("waiting", at)
            case .dead: ("dead", nil)
            }
        }
        let leases = settlements.map(\.lease)
        let step = SQLStep(
            SQLStatement(
                updating: JournalTables.notices.name,
                set: "state = ?5, due_at = ?6",
                where: """
                    customer = ?1 AND revision = ?2 AND ordinal = ?3 AND attempts = ?4 AND state = 'waiting' \
                    AND due_at IS NOT NULL
                    """
            ),
            leases.place + [
                .integers(leases.map { Int64($0.attempt) }),
                .texts(outcomes.map(\.state)),
                .integers(outcomes.map { $0.dueAt?.microseconds }),
            ]
        )
        return SQLTransaction(.run([step]) { _ throws(StoreError) in .done(()) })
    }
}

extension [NoticeLease] {
    /// The columns that name the notices.
    fileprivate var place: [SQLColumn] {
        [
            .texts(map(\.notice.customer.rawValue)), .integers(map(\.notice.revision)),
            .integers(map { Int64($0.notice.ordinal) }),
        ]
    }
}
