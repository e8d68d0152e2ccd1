/// What a provider and its receivers agreed on: which headers are sent and what is signed with which key.
///
/// A scheme is a value. Take the one of the provider, change the tolerance if need be, and make a
/// ``WebhookVerifier`` or a ``WebhookSigner`` from it:
///
///     let verifier = try WebhookVerifier(.polar, secrets: [secret])
///     let strict = try WebhookVerifier(.standardWebhooks.with(tolerance: .seconds(60)), secrets: [secret])
///
/// The schemes here follow the Standard Webhooks specification: three headers carry an identifier, the time of the
/// attempt in Unix seconds and a list of signatures. Signed with HMAC-SHA256 is the identifier, a full stop, the
/// timestamp, a full stop and the body, all as the bytes that were sent. A signature is `v1,` and the canonical
/// Base64 text of the code; further ones follow after a space while secrets are being exchanged.
public struct WebhookScheme: Sendable {
    /// The name of the scheme for logs and metrics, such as "polar".
    public let name: String

    /// How far the signed timestamp and the receiver's clock may lie apart, in either direction.
    ///
    /// The default is 300 seconds, as in every reference implementation. The bound itself still passes. A negative
    /// tolerance passes nothing.
    public var tolerance: Duration = .seconds(300)

    let headers: HeaderNames

    /// The ways to make a key of a secret, in the order in which they are tried.
    let keyDerivations: [KeyDerivation]

    /// The version before the comma of a signature that this receiver can judge.
    let signatureVersion = [UInt8]("v1".utf8)

    init(name: String, headers: HeaderNames, keyDerivations: [KeyDerivation]) {
        self.name = name
        self.headers = headers
        self.keyDerivations = keyDerivations
    }

    /// The lowercase names of the headers that carry the signature, the only ones a verifier asks for.
    ///
    /// No other header of a delivery is signed: decide nothing by one.
    public var headerNames: [String] {
        [headers.identifier, headers.timestamp, headers.signature]
    }

    /// Returns the scheme with another tolerance.
    ///
    /// Deliveries that waited in a queue are better verified with the time of their receipt as the current time than
    /// with a longer tolerance, which lets everyone replay old deliveries.
    ///
    /// - Parameter tolerance: How far timestamp and clock may lie apart, in either direction.
    /// - Returns: The scheme, otherwise as it was.
    public func with(tolerance: Duration) -> WebhookScheme {
        var scheme = self
        scheme.tolerance = tolerance
        return scheme
    }
}

extension WebhookScheme {
    /// Standard Webhooks with the headers of the specification.
    ///
    /// The secret is Base64 text, usually after `whsec_`. Missing padding is accepted. The headers are `webhook-id`,
    /// `webhook-timestamp` and `webhook-signature`; a provider that sends the `svix-` family has its own scheme,
    /// ``svix``, and the families are never mixed. Source: the Standard Webhooks specification, version 1.
    public static let standardWebhooks = WebhookScheme(
        name: "standard-webhooks",
        headers: .standard,
        keyDerivations: [.decodedSecret]
    )

    /// Standard Webhooks with the headers `svix-id`, `svix-timestamp` and `svix-signature`.
    ///
    /// Use it for Svix and for those who send through it, such as Clerk. But for the headers' names it is
    /// ``standardWebhooks``. Source: the Svix documentation on verifying by hand.
    public static let svix = WebhookScheme(
        name: "svix",
        headers: .svix,
        keyDerivations: [.decodedSecret]
    )
}
