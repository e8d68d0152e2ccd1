extension BillingSystem {
    /// Units that are set aside for a piece of work, until it ends.
    ///
    /// A value that a host keeps while the work goes on, and hands to ``BillingSystem/capture(_:amount:by:)``,
    /// ``BillingSystem/release(_:by:)`` or ``BillingSystem/extend(_:by:)``, on this server or another one. To keep it
    /// in a database or a queue, keep its parts.
    public struct Reservation: Hashable, Sendable {
        /// Whose units.
        public let customer: CustomerID

        /// The key of the work, which its capture uses up.
        public let key: Account.Key

        /// The hold that sets the units aside.
        public let hold: Account.Hold.ID

        /// The receipt: which meter, how many units, what was left beside them.
        public let receipt: Account.Receipt

        /// Creates a reservation from its parts, as they were kept.
        public init(customer: CustomerID, key: Account.Key, hold: Account.Hold.ID, receipt: Account.Receipt) {
            self.customer = customer
            self.key = key
            self.hold = hold
            self.receipt = receipt
        }
    }
}
