/// Changes for a store to write.
public struct CommitRequest: Sendable {
    /// The changes of one account.
    public struct Item: Sendable {
        /// The account and its next instant, as they are after the changes.
        package let state: AccountState

        /// The account as it is after the changes.
        public var account: Account { state.account }

        /// The changes, by revision; the first one follows the revision that the store must be at.
        ///
        /// Without any, all that is written is when the account is due.
        public let changes: [Account.Change]

        /// When something happens to the account by time alone, which is to be written down then; `nil` for never.
        public var dueAt: Timestamp? { state.dueAt }

        /// Whether the store has to be told when the account is due; else it has it so already.
        public let setsDueAt: Bool

        /// Keys that were taken to be free when this was decided, apart from those of the changes.
        ///
        /// Where one has been used, or one of the changes' own, nothing is written.
        public let assumedKeys: [Account.Key]

        /// Deliveries whose effect the changes are.
        public let settlements: [DeliverySettlement]

        /// Creates an item.
        public init(
            account: Account,
            changes: [Account.Change],
            dueAt: Timestamp?,
            setsDueAt: Bool = true,
            assumedKeys: [Account.Key] = [],
            settlements: [DeliverySettlement] = []
        ) {
            self.init(
                AccountState(account, dueAt: dueAt),
                changes: changes,
                setsDueAt: setsDueAt,
                assumedKeys: assumedKeys,
                settlements: settlements
            )
        }

        init(
            _ state: AccountState,
            changes: [Account.Change],
            setsDueAt: Bool,
            assumedKeys: [Account.Key],
            settlements: [DeliverySettlement]
        ) {
            self.state = state
            self.changes = changes
            self.setsDueAt = setsDueAt
            self.assumedKeys = assumedKeys
            self.settlements = settlements
        }

        /// The revision that the store must be at.
        public var baseRevision: Int64 { state.account.revision - Int64(changes.count) }

        /// The keys that must be free.
        public var keys: [Account.Key] { changes.compactMap(\.key) + assumedKeys }
    }

    /// The accounts, each customer at most once.
    public let items: [Item]

    /// Creates a request.
    public init(items: [Item]) {
        self.items = items
    }
}

/// What became of the changes of one account.
public enum CommitOutcome: Hashable, Sendable {
    /// They are written and will survive whatever the store promises to survive.
    case committed
    /// The account was at another revision; nothing of it is written.
    case conflict
    /// The account was at that revision, but one of the keys has been used before, or two of the changes have the same;
    /// nothing of it is written, whoever its names belong to.
    case keyUsed
    /// Another transaction has the account locked; nothing of it is written. ``BillingStore/update(_:asking:deciding:)`` waits for
    /// it, so that a commit with others in it need not.
    case locked
    /// A provider's name that the changes claim belongs to another customer; nothing of it is written.
    case claimedByAnother(ProviderReference)
}
