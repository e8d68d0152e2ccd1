import BillingKit

/// The questions for what was used under keys and has come back, and the reading of the answers.
struct SpendingSteps: Sendable {
    private let keys: [(customer: CustomerID, key: Account.Key)]

    init(_ items: [LoadRequest.Item]) {
        // A key that is asked for twice has its draws once.
        keys = items.flatMap { item in Set(item.spending).sorted().map { (item.customer, $0) } }
    }

    /// The steps: for the draws, for what has come back of them, and for the grants among theirs that are no longer
    /// live.
    var steps: [SQLStep] {
        guard !keys.isEmpty else { return [] }
        let columns: [SQLColumn] = [.texts(keys.map(\.customer.rawValue)), .texts(keys.map(\.key.rawValue))]
        return [Self.draws, Self.returns, Self.retired].map { SQLStep($0, columns) }
    }

    private static let draws = lines("line.revision = taken.revision AND line.effect = 'drawn'")
    private static let returns = lines("line.of_revision = taken.revision")

    private static func lines(_ condition: String) -> SQLStatement {
        SQLStatement(
            forEach: """
                SELECT taken.customer, taken.key, taken.revision, line.meter, line.pool, line.grant_id, line.word, \
                line.amount, line.used_at FROM billing_journal AS taken JOIN billing_journal AS line \
                ON line.customer = taken.customer AND \(condition) \
                WHERE taken.customer = ?1 AND taken.key = ?2 ORDER BY line.revision, line.ordinal
                """
        )
    }

    /// Of each grant the journal has it as given, as retired and as put right; the last of these says whether it is
    /// live.
    ///
    /// SQLite keeps the order of a cross join, without which it would walk through all grants of the customer.
    private static let retired = SQLStatement(
        forEach: """
            SELECT taken.customer, taken.key, \
            \(AccountTables.grantColumns.map { "last.\($0.name)" }.joined(separator: ", ")) \
            FROM billing_journal AS taken CROSS JOIN billing_journal AS line \
            CROSS JOIN billing_journal_grants AS place CROSS JOIN billing_journal AS told \
            CROSS JOIN billing_journal_grants AS last WHERE taken.customer = ?1 AND taken.key = ?2 \
            AND line.customer = taken.customer AND line.revision = taken.revision AND line.effect = 'drawn' \
            AND place.customer = line.customer AND place.grant_id = line.grant_id \
            AND told.customer = place.customer AND told.revision = place.revision AND told.ordinal = place.ordinal \
            AND told.effect = 'retired' AND last.customer = place.customer AND last.revision = place.revision \
            AND last.ordinal = place.ordinal AND NOT EXISTS (\
            SELECT 1 FROM billing_journal_grants AS later \
            WHERE later.customer = place.customer AND later.grant_id = place.grant_id \
            AND (later.revision > place.revision OR later.revision = place.revision AND later.ordinal > place.ordinal))
            """
    )

    /// Reads the answers, which come in the order of the steps.
    func read(
        _ rows: inout ArraySlice<SQLRows>,
        into found: inout [CustomerID: FactSteps.Found]
    ) throws(StoreError) {
        guard !keys.isEmpty else { return }
        for row in rows.popFirst()?.rows ?? [] {
            let line = try Line(row)
            let before = found[line.customer]?.spending[line.key]?.draws ?? []
            found[line.customer, default: FactSteps.Found()].spending[line.key] = Account.Facts.Spending(
                revision: line.revision,
                draws: before + [line.draw]
            )
        }
        for row in rows.popFirst()?.rows ?? [] {
            let line = try Line(row)
            found[line.customer]?.spending[line.key]?.returns.append(line.draw)
        }
        for row in rows.popFirst()?.rows ?? [] {
            var reader = SQLRowReader(row)
            let (customer, key) = (CustomerID(try reader.text()), Account.Key(try reader.text()))
            let grant = try Account.Grant(&reader)
            found[customer]?.spending[key]?.retired[grant.id] = grant
        }
    }

    /// A row of what was used under a key, or came back.
    private struct Line {
        let customer: CustomerID
        let key: Account.Key
        let revision: Int64
        let draw: Account.Draw

        init(_ row: [SQLValue]) throws(StoreError) {
            var reader = SQLRowReader(row)
            customer = CustomerID(try reader.text())
            key = Account.Key(try reader.text())
            revision = try reader.integer()
            var columns = Account.Effect.Columns()
            columns.meter = try reader.optionalText().map { Meter.ID($0) }
            columns.pool = try reader.optionalText().map { CreditPool.ID($0) }
            columns.grant = try reader.optionalText().map { Account.Grant.ID($0) }
            columns.word = try reader.optionalText()
            columns.amount = try reader.optionalInteger()
            columns.used = try reader.optionalTimestamp()
            guard let draw = columns.draw else {
                throw StoreError(
                    .corrupt,
                    "Revision \(revision) of '\(customer)' has a draw without what belongs to it."
                )
            }
            self.draw = draw
        }
    }
}
