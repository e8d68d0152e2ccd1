/// One webhook as it was received, and what became of it.
public struct Delivery: Hashable, Sendable {
    /// What a delivery is told from others by: the provider's id for it is the same on every retry.
    public struct ID: Hashable, Sendable {
        /// The provider account.
        public let provider: ProviderID

        /// The provider's id for the delivery.
        public let id: String

        /// Creates an id.
        public init(provider: ProviderID, id: String) {
            self.provider = provider
            self.id = id
        }
    }

    /// How far a delivery has come.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// Someone is working on it, until the lease ends.
        case processing
        /// It has taken effect, or was found to say nothing new.
        case done
        /// It is of no concern.
        case ignored
        /// It could not take effect yet; it is tried again.
        case failed
        /// It could not take effect and is not tried again by itself.
        case dead

        /// A Boolean value indicating whether nothing is left to do.
        public var isFinished: Bool { self == .done || self == .ignored }
    }

    /// What it is told from others by.
    public let id: ID

    /// The body, byte for byte as it was signed.
    public let body: [UInt8]

    /// When it was first received.
    public let receivedAt: Timestamp

    /// How far it has come.
    public let state: State

    /// What came of it, in a few words: `applied`, `stale`, or why it was ignored or failed.
    public let detail: String

    /// How often it was worked on.
    public let attempts: Int

    /// When it is due again: the end of the lease while it is worked on, the next try after a failure, else
    /// `nil`.
    public let dueAt: Timestamp?

    /// Creates a record of a delivery.
    public init(
        id: ID,
        body: [UInt8],
        receivedAt: Timestamp,
        state: State,
        detail: String,
        attempts: Int,
        dueAt: Timestamp?
    ) {
        self.id = id
        self.body = body
        self.receivedAt = receivedAt
        self.state = state
        self.detail = detail
        self.attempts = attempts
        self.dueAt = dueAt
    }
}

extension Delivery {
    /// Returns whether someone is working on it at an instant.
    public func isLeased(at now: Timestamp) -> Bool {
        guard state == .processing, let dueAt else { return false }
        return now < dueAt
    }
}

extension Delivery: CustomStringConvertible {
    /// Everything but the body, which holds personal data and is long.
    public var description: String {
        let due = dueAt.map { ", due at \($0)" } ?? ""
        return "\(id.provider) delivery \(id.id) of \(receivedAt): \(state.rawValue)"
            + (detail.isEmpty ? "" : " (\(detail))") + ", attempt \(attempts)\(due), \(body.count) bytes"
    }
}

extension Delivery.ID: Comparable {
    /// Returns whether the first comes before the second.
    public static func < (left: Delivery.ID, right: Delivery.ID) -> Bool {
        (left.provider, left.id) < (right.provider, right.id)
    }
}
