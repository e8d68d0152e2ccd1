extension Account {
    /// The trial that a customer has had of the kit, once for ever.
    public struct Trial: Hashable, Sendable {
        /// When it began.
        public let startedAt: Timestamp

        /// How long it lasts at most, in days of 24 hours.
        public let days: Int

        /// What it gives.
        public let gift: Catalog.Trial.Gift

        /// The catalog version that it was given under.
        public let catalog: Catalog.Version

        /// The grant that it gave, or `nil` where it gives a tier.
        public let grant: Grant.ID?

        /// How many days before the end the customer was last reminded, or `nil` while that has not happened.
        public var remindedDays: Int?

        /// When it was over, once that has been noticed.
        public var endedAt: Timestamp?

        /// Creates a trial.
        public init(
            startedAt: Timestamp,
            days: Int,
            gift: Catalog.Trial.Gift,
            catalog: Catalog.Version,
            grant: Grant.ID? = nil,
            remindedDays: Int? = nil,
            endedAt: Timestamp? = nil
        ) {
            self.startedAt = startedAt
            self.days = days
            self.gift = gift
            self.catalog = catalog
            self.grant = grant
            self.remindedDays = remindedDays
            self.endedAt = endedAt
        }

        /// Returns the trial's span, which the customer's first purchase cuts short.
        public func span(firstPurchase: Timestamp?) -> TimeSpan {
            TimeSpan.trial(from: startedAt, days: days, firstPurchase: firstPurchase)
        }
    }
}
