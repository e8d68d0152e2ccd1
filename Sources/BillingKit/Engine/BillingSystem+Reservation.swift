extension BillingSystem {
    /// Units that are set aside for a piece of work, until it ends.
    ///
    /// A value that a host keeps while the work goes on, and hands to ``BillingSystem/capture(_:amount:by:)``,
    /// ``BillingSystem/release(_:by:)`` or ``BillingSystem/extend(_:by:)``, on this server or another one. It can be
    /// encoded, so that it can lie in a queue or a table beside the work.
    public struct Reservation: Hashable, Sendable {
        /// Whose units.
        public let customer: CustomerID

        /// The key of the work, which its capture uses up.
        public let key: Account.Key

        /// The hold that sets the units aside.
        public let hold: Account.Hold.ID

        /// The meter.
        public let meter: Meter.ID

        /// The receipt: how many units, when, and what was left beside them.
        public let receipt: Account.Receipt

        init(customer: CustomerID, key: Account.Key, hold: Account.Hold.ID, meter: Meter.ID, receipt: Account.Receipt) {
            self.customer = customer
            self.key = key
            self.hold = hold
            self.meter = meter
            self.receipt = receipt
        }
    }
}

extension BillingSystem.Reservation: Codable {
    private enum CodingKeys: String, CodingKey {
        case customer, key, hold, meter, amount, remaining, revision
        case microseconds = "at"
    }

    /// Reads the reservation from a decoder.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let meter = try values.decode(Meter.ID.self, forKey: .meter)
        let remaining = try values.decodeIfPresent(Int64.self, forKey: .remaining)
        self.init(
            customer: try values.decode(CustomerID.self, forKey: .customer),
            key: try values.decode(Account.Key.self, forKey: .key),
            hold: try values.decode(Account.Hold.ID.self, forKey: .hold),
            meter: meter,
            receipt: Account.Receipt(
                revision: try values.decode(Int64.self, forKey: .revision),
                line: Account.Receipt.Line(
                    subject: .meter(meter),
                    amount: try values.decode(Int64.self, forKey: .amount),
                    remaining: remaining.map { .units($0) } ?? .unlimited
                ),
                at: Timestamp(microseconds: try values.decode(Int64.self, forKey: .microseconds))
            )
        )
    }

    /// Writes the reservation to an encoder, as a flat list of names and numbers.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(customer, forKey: .customer)
        try values.encode(key, forKey: .key)
        try values.encode(hold, forKey: .hold)
        try values.encode(meter, forKey: .meter)
        try values.encode(receipt.amount, forKey: .amount)
        if case .units(let units) = receipt.remaining { try values.encode(units, forKey: .remaining) }
        try values.encode(receipt.revision, forKey: .revision)
        try values.encode(receipt.at.microseconds, forKey: .microseconds)
    }
}
