extension Tier {
    /// Credits of a pool that a tier gives again and again.
    public struct Credits: Hashable, Sendable, Codable {
        /// The credits per interval, from 1 to ``Catalog/Limits/units``.
        public let amount: Int64

        /// How often they are given.
        public let recurrence: Recurrence

        /// What happens at an interval's end to the credits that are left.
        public let rollover: Allowance.Rollover

        /// Creates recurring credits, such as 1,000 per month.
        public init(_ amount: Int64, per recurrence: Recurrence, rollover: Allowance.Rollover = .none) {
            self.amount = amount
            self.recurrence = recurrence
            self.rollover = rollover
        }
    }
}
