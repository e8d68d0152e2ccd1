import BillingKit

/// The questions for the facts about a number of accounts, and the reading of the answers.
struct FactSteps: Sendable {
    /// The facts about one account.
    struct Found: Sendable {
        var precedents: [Account.Key: Account.Facts.Precedent] = [:]
        var orders: [ProviderReference: Account.Order] = [:]
        var owners: [ProviderReference: CustomerID] = [:]
        var usage: [Account.Facts.UsageQuestion: Account.Facts.Usage] = [:]
    }

    private let keys: [(customer: CustomerID, key: Account.Key)]
    private let orders: [(customer: CustomerID, order: ProviderReference)]
    private let references: [(customer: CustomerID, reference: ProviderReference)]
    private let usage: [(customer: CustomerID, question: Account.Facts.UsageQuestion)]

    init(_ items: [LoadRequest.Item]) {
        // A key that is asked for twice has one answer, of several lines perhaps, and not twice as many.
        keys = items.flatMap { item in Set(item.keys).sorted().map { (item.customer, $0) } }
        orders = items.flatMap { item in item.orders.map { (item.customer, $0) } }
        references = items.flatMap { item in item.references.map { (item.customer, $0) } }
        usage = items.flatMap { item in item.usage.map { (item.customer, $0) } }
    }

    /// The steps: one for each kind of fact that is asked for.
    var steps: [SQLStep] {
        var steps: [SQLStep] = []
        if !keys.isEmpty {
            steps.append(
                SQLStep(Self.precedent, [.texts(keys.map(\.customer.rawValue)), .texts(keys.map(\.key.rawValue))])
            )
        }
        if !orders.isEmpty {
            let columns: [SQLColumn] = [
                .texts(orders.map(\.customer.rawValue)), .texts(orders.map(\.order.provider.rawValue)),
                .texts(orders.map(\.order.id)),
            ]
            steps.append(
                SQLStep(AccountTables.orders.selection(by: ["customer", "provider", "order_id"]), columns)
            )
        }
        if !references.isEmpty {
            steps.append(JournalTables.ownerStep(for: references.map(\.reference)))
        }
        if !usage.isEmpty {
            let columns: [SQLColumn] = [
                .texts(usage.map(\.customer.rawValue)), .texts(usage.map(\.question.meter.rawValue)),
                .integers(usage.map(\.question.since.microseconds)),
            ]
            steps.append(SQLStep(Self.sum, columns))
        }
        return steps
    }

    private static let precedent = SQLStatement(
        """
        SELECT taken.customer, taken.key, taken.fingerprint, line.revision, line.recorded_at, line.receipt_meter, \
        line.receipt_amount, line.receipt_overage, line.receipt_is_late, line.receipt_remaining \
        FROM billing_journal AS taken JOIN billing_journal AS line \
        ON line.customer = taken.customer AND line.revision = taken.revision \
        AND (line.ordinal = 0 OR line.receipt_meter IS NOT NULL) \
        WHERE taken.customer = ?1 AND taken.key = ?2 ORDER BY line.ordinal
        """
    )

    private static let sum = SQLStatement(
        """
        SELECT ?1, ?2, ?3, coalesce(sum(amount), 0), \
        coalesce(sum(CASE WHEN word <> 'allowance' THEN amount ELSE 0 END), 0) FROM billing_journal \
        WHERE customer = ?1 AND meter = ?2 AND used_at >= ?3 AND effect = 'drawn'
        """
    )

    /// Reads the answers to the steps.
    func facts(from rows: [SQLRows]) throws(StoreError) -> [CustomerID: Found] {
        var found: [CustomerID: Found] = [:]
        var rest = rows[...]
        if !keys.isEmpty {
            for row in rest.popFirst()?.rows ?? [] {
                var reader = SQLRowReader(row)
                let (customer, key) = (CustomerID(try reader.text()), Account.Key(try reader.text()))
                let fingerprint = try reader.integer()
                let (revision, at) = (try reader.integer(), try reader.timestamp())
                let receipt = try Account.Receipt.optional(&reader, revision: revision, at: at)
                // The first row of a change comes first, and each of the others adds a line to its receipt.
                let before = found[customer]?.precedents[key]?.receipt
                found[customer, default: Found()].precedents[key] = Account.Facts.Precedent(
                    receipt: receipt.map { before?.adding($0) ?? $0 },
                    fingerprint: fingerprint
                )
            }
        }
        if !orders.isEmpty {
            for row in rest.popFirst()?.rows ?? [] {
                var reader = SQLRowReader(row)
                let customer = CustomerID(try reader.text())
                let order = try Account.Order(&reader)
                found[customer, default: Found()].orders[order.providerReference] = order
            }
        }
        if !references.isEmpty {
            let owners = try JournalTables.owners(from: rest.popFirst())
            for (customer, reference) in references {
                found[customer, default: Found()].owners[reference] = owners[reference]
            }
        }
        if !usage.isEmpty {
            for row in rest.popFirst()?.rows ?? [] {
                var reader = SQLRowReader(row)
                let customer = CustomerID(try reader.text())
                let question = Account.Facts.UsageQuestion(
                    meter: Meter.ID(try reader.text()),
                    since: try reader.timestamp()
                )
                found[customer, default: Found()].usage[question] = Account.Facts.Usage(
                    units: try reader.integer(),
                    fromOtherGrants: try reader.integer()
                )
            }
        }
        return found
    }
}

extension JournalTables {
    /// The question for the owners of provider's names.
    static func ownerStep(for references: [ProviderReference]) -> SQLStep {
        SQLStep(
            JournalTables.references.selection(by: ["provider", "kind", "id"]),
            [
                .texts(references.map(\.provider.rawValue)), .texts(references.map(\.kind.rawValue)),
                .texts(references.map(\.id)),
            ]
        )
    }

    /// Reads the answer to it.
    static func owners(from rows: SQLRows?) throws(StoreError) -> [ProviderReference: CustomerID] {
        var owners: [ProviderReference: CustomerID] = [:]
        for row in rows?.rows ?? [] {
            var reader = SQLRowReader(row)
            let reference = ProviderReference(
                provider: ProviderID(try reader.text()),
                kind: try reader.word(of: ProviderReference.Kind.self),
                id: try reader.text()
            )
            owners[reference] = CustomerID(try reader.text())
        }
        return owners
    }
}
