extension Account.Command {
    /// A setting aside of units.
    public struct Reservation: Hashable, Sendable {
        /// The meter.
        public let meter: Meter.ID
        /// The units, 1 or more.
        public let amount: Int64
        /// What tells this try at the work from another under the same key.
        public let attempt: String
        /// How long the units stay set aside, in microseconds from now, from 1 to ``Catalog/Limits/days`` days; as long
        /// as the catalog says when `nil`.
        public let lapsesAfterMicroseconds: Int64?

        /// Creates a setting aside of units.
        public init(meter: Meter.ID, amount: Int64, attempt: String, lapsesAfter: Duration? = nil) {
            self.meter = meter
            self.amount = amount
            self.attempt = attempt
            lapsesAfterMicroseconds = lapsesAfter?.wholeMicroseconds
        }
    }

    /// The end of work that is done.
    public struct Capture: Hashable, Sendable {
        /// The hold that the work began with.
        public let hold: Account.Hold.ID
        /// The meter of the hold.
        public let subject: Account.Balance.Subject
        /// The units that were set aside.
        public let reserved: Int64
        /// When they were set aside.
        public let reservedAt: Timestamp
        /// The units that the work took, 0 or more.
        public let amount: Int64

        /// Creates the end of the work that a hold was for.
        ///
        /// - Parameters:
        ///   - receipt: The receipt of the reservation.
        ///   - hold: The hold that the reservation made.
        ///   - amount: The units that the work took; what was set aside when left out.
        public init(of receipt: Account.Receipt, hold: Account.Hold.ID, amount: Int64? = nil) {
            self.hold = hold
            self.subject = receipt.subject
            self.reserved = receipt.amount
            self.reservedAt = receipt.at
            self.amount = amount ?? receipt.amount
        }
    }

    /// A giving back of units that were used up.
    public struct Refund: Hashable, Sendable {
        /// The key under which they were used: consumed, recorded, or captured.
        public let key: Account.Key
        /// The meter, or `nil` where only one was used under the key.
        public let meter: Meter.ID?
        /// The units, 1 or more, or `nil` for all that have not come back yet.
        public let amount: Int64?

        /// Creates a giving back of units that were used under a key.
        public init(of key: Account.Key, meter: Meter.ID? = nil, amount: Int64? = nil) {
            self.key = key
            self.meter = meter
            self.amount = amount
        }
    }
}

extension Account.Command.Refund {
    /// What is asked for, as texts of which none can be taken for another.
    var texts: [String] { [key.rawValue, meter?.rawValue ?? "", amount.map { String($0) } ?? ""] }
}
