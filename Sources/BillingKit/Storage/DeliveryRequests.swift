public import WebhookSignatures

/// A verified webhook that is to be kept.
public struct RecordDeliveryRequest: Hashable, Sendable {
    /// What the delivery is told from others by.
    public let id: Delivery.ID

    /// Its body, byte for byte as it was signed.
    public let body: [UInt8]

    /// When it was received.
    public let receivedAt: Timestamp

    /// When the lease ends that the caller gets with it.
    public let leasedUntil: Timestamp

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - webhook: The webhook. Only a verifier makes one, so nothing unverified reaches the log.
    ///   - provider: The provider account that sent it.
    ///   - receivedAt: When it was received.
    ///   - leasedUntil: When the lease ends that the caller gets with it.
    public init(_ webhook: VerifiedWebhook, from provider: ProviderID, receivedAt: Timestamp, leasedUntil: Timestamp) {
        id = Delivery.ID(provider: provider, id: webhook.identity)
        body = webhook.body
        self.receivedAt = receivedAt
        self.leasedUntil = leasedUntil
    }
}

/// What a store says to a webhook that is to be kept.
public enum DeliveryRecording: Hashable, Sendable {
    /// It is kept, or was kept before and is not finished, and the caller has the lease.
    case leased(DeliveryLease)
    /// It was received before and someone is working on it.
    case inProgress
    /// It was received before and is finished.
    case finished(Delivery.State, detail: String)
}

/// A request for one provider's deliveries that are due, for a while and for this caller alone.
public struct LeaseDeliveriesRequest: Hashable, Sendable {
    /// The provider account whose deliveries are wanted: nobody else can read them.
    public let provider: ProviderID

    /// How many, until when.
    public let lease: LeaseRequest

    /// Creates a request.
    public init(provider: ProviderID, lease: LeaseRequest) {
        self.provider = provider
        self.lease = lease
    }
}

/// A request for one delivery, for a while and for this caller alone.
public struct LeaseDeliveryRequest: Hashable, Sendable {
    /// The delivery.
    public let id: Delivery.ID

    /// The present instant.
    public let now: Timestamp

    /// When the lease ends.
    public let until: Timestamp

    /// Creates a request.
    public init(id: Delivery.ID, now: Timestamp, until: Timestamp) {
        self.id = id
        self.now = now
        self.until = until
    }
}

/// A request for work that is due, for a while and for this caller alone.
public struct LeaseRequest: Hashable, Sendable {
    /// The present instant.
    public let now: Timestamp

    /// When the leases end.
    public let until: Timestamp

    /// The most items, 1 to 1,000.
    public let limit: Int

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - now: The present instant; what is due at it is due.
    ///   - until: When the leases end.
    ///   - limit: The most items; less than 1 counts as 1, more than 1,000 as that.
    public init(now: Timestamp, until: Timestamp, limit: Int) {
        self.now = now
        self.until = until
        self.limit = min(max(1, limit), 1_000)
    }
}

/// A question for a page of the delivery log, newest first.
public struct DeliveryQuery: Hashable, Sendable {
    /// The states that are wanted; all when empty.
    public let states: [Delivery.State]

    /// Where the page before ended: the last delivery of it.
    public let after: Delivery?

    /// The most deliveries in the page, 1 to 1,000.
    public let limit: Int

    /// Creates a question.
    public init(states: [Delivery.State] = [], after: Delivery? = nil, limit: Int = 100) {
        self.states = states
        self.after = after
        self.limit = min(max(1, limit), 1_000)
    }
}
