import BillingKit

extension Account.Receipt {
    /// Reads the columns of one line, or returns `nil` where they are empty.
    ///
    /// Where the number of units that are left is empty, there is no limit.
    static func optional(
        _ reader: inout SQLRowReader,
        revision: Int64,
        at: Timestamp
    ) throws(StoreError) -> Account.Receipt? {
        let (kind, name) = (try reader.optionalText(), try reader.optionalText())
        let (amount, overage) = (try reader.optionalInteger(), try reader.optionalInteger())
        let (isLate, skipped) = (try reader.optionalInteger(), try reader.optionalInteger())
        let remaining = try reader.optionalInteger()
        guard let kind, let name, let amount, let overage, let isLate, let skipped else { return nil }
        return Account.Receipt(
            revision: revision,
            line: Line(
                subject: try Account.Balance.Subject(kind: kind, name: name),
                amount: amount,
                overage: overage,
                remaining: remaining.map { .units($0) } ?? .unlimited
            ),
            isLate: isLate != 0,
            at: at,
            skipped: skipped
        )
    }
}
