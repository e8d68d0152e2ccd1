extension Account {
    /// The running period of one meter, or of one pool.
    public struct Period: Hashable, Sendable {
        /// What the units are of.
        public let subject: Balance.Subject

        /// The period.
        public var span: TimeSpan

        /// The units used in the period, whatever they were drawn on.
        public var used: Int64

        /// The units among them that nothing covers: used on an unlimited meter, or beyond a limit that was
        /// lowered or had run out when the work was done.
        public var uncovered: Int64

        /// The grant that the tier gave for the period, or `nil` where it gave none or no limit.
        public var grant: Grant.ID?

        /// When it was last drawn on, or `nil` while it never was.
        public var lastUsed: Timestamp?

        /// Creates a period.
        public init(
            subject: Balance.Subject,
            span: TimeSpan,
            used: Int64 = 0,
            uncovered: Int64 = 0,
            grant: Grant.ID? = nil,
            lastUsed: Timestamp? = nil
        ) {
            self.subject = subject
            self.span = span
            self.used = used
            self.uncovered = uncovered
            self.grant = grant
            self.lastUsed = lastUsed
        }

        /// The meter that it is of, or `nil` where it is a pool's.
        public var meter: Meter.ID? {
            if case .meter(let meter) = subject { meter } else { nil }
        }

        /// Changes the counters in their place.
        mutating func count(_ body: (inout Period) -> Void) {
            body(&self)
        }
    }
}
