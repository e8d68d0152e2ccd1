extension CommandProcessor {
    /// What the store said, and what the commands of the group have added to it.
    struct KnownFacts {
        private var precedents: [Account.Key: Account.Facts.Precedent]
        private var orders: [ProviderReference: Account.Order]
        private var owners: [ProviderReference: CustomerID]
        private var usage: [Account.Facts.UsageQuestion: Account.Facts.Usage]
        private var spending: [Account.Key: Account.Facts.Spending]
        private let storedEvents: Set<Account.EventID>
        /// The changes that counted events, in this group.
        private var counting: [Account.Change] = []
        private let spendingKeys: Set<Account.Key>
        private let subscriptions: [Subscription.Key]

        init(_ loaded: LoadedAccount, for commands: [Account.Command], needs: [Account.Facts.Need]) {
            subscriptions = needs.subscriptions
            precedents = loaded.precedents
            orders = loaded.orders
            owners = loaded.owners
            usage = loaded.usage
            spending = loaded.spending
            storedEvents = loaded.knownEvents
            spendingKeys = Set(commands.compactMap(\.spendingKey))
        }

        mutating func note(_ change: Account.Change) {
            if let key = change.key {
                precedents[key] = Account.Facts.Precedent(
                    receipt: change.receipt,
                    fingerprint: change.fingerprint,
                    at: change.recordedAt
                )
            }
            for reference in change.references { owners[reference] = change.customer }
            if !change.events.isEmpty { counting.append(change) }
            for key in spending.keys { spending[key]?.note(change) }
            if let key = change.key, spendingKeys.contains(key) {
                spending[key] = Account.Facts.Spending(of: change)
            }
            for case .ordered(let order) in change.effects { orders[order.providerReference] = order }
            usage.note(change)
        }

        func facts(for command: Account.Command, catalogs: [Catalog.Version: Catalog]) -> Account.Facts {
            var facts = Account.Facts(usage: usage, catalogs: catalogs)
            facts.precedent = command.key.flatMap { precedents[$0] }
            switch command.action {
            case .changeSubscription, .take:
                for key in subscriptions {
                    let own = orders.values.filter { $0.subscriptionKey == key }
                    facts.orders[key] = own.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
                }
            default: break
            }
            if case .take(let snapshot) = command.action {
                facts.order = snapshot.order.flatMap { orders[$0.providerReference] }
            }
            if !command.references.isEmpty { facts.owners = owners }
            if let key = command.spendingKey { facts.spending[key] = spending[key] }
            if case .recordAll = command.action {
                // Gathered when another batch asks, which is seldom in the same group.
                facts.knownEvents = counting.reduce(into: storedEvents) { $0.formUnion($1.events) }
            }
            return facts
        }
    }
}

extension [Account.Facts.UsageQuestion: Account.Facts.Usage] {
    /// Takes in what a change says about the questions.
    mutating func note(_ change: Account.Change) {
        guard !isEmpty else { return }
        for effect in change.effects {
            switch effect {
            case .drawn(let draw):
                for question in keys where question.covers(draw) { self[question]?.add(draw) }
            case .returned(let back):
                for question in keys where question.covers(back.draw) { self[question]?.take(back: back.draw) }
            default: break
            }
        }
    }
}
