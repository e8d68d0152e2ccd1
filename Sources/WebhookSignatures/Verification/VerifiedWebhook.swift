/// A delivery whose signature was found right.
///
/// Only ``WebhookVerifier`` makes values of this type, so whoever takes one need not ask whether the delivery was
/// verified. It says that the sender held the secret. It does not say that the delivery is new: a provider's retry
/// has the same identifier, and so has a replay within the tolerance. Act on each ``identity`` once.
public struct VerifiedWebhook: Sendable, Equatable {
    /// The signed identifier of the message, 1 to 255 visible ASCII characters, or `nil` where the scheme signs none.
    ///
    /// It stays the same over all attempts to deliver the message. Take it from here to recognise repeats, never
    /// from the request: another header with an identifier is not signed.
    public let id: String?

    /// The signed time of the attempt in seconds since 1970, UTC, or `nil` where the scheme signs none.
    public let timestamp: Int64?

    /// The position, from 0, of the secret that matched in the verifier's list.
    ///
    /// When no delivery has matched an old secret for some days, the old one can go.
    public let secretIndex: Int

    /// The signed body, byte for byte as it was received.
    public let body: [UInt8]

    init(id: String?, timestamp: Int64?, secretIndex: Int, body: [UInt8]) {
        self.id = id
        self.timestamp = timestamp
        self.secretIndex = secretIndex
        self.body = body
    }

    /// What to recognise a repeat by: the signed identifier or, where the scheme signs none, the digest of the body.
    ///
    /// The digest is written as `sha256:` and 64 hexadecimal digits, and is computed each time it is asked for. It
    /// recognises a repeat of the same bytes. Where a provider's body has an identifier of the event, as Stripe's
    /// has, that is better: the rest of the body may change between two attempts.
    public var identity: String {
        id ?? "sha256:\(SHA256.hash(body))"
    }
}

extension VerifiedWebhook: CustomStringConvertible {
    /// Identifier, time and size of the delivery.
    ///
    /// The body may hold personal data and is left out.
    public var description: String {
        let facts = [
            id.map { "id: \($0)" },
            timestamp.map { "timestamp: \($0)" },
            "secretIndex: \(secretIndex)",
            "body: \(body.count) bytes",
        ]
        return "VerifiedWebhook(\(facts.compactMap { $0 }.joined(separator: ", ")))"
    }
}
