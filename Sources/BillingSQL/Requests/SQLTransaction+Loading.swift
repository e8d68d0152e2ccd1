package import BillingKit

extension SQLTransaction<[LoadedAccount]> {
    /// Loads accounts and facts: first where each account stands, with the facts, then the parts of those that
    /// the caller does not have.
    package static func loading(_ request: LoadRequest) -> SQLTransaction {
        let items = request.items
        // Who knows a revision is likely to have the parts of it.
        let asksForParts = items.contains { $0.knownRevision == nil }
        let accounts = SQLStep(
            asksForParts ? Head.selectionWithParts : Head.selection,
            [.texts(items.map(\.customer.rawValue))]
        )
        return SQLTransaction(
            .run([accounts] + FactSteps(items).steps) { (rows) throws(StoreError) in
                guard let first = rows.first else { throw StoreError(.corrupt, "No result came for a question.") }
                let heads = try Head.byCustomer(first, haveParts: asksForParts)
                let facts = try FactSteps(items).facts(from: Array(rows.dropFirst()))
                let wanted = items.compactMap { item in
                    heads[item.customer].flatMap { $0.revision != item.knownRevision ? $0 : nil }
                }
                guard !wanted.isEmpty else {
                    return .done(try answers(to: items, heads: heads, parts: nil, facts: facts))
                }
                let questions = Parts.Questions(about: wanted)
                return .finish(questions.steps) { (rows) throws(StoreError) in
                    try answers(to: items, heads: heads, parts: try Parts(rows, of: questions), facts: facts)
                }
            }
        )
    }

    /// Loads an account and facts in one round: it is likely to be at another revision than the caller knows.
    static func loadingWhole(_ item: LoadRequest.Item) -> SQLTransaction {
        let head = SQLStep(Head.selection, [.texts([item.customer.rawValue])])
        let facts = FactSteps([item])
        let steps = [head] + facts.steps
        let questions = Parts.Questions(aboutAllOf: item.customer)
        return SQLTransaction(
            .finish(steps + questions.steps) { (rows) throws(StoreError) in
                guard rows.count > steps.count else { throw StoreError(.corrupt, "No result came for a question.") }
                return try answers(
                    to: [item],
                    heads: try Head.byCustomer(rows[0], haveParts: false),
                    parts: try Parts(Array(rows[steps.count...]), of: questions),
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
        /// Of which tables there are rows, by their places among those of the parts; all where that was not asked.
        let parts: Int64

        /// The account's own row.
        static let selection = AccountTables.accounts.selection(by: ["customer"])
        /// The account's own row, and of which tables it has rows: most accounts have them of one or two, and each table that
        /// need not be asked about any more is a statement less.
        static let selectionWithParts = SQLStatement(
            forEach: """
                SELECT \(AccountTables.accounts.columnList), \(Parts.presence) FROM \(AccountTables.accounts.name) \
                WHERE customer = ?1
                """
        )

        static func byCustomer(_ rows: SQLRows, haveParts: Bool) throws(StoreError) -> [CustomerID: Head] {
            var heads: [CustomerID: Head] = [:]
            for row in rows.rows {
                let head = try Head(row, hasParts: haveParts)
                heads[head.customer] = head
            }
            return heads
        }

        private init(_ row: [SQLValue], hasParts: Bool) throws(StoreError) {
            var reader = SQLRowReader(row)
            customer = CustomerID(try reader.text())
            revision = try reader.revision()
            instant = try reader.timestamp()
            anchor = try reader.timestamp()
            standing = try reader.standing()
            firstPurchaseAt = try reader.optionalTimestamp()
            dueAt = try reader.optionalTimestamp()
            parts = hasParts ? try reader.integer() : -1
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

        private static let tables: [(table: SQLTable, selection: SQLStatement)] = [
            table(AccountTables.balances), table(AccountTables.grants),
            table(AccountTables.holds, order: ["hold_id", "part"]), table(AccountTables.levels),
            table(AccountTables.windows), table(AccountTables.warnings), table(AccountTables.trials),
            table(AccountTables.overrides, order: ["position"]), table(AccountTables.subscriptions),
            table(AccountTables.subscriptionLosses), table(AccountTables.upgrades),
            table(AccountTables.upgradeCheckouts), table(AccountTables.benefits), table(AccountTables.upgradeActs),
        ]

        private static func table(_ table: SQLTable, order: [String] = []) -> (SQLTable, SQLStatement) {
            (table, table.selection(by: ["customer"], order: order))
        }

        /// A number of which each binary place says whether there are rows of that table.
        static var presence: String {
            let places = tables.enumerated().map { place, part in
                "CASE WHEN EXISTS (SELECT 1 FROM \(part.table.name) AS part WHERE part.customer = ?1) "
                    + "THEN \(1 << place) ELSE 0 END"
            }
            return "CAST(\(places.joined(separator: " + ")) AS BIGINT)"
        }

        /// Which tables are asked about whom.
        struct Questions: Sendable {
            private let customers: [[CustomerID]]

            /// The questions about the accounts of which there is something.
            init(about heads: [Head]) {
                customers = Parts.tables.indices.map { place in
                    heads.filter { $0.parts & 1 << place != 0 }.map(\.customer)
                }
            }

            /// The questions about whatever there may be of an account.
            init(aboutAllOf customer: CustomerID) {
                customers = Parts.tables.map { _ in [customer] }
            }

            /// The places of the tables that are asked about, in the order of the steps.
            fileprivate var places: [Int] { customers.indices.filter { !customers[$0].isEmpty } }

            var steps: [SQLStep] {
                places.map { SQLStep(Parts.tables[$0].selection, [.texts(customers[$0].map(\.rawValue))]) }
            }
        }

        /// Reads the answers to questions.
        init(_ answers: [SQLRows], of questions: Questions) throws(StoreError) {
            let places = questions.places
            guard answers.count == places.count else {
                throw StoreError(.corrupt, "\(answers.count) results came for \(places.count) questions.")
            }
            var rows = [SQLRows](repeating: SQLRows([]), count: Self.tables.count)
            for (place, answer) in zip(places, answers) { rows[place] = answer }
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
