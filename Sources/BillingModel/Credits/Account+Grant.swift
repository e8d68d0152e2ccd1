extension Account {
    /// One lot of units.
    ///
    /// What was given is always accounted for: amount = used + held + expired + remaining.
    public struct Grant: Hashable, Sendable {
        /// The name of a grant within its customer, made from the revision that gave it.
        public struct ID: Identifier {
            /// The text itself.
            public let rawValue: String

            /// Creates the id from its text.
            public init(_ rawValue: String) {
                self.rawValue = rawValue
            }
        }

        /// Where a grant comes from.
        public enum Source: String, Hashable, Sendable, CaseIterable {
            /// What a tier gives for one period.
            case allowance
        }

        /// The grant's name within its customer.
        public let id: ID

        /// The meter that the units are for.
        public let meter: Meter.ID

        /// Where it comes from.
        public let source: Source

        /// The units given.
        public var amount: Int64

        /// The units used up.
        public var used: Int64

        /// The units set aside by live holds.
        public var held: Int64

        /// The units that were left when the grant ended.
        public var expired: Int64

        /// When the units can be used.
        public var span: TimeSpan

        /// Creates a grant.
        public init(
            id: ID,
            meter: Meter.ID,
            source: Source,
            amount: Int64,
            used: Int64 = 0,
            held: Int64 = 0,
            expired: Int64 = 0,
            span: TimeSpan
        ) {
            self.id = id
            self.meter = meter
            self.source = source
            self.amount = amount
            self.used = used
            self.held = held
            self.expired = expired
            self.span = span
        }

        /// The units that can still be used.
        public var remaining: Int64 { amount - used - held - expired }
    }
}

extension Account.Grant {
    /// Returns whether a grant is drawn on before another: soonest end first, then earliest start, then id.
    static func burnsBefore(_ left: Self, _ right: Self) -> Bool {
        (left.span.end, left.span.start, left.id) < (right.span.end, right.span.start, right.id)
    }
}
