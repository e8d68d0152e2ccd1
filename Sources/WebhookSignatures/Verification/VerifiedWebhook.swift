/// A delivery whose signature was found right.
///
/// Only ``WebhookVerifier`` makes values of this type, so whoever takes one need not ask whether the delivery was
/// verified. It says that the sender held the secret. It does not say that the delivery is new: a provider's retry
/// has the same identifier, and so has a replay within the tolerance. Act on each ``id`` once.
public struct VerifiedWebhook: Sendable, Equatable {
    /// The signed identifier of the message, 1 to 255 visible ASCII characters without a full stop.
    ///
    /// It stays the same over all attempts to deliver the message. Take it from here to recognise repeats, never
    /// from the request: another header with an identifier is not signed.
    public let id: String

    /// The signed time of the attempt in seconds since 1970, UTC.
    public let timestamp: Int64

    /// The position, from 0, of the secret that matched in the verifier's list.
    ///
    /// When no delivery has matched an old secret for some days, the old one can go.
    public let secretIndex: Int

    /// The signed body, byte for byte as it was received.
    public let body: [UInt8]

    init(id: String, timestamp: Int64, secretIndex: Int, body: [UInt8]) {
        self.id = id
        self.timestamp = timestamp
        self.secretIndex = secretIndex
        self.body = body
    }
}

extension VerifiedWebhook: CustomStringConvertible {
    /// Identifier, time and size of the delivery.
    ///
    /// The body may hold personal data and is left out.
    public var description: String {
        "VerifiedWebhook(id: \(id), timestamp: \(timestamp), secretIndex: \(secretIndex), body: \(body.count) bytes)"
    }
}
