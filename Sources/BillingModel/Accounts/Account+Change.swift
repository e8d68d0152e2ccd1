extension Account {
    /// The difference that one command makes: what the store writes, the journal keeps and others replay.
    public struct Change: Hashable, Sendable {
        /// What made a change.
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            /// Units were used up.
            case consume
            /// Units were set aside.
            case reserve
            /// Work was done and its units used up.
            case capture
            /// Units that were set aside were given back.
            case release
            /// The customer asked to buy.
            case startUpgrade = "start_upgrade"
            /// The provider said something.
            case provider
        }

        /// Whose account it changes.
        public let customer: CustomerID

        /// The revision that it makes; the account must be at the one before.
        public let revision: Int64

        /// What made it.
        public let kind: Kind

        /// The key that it used up.
        public let key: Key?

        /// What was asked for under the key.
        package let fingerprint: Int64

        /// Who acted.
        public let member: MemberID?

        /// When it was decided, by the account's time.
        public let recordedAt: Timestamp

        /// When it counts: the beginning of the work for its end, else when it was decided.
        public let effectiveAt: Timestamp

        /// The receipt, for a change that has one.
        public let receipt: Receipt?

        /// What is different, in order.
        public let effects: [Effect]

        /// What hosts want to hear of it.
        public let notices: [Notice]

        /// The provider's names that belong to the customer from now on.
        public let references: [ProviderReference]

        /// Creates a change.
        package init(
            customer: CustomerID,
            revision: Int64,
            kind: Kind,
            key: Key?,
            fingerprint: Int64,
            member: MemberID?,
            recordedAt: Timestamp,
            effectiveAt: Timestamp,
            receipt: Receipt?,
            effects: [Effect],
            notices: [Notice],
            references: [ProviderReference]
        ) {
            self.customer = customer
            self.revision = revision
            self.kind = kind
            self.key = key
            self.fingerprint = fingerprint
            self.member = member
            self.recordedAt = recordedAt
            self.effectiveAt = effectiveAt
            self.receipt = receipt
            self.effects = effects
            self.notices = notices
            self.references = references
        }
    }

    /// One difference within a change.
    public enum Effect: Hashable, Sendable {
        /// The account was opened; its own periods count from this instant.
        case opened(anchor: Timestamp)
        /// The customer is on this tier now.
        case tierEntered(Tier.ID)
        /// A meter's running period is this one; its earlier one is closed.
        case periodOpened(Period)
        /// A meter's running period, and the grant it gave, end at another instant.
        case periodExtended(Meter.ID, until: Timestamp)
        /// Units were given.
        case granted(Grant)
        /// A grant has this many units more, or fewer.
        case resized(Grant.ID, by: Int64)
        /// Units were used, from a grant or from none, by work that counts at an instant.
        case drawn(Meter.ID, grant: Grant.ID?, amount: Int64, at: Timestamp)
        /// Units that were used before are now covered by another grant, or by none.
        case moved(Meter.ID, from: Grant.ID?, to: Grant.ID?, amount: Int64)
        /// What a grant had left is gone.
        case expired(Grant.ID, amount: Int64)
        /// A grant has nothing left and nothing held, and is no longer live.
        case retired(Grant.ID)
        /// Units were set aside.
        case held(Hold)
        /// A hold is over; what it set aside is free again.
        case holdEnded(Hold.ID, HoldEnd)
        /// A subscription is as given.
        case subscribed(Subscription)
        /// An attempt to buy is as given.
        case upgraded(Upgrade)
        /// An order is as given.
        case ordered(Order)
    }

    /// How a hold ended.
    public enum HoldEnd: String, Hashable, Sendable, CaseIterable {
        /// The work was done.
        case captured
        /// The work failed.
        case released
        /// Nobody said anything in time.
        case lapsed
        /// It goes on, with units of another grant.
        case moved
    }
}
