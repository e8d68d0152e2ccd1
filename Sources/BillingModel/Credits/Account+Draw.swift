extension Account {
    /// Units of a meter that were used, with where they came from.
    public struct Draw: Hashable, Sendable {
        /// The meter.
        public let meter: Meter.ID

        /// The grant, or `nil` for units that none covers.
        public let grant: Grant.ID?

        /// Where the grant came from, or `nil` for units that none covers.
        public let source: Grant.Source?

        /// The units of the meter.
        public let amount: Int64

        /// When the work counts that used them.
        public let at: Timestamp

        /// Creates a draw.
        public init(meter: Meter.ID, grant: Grant.ID?, source: Grant.Source?, amount: Int64, at: Timestamp) {
            self.meter = meter
            self.grant = grant
            self.source = source
            self.amount = amount
            self.at = at
        }
    }
}
