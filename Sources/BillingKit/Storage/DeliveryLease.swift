/// The right to work on one delivery for a while.
public struct DeliveryLease: Hashable, Sendable {
    /// The delivery.
    public let id: Delivery.ID

    /// Its body.
    public let body: [UInt8]

    /// When it was first received.
    public let receivedAt: Timestamp

    /// How often it was worked on, this time included.
    ///
    /// It is also the lease's generation: a worker that was overtaken has an older one, and changes nothing.
    public let attempt: Int

    /// Creates a lease.
    public init(id: Delivery.ID, body: [UInt8], receivedAt: Timestamp, attempt: Int) {
        self.id = id
        self.body = body
        self.receivedAt = receivedAt
        self.attempt = attempt
    }
}

/// What becomes of a leased delivery.
public struct DeliverySettlement: Hashable, Sendable {
    /// The delivery.
    public let id: Delivery.ID

    /// The attempt that the lease was for.
    ///
    /// Where the delivery has been leased again since, nothing changes.
    public let attempt: Int

    /// The state that it is in from now on.
    public let state: Delivery.State

    /// What came of it, in a few words.
    public let detail: String

    /// When it is tried again, for a failed one.
    public let retryAt: Timestamp?

    /// Creates a settlement.
    public init(lease: DeliveryLease, state: Delivery.State, detail: String, retryAt: Timestamp? = nil) {
        id = lease.id
        attempt = lease.attempt
        self.state = state
        self.detail = detail
        self.retryAt = retryAt
    }
}
