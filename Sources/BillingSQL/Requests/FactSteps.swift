import BillingKit

/// The questions for the facts about a number of accounts, and the reading of the answers.
struct FactSteps: Sendable {
    /// The facts about one account.
    struct Found: Sendable {
        var precedents: [Account.Key: Account.Facts.Precedent] = [:]
        var orders: [ProviderReference: Account.Order] = [:]
        var owners: [ProviderReference: CustomerID] = [:]
        var usage: [Account.Facts.UsageQuestion: Account.Facts.Usage] = [:]
        var spending: [Account.Key: Account.Facts.Spending] = [:]
        var knownEvents: Set<Account.EventID> = []
    }

    private let keys: [(customer: CustomerID, key: Account.Key)]
    private let orders: [(customer: CustomerID, order: ProviderReference)]
    /// The subscriptions of which all orders are asked for.
    private let orderLists: [(customer: CustomerID, order: ProviderReference)]
    private let references: [(customer: CustomerID, reference: ProviderReference)]
    private let usage: UsageSteps
    private let spending: SpendingSteps
    private let events: [(customer: CustomerID, event: Account.EventID, since: Timestamp)]

    init(_ items: [LoadRequest.Item]) {
        // A key that is asked for twice has one answer, of several lines perhaps, and not twice as many.
        keys = items.flatMap { item in Set(item.keys).sorted().map { (item.customer, $0) } }
        let named = items.flatMap { item in item.orders.map { (customer: item.customer, order: $0) } }
        orders = named.filter { $0.order.kind != .subscription }
        orderLists = named.filter { $0.order.kind == .subscription }
        references = items.flatMap { item in item.references.map { (item.customer, $0) } }
        usage = UsageSteps(items)
        spending = SpendingSteps(items)
        events = items.flatMap { item in item.events.map { (item.customer, $0, item.eventsSince) } }
    }

    /// The steps: some for each kind of fact that is asked for.
    var steps: [SQLStep] {
        var steps: [SQLStep] = []
        if !keys.isEmpty {
            steps.append(
                SQLStep(Self.precedent, [.texts(keys.map(\.customer.rawValue)), .texts(keys.map(\.key.rawValue))])
            )
        }
        for (names, column) in [(orders, "order_id"), (orderLists, "subscription_id")] where !names.isEmpty {
            let columns: [SQLColumn] = [
                .texts(names.map(\.customer.rawValue)), .texts(names.map(\.order.provider.rawValue)),
                .texts(names.map(\.order.id)),
            ]
            steps.append(SQLStep(AccountTables.orders.selection(by: ["customer", "provider", column]), columns))
        }
        if !references.isEmpty {
            steps.append(JournalTables.ownerStep(for: references.map(\.reference)))
        }
        if !events.isEmpty {
            let columns: [SQLColumn] = [
                .texts(events.map(\.customer.rawValue)), .texts(events.map(\.event.rawValue)),
                .integers(events.map(\.since.microseconds)),
            ]
            steps.append(SQLStep(Self.event, columns))
        }
        return steps + usage.steps + spending.steps
    }

    private static let precedent = SQLStatement(
        forEach: """
            SELECT taken.customer, taken.key, taken.fingerprint, line.revision, line.recorded_at, \
            line.receipt_subject_kind, line.receipt_subject, line.receipt_amount, line.receipt_overage, \
            line.receipt_is_late, line.receipt_skipped, line.receipt_remaining \
            FROM billing_journal AS taken JOIN billing_journal AS line \
            ON line.customer = taken.customer AND line.revision = taken.revision \
            AND (line.ordinal = 0 OR line.receipt_subject IS NOT NULL) \
            WHERE taken.customer = ?1 AND taken.key = ?2 ORDER BY line.ordinal
            """
    )

    private static let event = SQLStatement(
        forEach: """
            SELECT customer, event_id FROM billing_events WHERE customer = ?1 AND event_id = ?2 AND recorded_at > ?3 \
            LIMIT 1
            """
    )

    /// Reads the answers to the steps.
    func facts(from rows: [SQLRows]) throws(StoreError) -> [CustomerID: Found] {
        var found: [CustomerID: Found] = [:]
        var rest = rows[...]
        if !keys.isEmpty {
            try Self.readPrecedents(rest.popFirst(), into: &found)
        }
        for names in [orders, orderLists] where !names.isEmpty {
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
        if !events.isEmpty {
            for row in rest.popFirst()?.rows ?? [] {
                var reader = SQLRowReader(row)
                let customer = CustomerID(try reader.text())
                found[customer, default: Found()].knownEvents.insert(Account.EventID(try reader.text()))
            }
        }
        try usage.read(&rest, into: &found)
        try spending.read(&rest, into: &found)
        return found
    }

    private static func readPrecedents(
        _ rows: SQLRows?,
        into found: inout [CustomerID: Found]
    ) throws(StoreError) {
        for row in rows?.rows ?? [] {
            var reader = SQLRowReader(row)
            let (customer, key) = (CustomerID(try reader.text()), Account.Key(try reader.text()))
            let fingerprint = try reader.integer()
            let (revision, at) = (try reader.integer(), try reader.timestamp())
            let receipt = try Account.Receipt.optional(&reader, revision: revision, at: at)
            // The first row of a change comes first, and each of the others adds a line to its receipt.
            let before = found[customer]?.precedents[key]?.receipt
            found[customer, default: Found()].precedents[key] = Account.Facts.Precedent(
                receipt: receipt.map { before?.adding($0) ?? $0 },
                fingerprint: fingerprint,
                at: at
            )
        }
    }
}
