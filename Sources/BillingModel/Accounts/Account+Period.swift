extension Account {
    /// The running period of one meter.
    public struct Period: Hashable, Sendable {
        /// The meter.
        public let meter: Meter.ID

        /// The period.
        public var span: TimeSpan

        /// The units used in the period, whatever they were drawn on.
        public var used: Int64

        /// The units among them that no grant covers: used on an unlimited meter, or beyond a limit that was
        /// lowered or had run out when the work was done.
        public var uncovered: Int64

        /// The grant that the tier gave for the period, or `nil` where it gave none or no limit.
        public var grant: Grant.ID?

        /// When the meter was last used, or `nil` while it never was.
        public var lastUsed: Timestamp?

        /// Creates a period.
        public init(
            meter: Meter.ID,
            span: TimeSpan,
            used: Int64 = 0,
            uncovered: Int64 = 0,
            grant: Grant.ID? = nil,
            lastUsed: Timestamp? = nil
        ) {
            self.meter = meter
            self.span = span
            self.used = used
            self.uncovered = uncovered
            self.grant = grant
            self.lastUsed = lastUsed
        }

        /// Changes the counters in their place.
        mutating func count(_ body: (inout Period) -> Void) {
            body(&self)
        }
    }
}
