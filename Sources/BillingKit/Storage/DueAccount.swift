/// An account at which something is due by time alone, and since when.
public struct DueAccount: Hashable, Sendable {
    /// Whose account.
    public let customer: CustomerID

    /// When it was due, as it was last committed.
    public let dueAt: Timestamp

    /// Creates a value.
    public init(customer: CustomerID, dueAt: Timestamp) {
        self.customer = customer
        self.dueAt = dueAt
    }
}

extension DueAccount: Comparable {
    /// Returns whether the first was due before the second, or at one instant has the lower customer, byte for byte.
    public static func < (left: DueAccount, right: DueAccount) -> Bool {
        (left.dueAt, left.customer) < (right.dueAt, right.customer)
    }
}
