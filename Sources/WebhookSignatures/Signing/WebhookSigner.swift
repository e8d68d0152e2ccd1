/// A maker of the headers that a provider sends with a delivery.
///
/// Use it in tests and simulations of a provider, or to send webhooks of your own. A retry is the same body and
/// identifier signed again with the time of the new attempt:
///
///     let signer = try WebhookSigner(.standardWebhooks, secrets: [secret])
///     let headers = try signer.sign(body, id: "msg_1", timestamp: now)
///
/// The signer prints nothing of its secrets.
public struct WebhookSigner: Sendable {
    /// What is promised to the receiver.
    public let scheme: WebhookScheme

    private let keys: [HMACSHA256.Key]

    /// Creates a signer and prepares the keys of its secrets.
    ///
    /// - Parameters:
    ///   - scheme: The scheme of the provider. Where it has several ways to make a key of a secret, the first that the
    ///     secret allows is used, which for ``WebhookScheme/polar`` is the original one.
    ///   - secrets: The secrets, 1 to ``WebhookVerifier/secretLimit``. Every delivery gets one signature for each, in
    ///     this order.
    /// - Throws: A ``WebhookSecretError``, for the same reasons as the verifier's initializer.
    public init(_ scheme: WebhookScheme, secrets: [String]) throws(WebhookSecretError) {
        self.scheme = scheme
        self.keys = try WebhookKeyRing(secrets, for: scheme).preferredEntries.map { $0.key }
    }

    /// Returns the headers that prove a delivery.
    ///
    /// - Parameters:
    ///   - body: The body as it will be sent, byte for byte.
    ///   - id: The identifier of the message, the same for every attempt: 1 to 255 visible ASCII characters without
    ///     a full stop.
    ///   - timestamp: The time of the attempt in seconds since 1970, UTC: from 0 to 999,999,999,999,999.
    /// - Returns: The values of the scheme's three headers by their lowercase names.
    /// - Throws: ``WebhookRejection/malformedIdentifier`` or ``WebhookRejection/malformedTimestamp`` for values that
    ///   every receiver would refuse.
    public func sign(
        _ body: [UInt8],
        id: String,
        timestamp: Int64
    ) throws(WebhookRejection) -> [String: String] {
        guard HeaderSyntax.isIdentifier(id.utf8) else {
            throw .malformedIdentifier
        }
        let digits = [UInt8](String(timestamp).utf8)
        guard HeaderSyntax.timestamp(digits) != nil else {
            throw .malformedTimestamp
        }
        let identifier = [UInt8](id.utf8)
        let version = String(decoding: scheme.signatureVersion, as: UTF8.self)
        let signatures = keys.map { key in
            let code = scheme.code(of: body, identifier: identifier[...], digits: digits[...], using: key)
            return "\(version),\(Base64.encode(code.bytes))"
        }
        return [
            scheme.headers.identifier: id,
            scheme.headers.timestamp: String(timestamp),
            scheme.headers.signature: signatures.joined(separator: " "),
        ]
    }
}

extension WebhookSigner: CustomStringConvertible, CustomReflectable {
    /// The scheme's name and the number of secrets.
    public var description: String {
        "WebhookSigner(\(scheme.name), secrets: \(keys.count))"
    }

    /// A mirror without children, so that a dump shows nothing of the keys.
    public var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .struct)
    }
}
