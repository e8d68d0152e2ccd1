extension Account {
    /// Something that a host wants to hear about a customer.
    public struct Notice: Hashable, Sendable {
        /// What happened.
        public enum Kind: Hashable, Sendable {
            /// A balance has fallen below a threshold; so many units are left.
            case lowBalance(Balance.Subject, Catalog.Threshold, left: Int64)
            /// A balance has nothing left.
            case exhausted(Balance.Subject)
            /// The trial ends at an instant, in so many days.
            case trialEnding(Timestamp, days: Int)
            /// The trial is over.
            case trialEnded
            /// The account contradicts itself or its journal: how badly, and the finding as a sentence.
            case inconsistent(Finding.Severity, String)
            /// The customer is on another tier now.
            case tierChanged(from: Tier.ID, to: Tier.ID)
            /// A payment has failed for the subscription of this id.
            case paymentDue(String)
            /// The subscription of the first id gives access beside the one of the second: the customer pays for both.
            case severalSubscriptions(String, beside: String)
            /// The subscription of this id was to change to a tier that nobody sells any more; it stays as it is.
            case changeDropped(String, to: Tier.ID)
            /// Nothing came of an attempt to buy: a checkout of it was not paid in time, or nothing followed a click for the
            /// time that the catalog says. Told once of an attempt, and of none that is completed by then.
            case upgradeAbandoned(Upgrade.Key)
        }

        /// The customer.
        public let customer: CustomerID

        /// The revision that it happened in.
        public let revision: Int64

        /// The notice's place among those of the revision, from 0.
        public let ordinal: Int

        /// What happened.
        public let kind: Kind

        /// When it happened.
        public let at: Timestamp

        /// Creates a notice.
        public init(customer: CustomerID, revision: Int64, ordinal: Int, kind: Kind, at: Timestamp) {
            self.customer = customer
            self.revision = revision
            self.ordinal = ordinal
            self.kind = kind
            self.at = at
        }
    }
}
