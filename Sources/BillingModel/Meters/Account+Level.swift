extension Account {
    /// Where a gauge stands.
    public struct Level: Hashable, Sendable {
        /// The gauge.
        public let meter: Meter.ID

        /// The units that it stands at, 1 or more; a gauge that stands at nothing has none of these.
        public var units: Int64

        /// Creates a level.
        public init(meter: Meter.ID, units: Int64) {
            self.meter = meter
            self.units = units
        }
    }
}
