import BillingKit

extension SQLTransaction<[LoadedAccount]> {
    /// Loads accounts and facts: first where each account stands, with the facts, then the parts of those that
    /// the caller does not have.
    static func loading(_ request: LoadRequest) -> SQLTransaction {
        let items = request.items
        let accounts = SQLStep(
            AccountTables.accounts.selection(by: ["customer"]),
            [.texts(items.map(\.customer.rawValue))]
        )
        return SQLTransaction(
            .run([accounts] + FactSteps(items).steps) { (rows) throws(StoreError) in
                guard let first = rows.first else { throw StoreError(.corrupt, "No result came for a question.") }
                let heads = try Head.byCustomer(first)
                let facts = try FactSteps(items).facts(from: Array(rows.dropFirst()))
                let wanted = items.filter { item in
                    heads[item.customer].map { $0.revision != item.knownRevision } ?? false
                }
                guard !wanted.isEmpty else {
                    return .done(items.map { answer(to: $0, head: heads[$0.customer], parts: nil, facts: facts) })
                }
                return .run(Parts.steps(for: wanted.map(\.customer))) { (rows) throws(StoreError) in
                    let parts = try Parts(rows)
                    return .done(
                        items.map { answer(to: $0, head: heads[$0.customer], parts: parts, facts: facts) }
                    )
                }
            }
        )
    }

    private static func answer(
        to item: LoadRequest.Item,
        head: Head?,
        parts: Parts?,
        facts: [CustomerID: FactSteps.Found]
    ) -> LoadedAccount {
        let found = facts[item.customer] ?? FactSteps.Found()
        let account: Account? =
            if let head {
                head.revision == item.knownRevision ? nil : parts?.account(head)
            } else {
                item.knownRevision == 0 ? nil : Account(customer: item.customer)
            }
        return LoadedAccount(
            account: account,
            precedents: found.precedents,
            orders: found.orders,
            owners: found.owners,
            usage: found.usage
        )
    }

    /// The account's own row.
    struct Head: Sendable {
        let customer: CustomerID
        let revision: Int64
        let instant: Timestamp
        let anchor: Timestamp
        let standing: Account.Standing?

        static func byCustomer(_ rows: SQLRows) throws(StoreError) -> [CustomerID: Head] {
            var heads: [CustomerID: Head] = [:]
            for row in rows.rows {
                let head = try Head(row)
                heads[head.customer] = head
            }
            return heads
        }

        private init(_ row: [SQLValue]) throws(StoreError) {
            var reader = SQLRowReader(row)
            customer = CustomerID(try reader.text())
            revision = try reader.integer()
            instant = try reader.timestamp()
            anchor = try reader.timestamp()
            standing = try reader.standing()
        }
    }

    /// The rows that accounts consist of beside their own.
    struct Parts: Sendable {
        private var periods: [CustomerID: [Account.Period]] = [:]
        private var grants: [CustomerID: [Account.Grant]] = [:]
        private var holds: [CustomerID: [Account.Hold]] = [:]
        private var subscriptions: [CustomerID: [Subscription]] = [:]
        private var upgrades: [CustomerID: [Upgrade]] = [:]

        static func steps(for customers: [CustomerID]) -> [SQLStep] {
            let column = [SQLColumn.texts(customers.map(\.rawValue))]
            return [
                SQLStep(AccountTables.periods.selection(by: ["customer"]), column),
                SQLStep(AccountTables.grants.selection(by: ["customer"]), column),
                SQLStep(AccountTables.holds.selection(by: ["customer"], order: ["hold_id", "part"]), column),
                SQLStep(AccountTables.subscriptions.selection(by: ["customer"]), column),
                SQLStep(AccountTables.upgrades.selection(by: ["customer"]), column),
            ]
        }

        init(_ rows: [SQLRows]) throws(StoreError) {
            guard rows.count == 5 else { throw StoreError(.corrupt, "\(rows.count) results came for 5 questions.") }
            for row in rows[0].rows {
                var reader = SQLRowReader(row)
                periods[CustomerID(try reader.text()), default: []].append(try Account.Period(&reader))
            }
            for row in rows[1].rows {
                var reader = SQLRowReader(row)
                grants[CustomerID(try reader.text()), default: []].append(try Account.Grant(&reader))
            }
            for row in rows[2].rows {
                var reader = SQLRowReader(row)
                holds[CustomerID(try reader.text()), default: []].append(try Account.Hold(&reader))
            }
            for row in rows[3].rows {
                var reader = SQLRowReader(row)
                subscriptions[CustomerID(try reader.text()), default: []].append(try Subscription(&reader))
            }
            for row in rows[4].rows {
                var reader = SQLRowReader(row)
                upgrades[CustomerID(try reader.text()), default: []].append(try Upgrade(&reader))
            }
        }

        func account(_ head: Head) -> Account {
            Account(
                customer: head.customer,
                revision: head.revision,
                instant: head.instant,
                anchor: head.anchor,
                standing: head.standing,
                periods: periods[head.customer] ?? [],
                grants: grants[head.customer] ?? [],
                holds: [Account.Hold](joining: holds[head.customer] ?? []),
                subscriptions: subscriptions[head.customer] ?? [],
                upgrades: upgrades[head.customer] ?? []
            )
        }
    }
}
