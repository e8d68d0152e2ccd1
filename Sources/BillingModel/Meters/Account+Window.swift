extension Account {
    /// The running window of a rate: how much of a meter was used since it began.
    public struct Window: Hashable, Sendable {
        /// The meter.
        public let meter: Meter.ID

        /// The window's length in seconds, 1 or more.
        public let seconds: Int64

        /// When it began.
        public let start: Timestamp

        /// The units used since, by work that began since.
        public var used: Int64

        /// Creates a window.
        public init(meter: Meter.ID, seconds: Int64, start: Timestamp, used: Int64 = 0) {
            self.meter = meter
            self.seconds = seconds
            self.start = start
            self.used = used
        }

        /// The window's instants.
        public var span: TimeSpan { TimeSpan(from: start, to: start.advanced(by: .seconds(seconds))) }

        /// What tells a window from the others of its customer.
        var place: (Meter.ID, Int64) { (meter, seconds) }
    }
}
