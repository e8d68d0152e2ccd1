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

    private static let effectColumns = [
        "effect", "meter", "pool", "grant_id", "other_grant_id", "hold_id", "amount", "other_amount", "starts_at",
        "ends_at", "used_at", "word", "of_revision",
    ]

    private static let draws = lines("line.revision = taken.revision AND line.effect = 'drawn'")
    private static let returns = lines("line.of_revision = taken.revision AND line.effect = 'returned'")

    private static func lines(_ condition: String) -> SQLStatement {
        SQLStatement(
            """
            SELECT taken.customer, taken.key, taken.revision, \
            \(effectColumns.map { "line.\($0)" }.joined(separator: ", ")) \
            FROM billing_journal AS taken JOIN billing_journal AS line \
            ON line.customer = taken.customer AND \(condition) \
            WHERE taken.customer = ?1 AND taken.key = ?2 ORDER BY line.revision, line.ordinal
            """
        )
    }

    /// Of each grant the journal has it as given, as retired and as put right; the last of these says whether it is
    /// live.
    private static let retired = SQLStatement(
        """
        SELECT taken.customer, taken.key, \
        \(AccountTables.grantColumns.map { "last.\($0.name)" }.joined(separator: ", ")) \
        FROM billing_journal AS taken JOIN billing_journal AS line \
        ON line.customer = taken.customer AND line.revision = taken.revision AND line.effect = 'drawn' \
        JOIN billing_journal_grants AS last ON last.customer = line.customer AND last.grant_id = line.grant_id \
        JOIN billing_journal AS told ON told.customer = last.customer AND told.revision = last.revision \
        AND told.ordinal = last.ordinal AND told.effect = 'retired' \
        WHERE taken.customer = ?1 AND taken.key = ?2 AND NOT EXISTS (\
        SELECT 1 FROM billing_journal_grants AS later \
        WHERE later.customer = last.customer AND later.grant_id = last.grant_id \
        AND (later.revision > last.revision OR later.revision = last.revision AND later.ordinal > last.ordinal))
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
            guard let draw = try Account.Effect.Columns(&reader).draw else {
                throw StoreError(
                    .corrupt,
                    "Revision \(revision) of '\(customer)' has a draw without what belongs to it."
                )
            }
            self.draw = draw
        }
    }
}
