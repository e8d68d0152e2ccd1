package import BillingKit

extension SQLTransaction<Bool> {
    /// Takes a duty that nobody else has, or has for longer.
    package static func leasing(_ request: DutyRequest) -> SQLTransaction {
        let table = LogTables.duties
        let claim = SQLStatement(
            insertingInto: table.name,
            table.columns.map(\.name),
            resolution: """
                ON CONFLICT (duty) DO UPDATE SET holder = excluded.holder, asked_at = excluded.asked_at, \
                ends_at = excluded.ends_at \
                WHERE billing_duties.holder = excluded.holder OR billing_duties.ends_at <= excluded.asked_at
                """
        )
        let row: [SQLColumn] = [
            .texts([request.duty.rawValue]), .texts([request.holder.rawValue]), .integers([request.now.microseconds]),
            .integers([request.until.microseconds]),
        ]
        let question = SQLStep(table.selection(by: ["duty"]), [.texts([request.duty.rawValue])])
        return SQLTransaction(
            .run([SQLStep(claim, row), question]) { (rows) throws(StoreError) in
                guard let found = rows.last?.rows.first else {
                    throw StoreError(.corrupt, "The duty '\(request.duty.rawValue)' is gone after it was kept.")
                }
                var reader = SQLRowReader(found)
                _ = try reader.text()
                return .done(Duty.Holder(try reader.text()) == request.holder)
            }
        )
    }
}
