extension Account {
    /// A refusal, with all that a page needs to explain it.
    public struct Denial: Hashable, Sendable {
        /// What a demand met.
        public enum Limit: Hashable, Sendable {
            /// The meter is not part of the tier.
            case notIncluded
            /// What the tier gives is used up or set aside, or less than asked for is left.
            case allowance(Allowance)
            /// So much is used in a short time that the rest has to wait.
            case rate(Tier.Rate)
        }

        /// What the demand met.
        public let limit: Limit

        /// The meter.
        public let meter: Meter.ID

        /// The tier that the customer is on.
        public let tier: Tier.ID

        /// What the customer has on the meter by that tier.
        public let allowance: Allowance

        /// The units that were asked for.
        public let requested: Int64

        /// The units that would be let through now, those beyond a soft limit among them.
        public let remaining: Int64

        /// When more is let through by time alone, or `nil` when waiting changes nothing.
        public let resetsAt: Timestamp?

        /// The higher tiers that would let this request through, lowest first.
        public let unlockedBy: [Tier.ID]

        /// The packs that would, in the catalog's order.
        public let unlockedByPacks: [Pack.ID]

        /// The host's reference for the work, as the command carried it.
        public let reference: String?
    }
}
