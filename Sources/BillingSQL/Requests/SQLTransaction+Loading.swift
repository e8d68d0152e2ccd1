package import BillingKit

extension SQLTransaction<[LoadedAccount]> {
    /// Loads accounts and facts: first where each account stands, with the facts, then the parts of those that
    /// the caller does not have.
    package static func loading(_ request: LoadRequest) -> SQLTransaction {
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
                    return .done(try answers(to: items, heads: heads, parts: nil, facts: facts))
                }
                return .finish(Parts.steps(for: wanted.map(\.customer))) { (rows) throws(StoreError) in
                    try answers(to: items, heads: heads, parts: try Parts(rows), facts: facts)
                }
            }
        )
    }

    /// Loads an account and facts in one round: it is likely to be at another revision than the caller knows.
    static func loadingWhole(_ item: LoadRequest.Item) -> SQLTransaction {
        let head = SQLStep(
            AccountTables.accounts.selection(by: ["customer"]),
            [.texts([item.customer.rawValue])]
        )
        let facts = FactSteps([item])
        let steps = [head] + facts.steps
        return SQLTransaction(
            .finish(steps + Parts.steps(for: [item.customer])) { (rows) throws(StoreError) in
                guard rows.count > steps.count else { throw StoreError(.corrupt, "No result came for a question.") }
                return try answers(
                    to: [item],
                    heads: try Head.byCustomer(rows[0]),
                    parts: try Parts(Array(rows[steps.count...])),
                    facts: try facts.facts(from: Array(rows[1..<steps.count]))
                )
            }
        )
    }

    private static func answers(
        to items: [LoadRequest.Item],
        heads: [CustomerID: Head],
        parts: Parts?,
        facts: [CustomerID: FactSteps.Found]
    ) throws(StoreError) -> [LoadedAccount] {
        var answers: [LoadedAccount] = []
        for item in items {
            let (head, found) = (heads[item.customer], facts[item.customer] ?? FactSteps.Found())
            answers.append(answer(to: item, at: head, with: try account(for: item, head, parts), found))
        }
        return answers
    }

    private static func account(
        for item: LoadRequest.Item,
        _ head: Head?,
        _ parts: Parts?
    ) throws(StoreError) -> Account? {
        guard let head else { return item.knownRevision == 0 ? nil : Account(customer: item.customer) }
        return head.revision == item.knownRevision ? nil : try parts?.account(head)
    }

    private static func answer(
        to item: LoadRequest.Item,
        at head: Head?,
        with account: Account?,
        _ found: FactSteps.Found
    ) -> LoadedAccount {
        LoadedAccount(
            account: account,
            dueAt: head?.dueAt,
            precedents: found.precedents,
            orders: found.orders,
            owners: found.owners,
            usage: found.usage,
            spending: found.spending,
            knownEvents: found.knownEvents
        )
    }

    /// The account's own row.
    struct Head: Sendable {
        let customer: CustomerID
        let revision: Int64
        let instant: Timestamp
        let anchor: Timestamp
        let standing: Account.Standing?
        let firstPurchaseAt: Timestamp?
        let dueAt: Timestamp?

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
            revision = try reader.revision()
            instant = try reader.timestamp()
            anchor = try reader.timestamp()
            standing = try reader.standing()
            firstPurchaseAt = try reader.optionalTimestamp()
            dueAt = try reader.optionalTimestamp()
        }
    }

    /// The rows that accounts consist of beside their own.
    struct Parts: Sendable {
        private let balances: [CustomerID: [BalanceRow]]
        private let grants: [CustomerID: [Account.Grant]]
        private let holds: [CustomerID: [Account.Hold]]
        private let levels: [CustomerID: [Account.Level]]
        private let windows: [CustomerID: [Account.Window]]
        private let warnings: [CustomerID: [Account.Warning]]
        private let trials: [CustomerID: [Account.Trial]]
        private let overrides: [CustomerID: [Account.Override]]
        private let subscriptions: [CustomerID: [Subscription]]
        private let subscriptionLosses: [CustomerID: [Subscription.LossRow]]
        private let benefits: [CustomerID: [Benefit]]
        private let upgrades: [CustomerID: [Upgrade]]
        private let upgradeActs: [CustomerID: [Upgrade.ActRow]]
        private let upgradeCheckouts: [CustomerID: [Upgrade.CheckoutRow]]

        private static let tables: [(SQLTable, order: [String])] = [
            (AccountTables.balances, []), (AccountTables.grants, []), (AccountTables.holds, ["hold_id", "part"]),
            (AccountTables.levels, []), (AccountTables.windows, []), (AccountTables.warnings, []),
            (AccountTables.trials, []), (AccountTables.overrides, ["position"]), (AccountTables.subscriptions, []),
            (AccountTables.subscriptionLosses, []), (AccountTables.upgrades, []),
            (AccountTables.upgradeCheckouts, []), (AccountTables.benefits, []),
            (AccountTables.upgradeActs, []),
        ]

        static func steps(for customers: [CustomerID]) -> [SQLStep] {
            let column = [SQLColumn.texts(customers.map(\.rawValue))]
            return tables.map { table, order in SQLStep(table.selection(by: ["customer"], order: order), column) }
        }

        init(_ rows: [SQLRows]) throws(StoreError) {
            guard rows.count == Self.tables.count else {
                throw StoreError(.corrupt, "\(rows.count) results came for \(Self.tables.count) questions.")
            }
            balances = try Self.read(rows[0]) { (reader) throws(StoreError) in try BalanceRow(&reader) }
            grants = try Self.read(rows[1]) { (reader) throws(StoreError) in try Account.Grant(&reader) }
            holds = try Self.read(rows[2]) { (reader) throws(StoreError) in try Account.Hold(&reader) }
            levels = try Self.read(rows[3]) { (reader) throws(StoreError) in try Account.Level(&reader) }
            windows = try Self.read(rows[4]) { (reader) throws(StoreError) in try Account.Window(&reader) }
            warnings = try Self.read(rows[5]) { (reader) throws(StoreError) in try Account.Warning(&reader) }
            trials = try Self.read(rows[6]) { (reader) throws(StoreError) in try Account.Trial(&reader) }
            overrides = try Self.read(rows[7]) { (reader) throws(StoreError) in try Account.Override(&reader) }
            subscriptions = try Self.read(rows[8]) { (reader) throws(StoreError) in try Subscription(&reader) }
            subscriptionLosses = try Self.read(rows[9]) { (reader) throws(StoreError) in
                try Subscription.LossRow(&reader)
            }
            upgrades = try Self.read(rows[10]) { (reader) throws(StoreError) in try Upgrade(&reader) }
            upgradeCheckouts = try Self.read(rows[11]) { (reader) throws(StoreError) in
                try Upgrade.CheckoutRow(&reader)
            }
            benefits = try Self.read(rows[12]) { (reader) throws(StoreError) in try Benefit(&reader) }
            upgradeActs = try Self.read(rows[13]) { (reader) throws(StoreError) in try Upgrade.ActRow(&reader) }
        }

        private static func read<Part>(
            _ rows: SQLRows,
            _ read: (inout SQLRowReader) throws(StoreError) -> Part
        ) throws(StoreError) -> [CustomerID: [Part]] {
            var parts: [CustomerID: [Part]] = [:]
            for row in rows.rows {
                var reader = SQLRowReader(row)
                parts[CustomerID(try reader.text()), default: []].append(try read(&reader))
            }
            return parts
        }

        func account(_ head: Head) throws(StoreError) -> Account {
            let customer = head.customer
            let balances = balances[customer] ?? []
            let account = Account(
                customer: customer,
                revision: head.revision,
                instant: head.instant,
                anchor: head.anchor,
                standing: head.standing,
                periods: balances.map(\.period),
                grants: balances.compactMap(\.grant) + (grants[customer] ?? []),
                holds: try [Account.Hold](joining: holds[customer] ?? []),
                levels: levels[customer] ?? [],
                windows: windows[customer] ?? [],
                warnings: warnings[customer] ?? [],
                overrides: overrides[customer] ?? [],
                trial: trials[customer]?.first,
                firstPurchaseAt: head.firstPurchaseAt,
                subscriptions: [Subscription](
                    subscriptions[customer] ?? [],
                    losses: subscriptionLosses[customer] ?? []
                ),
                benefits: benefits[customer] ?? [],
                upgrades: [Upgrade](
                    upgrades[customer] ?? [],
                    acts: upgradeActs[customer] ?? [],
                    checkouts: upgradeCheckouts[customer] ?? []
                )
            )
            // Numbers that a hand has put there can be wrong; an examination tells of that. They must not trap.
            guard account.isCountable else {
                throw StoreError(.corrupt, "The numbers of '\(customer)' are beyond what can be counted.")
            }
            return account
        }
    }
}
