/// A question to a store for accounts, with the facts that commands on them need.
public struct LoadRequest: Sendable {
    /// One account and the facts about it.
    public struct Item: Hashable, Sendable {
        /// The customer.
        public let customer: CustomerID

        /// The revision that the caller already has; the account is not sent again while it is at that one.
        public let knownRevision: Int64?

        /// Keys of which it is to be known what they were used for.
        public let keys: [Account.Key]

        /// Orders that are wanted as last stored; a subscription's name among them stands for all of its orders.
        public let orders: [ProviderReference]

        /// Provider's names of which the owner is wanted, whoever it is.
        public let references: [ProviderReference]

        /// Questions about the past.
        public let usage: [Account.Facts.UsageQuestion]

        /// Keys of which it is to be known what was used under them, and what of it has come back.
        public let spending: [Account.Key]

        /// Events of which it is to be known whether they were counted after ``eventsSince``.
        public let events: [Account.EventID]

        /// From when on counted events matter; those that were recorded at it or before are forgotten.
        public let eventsSince: Timestamp

        /// Creates an item.
        public init(
            customer: CustomerID,
            knownRevision: Int64? = nil,
            keys: [Account.Key] = [],
            orders: [ProviderReference] = [],
            references: [ProviderReference] = [],
            usage: [Account.Facts.UsageQuestion] = [],
            spending: [Account.Key] = [],
            events: [Account.EventID] = [],
            eventsSince: Timestamp = Timestamp(microseconds: .min)
        ) {
            self.customer = customer
            self.knownRevision = knownRevision
            self.keys = keys
            self.orders = orders
            self.references = references
            self.usage = usage
            self.spending = spending
            self.events = events
            self.eventsSince = eventsSince
        }
    }

    /// The accounts, each customer at most once.
    public let items: [Item]

    /// A Boolean value indicating whether a commit is likely to follow.
    ///
    /// The answer is the same. A store that reads in several places may answer where it writes.
    public let precedesCommit: Bool

    /// Creates a question.
    public init(items: [Item], precedesCommit: Bool = false) {
        self.items = items
        self.precedesCommit = precedesCommit
    }
}
