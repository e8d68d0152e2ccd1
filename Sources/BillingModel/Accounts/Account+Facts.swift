extension Account {
    /// What the live state does not hold and a decision needs.
    public struct Facts: Hashable, Sendable {
        /// What a key was already used for.
        public struct Precedent: Hashable, Sendable {
            /// The receipt that was given, for a command that earns one.
            public let receipt: Receipt?
            /// The fingerprint of the command that earned it.
            public let fingerprint: Int64
            /// When it was recorded, by the account's time.
            public let at: Timestamp

            /// Creates a precedent from what a store has kept: the receipt, the fingerprint and the instant of recording
            /// of the change that used the key.
            public init(receipt: Receipt?, fingerprint: Int64, at instant: Timestamp) {
                self.receipt = receipt
                self.fingerprint = fingerprint
                at = instant
            }
        }

        /// A question about the past: how much of a meter or pool was used from an instant on.
        public struct UsageQuestion: Hashable, Sendable {
            /// The meter or the pool.
            public let subject: Balance.Subject
            /// The first instant that counts.
            public let since: Timestamp

            /// Creates a question.
            public init(_ subject: Balance.Subject, since: Timestamp) {
                self.subject = subject
                self.since = since
            }

            /// Returns whether a draw is part of the answer.
            public func covers(_ draw: Draw) -> Bool {
                draw.at >= since && draw.subject == subject
            }
        }

        /// An answer to a question about the past.
        public struct Usage: Hashable, Sendable {
            /// The units that were used and have not come back.
            public var units: Int64
            /// The units among them that came from other grants than allowances, or from credits.
            public var fromOtherGrants: Int64

            /// Creates an answer; without arguments, nothing was used.
            public init(units: Int64 = 0, fromOtherGrants: Int64 = 0) {
                self.units = units
                self.fromOtherGrants = fromOtherGrants
            }

            /// Adds a draw; sums beyond what an `Int64` holds stay at its greatest.
            public mutating func add(_ draw: Draw) {
                units = units.addingClamped(draw.amount)
                if !draw.cover.isOwn { fromOtherGrants = fromOtherGrants.addingClamped(draw.amount) }
            }

            /// Takes a draw back; differences beyond what an `Int64` holds stay at its least.
            public mutating func take(back draw: Draw) {
                units.take(draw.amount)
                if !draw.cover.isOwn { fromOtherGrants.take(draw.amount) }
            }
        }

        /// What was used under a key, and what of it has come back.
        public struct Spending: Hashable, Sendable {
            /// The revision that used it.
            public let revision: Int64
            /// The draws of that revision, in their order.
            public let draws: [Draw]
            /// What has come back of them since.
            public var returns: [Draw]
            /// Those of the grants drawn on that are no longer live, as they were last.
            public var retired: [Grant.ID: Grant]

            /// Creates the answer.
            public init(
                revision: Int64,
                draws: [Draw],
                returns: [Draw] = [],
                retired: [Grant.ID: Grant] = [:]
            ) {
                self.revision = revision
                self.draws = draws
                self.returns = returns
                self.retired = retired
            }

            /// Creates the answer for a change that used something; its grants that it used up are retired.
            public init(of change: Change) {
                self.init(
                    revision: change.revision,
                    draws: change.effects.compactMap { if case .drawn(let draw) = $0 { draw } else { nil } }
                )
                note(change)
            }

            /// Takes in a later change of the same account.
            public mutating func note(_ change: Change) {
                for effect in change.effects {
                    switch effect {
                    case .returned(let back) where back.revision == revision: returns.append(back.draw)
                    case .retired(let grant) where draws.contains { $0.grant == grant.id }: retired[grant.id] = grant
                    case .restored(let grant): retired[grant.id] = nil
                    default: break
                    }
                }
            }
        }

        /// What a decision turned out to need.
        public enum Need: Hashable, Sendable {
            /// The answer to a question about the past.
            case usage(UsageQuestion)
            /// The catalog of a version.
            case catalog(Catalog.Version)
            /// All orders of a subscription.
            case orders(of: Subscription.Key)
        }

        /// What the command's key was already used for.
        public var precedent: Precedent? {
            get { storage?.content.precedent }
            set { change { $0.precedent = newValue } }
        }

        /// The order that the command names, as last stored.
        public var order: Account.Order? {
            get { storage?.content.order }
            set { change { $0.order = newValue } }
        }

        /// The customers to whom the provider's names in the command belong, where they belong to anyone.
        public var owners: [ProviderReference: CustomerID] {
            get { storage?.content.owners ?? [:] }
            set { change { $0.owners = newValue } }
        }

        /// Answers to questions about the past.
        public var usage: [UsageQuestion: Usage] {
            get { storage?.content.usage ?? [:] }
            set { change { $0.usage = newValue } }
        }

        /// What was used under keys that the command names.
        public var spending: [Key: Spending] {
            get { storage?.content.spending ?? [:] }
            set { change { $0.spending = newValue } }
        }

        /// Those of the command's events that were counted within ``Account/eventMemory`` before.
        public var knownEvents: Set<EventID> {
            get { storage?.content.knownEvents ?? [] }
            set { change { $0.knownEvents = newValue } }
        }

        /// All orders of a subscription that the command is about, as last stored.
        public var orders: [Subscription.Key: [Account.Order]] {
            get { storage?.content.orders ?? [:] }
            set { change { $0.orders = newValue } }
        }

        /// Catalogs beside the current one, by version.
        public var catalogs: [Catalog.Version: Catalog] {
            get { storage?.content.catalogs ?? [:] }
            set { change { $0.catalogs = newValue } }
        }

        /// What most commands need nothing of: so it is apart, and where there are no facts there is nothing to copy.
        private struct Content: Hashable, Sendable {
            var precedent: Precedent?
            var order: Account.Order?
            var owners: [ProviderReference: CustomerID] = [:]
            var usage: [UsageQuestion: Usage] = [:]
            var spending: [Key: Spending] = [:]
            var knownEvents: Set<EventID> = []
            var orders: [Subscription.Key: [Account.Order]] = [:]
            var catalogs: [Catalog.Version: Catalog] = [:]

            var isEmpty: Bool {
                let hasValue =
                    if case .some = precedent { true } else if case .some = order { true } else { false }
                return !hasValue && owners.isEmpty && usage.isEmpty && spending.isEmpty && knownEvents.isEmpty
                    && orders.isEmpty && catalogs.isEmpty
            }
        }

        /// A box that nobody changes: another value gets another one.
        private final class Storage: Sendable {
            let content: Content

            init(_ content: Content) {
                self.content = content
            }
        }

        private var storage: Storage?

        private mutating func change(_ body: (inout Content) -> Void) {
            var content = storage?.content ?? Content()
            body(&content)
            storage = content.isEmpty ? nil : Storage(content)
        }

        /// Creates facts; without arguments, none.
        public init(
            precedent: Precedent? = nil,
            order: Account.Order? = nil,
            owners: [ProviderReference: CustomerID] = [:],
            usage: [UsageQuestion: Usage] = [:],
            spending: [Key: Spending] = [:],
            knownEvents: Set<EventID> = [],
            catalogs: [Catalog.Version: Catalog] = [:]
        ) {
            let content = Content(
                precedent: precedent,
                order: order,
                owners: owners,
                usage: usage,
                spending: spending,
                knownEvents: knownEvents,
                catalogs: catalogs
            )
            storage = content.isEmpty ? nil : Storage(content)
        }

        /// Creates no facts.
        public init() {
            storage = nil
        }

        /// A Boolean value indicating whether there are none.
        var areNone: Bool { storage == nil }

        /// Returns whether two are the same.
        public static func == (left: Facts, right: Facts) -> Bool {
            left.storage === right.storage || left.storage?.content == right.storage?.content
        }

        /// Feeds them to a hasher.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(storage?.content)
        }
    }
}

extension Int64 {
    /// Returns the sum; beyond what fits, the greatest or the least there is.
    func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
