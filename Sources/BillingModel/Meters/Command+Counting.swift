extension Account.Command {
    /// Something that happened once and is counted once.
    public struct Event: Hashable, Sendable {
        /// What tells it from every other event of the customer.
        public let id: Account.EventID
        /// The meter.
        public let meter: Meter.ID
        /// The units that were used, 1 or more.
        public let amount: Int64

        /// Creates an event.
        public init(id: Account.EventID, meter: Meter.ID, amount: Int64 = 1) {
            self.id = id
            self.meter = meter
            self.amount = amount
        }
    }

    /// A count that a person puts right.
    public struct Correction: Hashable, Sendable {
        /// The meter.
        public let meter: Meter.ID
        /// The units that the running period counts too few; negative where it counts too many, and not 0.
        public let amount: Int64
        /// Why, for whoever reads the journal: 1 to ``Account/maximumReasonLength`` bytes without NUL.
        public let reason: String

        /// Creates a correction.
        public init(meter: Meter.ID, amount: Int64, reason: String) {
            self.meter = meter
            self.amount = amount
            self.reason = reason
        }
    }
}

extension Account.Command.Correction {
    var texts: [String] { [meter.rawValue, String(amount), reason] }
}
