import BillingKit

extension Account.Receipt {
    /// The columns of one line of a receipt; what is said of the whole stands with the first.
    static func values(of receipt: Account.Receipt?, line ordinal: Int) -> [SQLValue] {
        guard let receipt, ordinal <= receipt.others.count else { return Array(repeating: .null, count: 7) }
        let isFirst = ordinal == 0
        let line = isFirst ? receipt.line : receipt.others[ordinal - 1]
        let remaining: Int64? = if case .units(let units) = line.remaining { units } else { nil }
        return SQLValue.values(of: line.subject) + [
            .integer(line.amount), .integer(line.overage), SQLValue(isFirst && receipt.isLate),
            .integer(isFirst ? receipt.skipped : 0), SQLValue(remaining),
        ]
    }

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
