extension Catalog {
    /// The trial that the kit runs, once for each customer, until its days are over or the first purchase.
    ///
    /// A trial that a provider runs is none of this: it follows the provider's reports.
    public struct Trial: Hashable, Sendable, Codable {
        /// What a trial gives; amounts are from 1 to ``Catalog/Limits/units``.
        public enum Gift: Hashable, Sendable, Codable {
            /// A tier above the fallback.
            case tier(Tier.ID)
            /// Credits of a pool.
            case credits(Int64, of: CreditPool.ID)
            /// Units of a consumable meter, in its smallest unit.
            case units(Int64, of: Meter.ID)
        }

        /// How long it lasts, in days of 24 hours, from 1 to 366.
        public let days: Int

        /// What it gives.
        public let gives: Gift

        /// How many days before the end the customer is reminded, each at least 1 and less than ``days``.
        public let reminderDays: [Int]

        /// Creates a trial.
        ///
        /// - Parameters:
        ///   - days: How long it lasts.
        ///   - gives: What it gives.
        ///   - reminderDays: How many days before the end the customer is reminded; when left out, 3 days before,
        ///     and never in a trial that is not longer.
        public init(days: Int, gives: Gift, reminderDays: [Int]? = nil) {
            self.days = days
            self.gives = gives
            self.reminderDays = reminderDays ?? (days > 3 ? [3] : [])
        }
    }
}
