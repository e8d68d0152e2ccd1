extension Upgrade {
    /// The refusal that prompted an attempt: which limit of which meter sells what.
    public struct Denial: Hashable, Sendable {
        /// What was met.
        public enum Limit: String, Hashable, Sendable, CaseIterable {
            /// The meter is not part of the tier.
            case notIncluded = "not_included"
            /// What the tier gives was used up, or less than asked for was left.
            case allowance
            /// So much was used in a short time that the rest had to wait.
            case rate
        }

        /// What was met.
        public let limit: Limit

        /// The meter.
        public let meter: Meter.ID

        /// The tier that the customer was on.
        public let tier: Tier.ID

        /// The units that were asked for.
        public let requested: Int64

        /// The units that would have been let through.
        public let remaining: Int64

        /// When the attempt was prompted by it.
        public let at: Timestamp

        /// Creates the note of a refusal.
        public init(
            _ limit: Limit,
            meter: Meter.ID,
            tier: Tier.ID,
            requested: Int64,
            remaining: Int64,
            at: Timestamp
        ) {
            self.limit = limit
            self.meter = meter
            self.tier = tier
            self.requested = requested
            self.remaining = remaining
            self.at = at
        }

        init(_ denial: Account.Denial, at instant: Timestamp) {
            let limit: Limit =
                switch denial.limit {
                case .notIncluded: .notIncluded
                case .allowance: .allowance
                case .rate: .rate
                }
            self.init(
                limit,
                meter: denial.meter,
                tier: denial.tier,
                requested: denial.requested,
                remaining: denial.remaining,
                at: instant
            )
        }
    }
}
