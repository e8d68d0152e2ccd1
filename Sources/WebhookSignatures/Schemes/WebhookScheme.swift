/// What a provider and its receivers agreed on: which headers are sent and what is signed with which key.
///
/// A scheme is a value. Take the one of the provider, change the tolerance if need be, and make a
/// ``WebhookVerifier`` or a ``WebhookSigner`` from it:
///
///     let verifier = try WebhookVerifier(.stripe, secrets: [secret])
///     let strict = try WebhookVerifier(.standardWebhooks.with(tolerance: .seconds(60)), secrets: [secret])
///
/// A provider that is not among the schemes here is described by
/// ``init(name:signature:identifierHeader:timestampHeader:signedContent:keys:tolerance:)``, as far as it signs with
/// HMAC-SHA256:
///
///     let slack = try WebhookScheme(
///         name: "slack",
///         signature: .single("x-slack-signature", prefix: "v0="),
///         timestampHeader: "x-slack-request-timestamp",
///         signedContent: ["v0:", .timestamp, ":", .body]
///     )
public struct WebhookScheme: Sendable {
    /// The name of the scheme for logs and metrics, such as "polar".
    public let name: String

    /// How far the signed timestamp and the receiver's clock may lie apart, in either direction.
    ///
    /// The default is 300 seconds, as in most reference implementations. The bound itself still passes. A negative
    /// tolerance passes nothing. It is `nil` where the scheme signs no timestamp, and after ``acceptingAnyAge()``.
    public private(set) var tolerance: Duration?

    /// Where the signatures are and how they are written.
    let signature: SignatureHeader

    /// The lowercase name of the header with the signed identifier, if there is one.
    let identifierHeader: String?

    /// The lowercase name of the header with the signed timestamp, where it has one of its own.
    let timestampHeader: String?

    /// What the code is computed over, the body last.
    let signedContent: [SignedPart]

    /// The ways to make a key of a secret, in the order in which they are tried.
    let keyDerivations: [KeyDerivation]

    /// Whether a timestamp is sent and signed.
    let signsTimestamp: Bool

    /// The byte after the identifier in what is signed, which no identifier may contain.
    ///
    /// An identifier with it could be cut elsewhere, which would make a second valid delivery of a captured one.
    let identifierEnd: UInt8?

    /// Creates a scheme whose description is known to have no mistake.
    init(
        name: String,
        signature: SignatureHeader,
        identifierHeader: String? = nil,
        timestampHeader: String? = nil,
        signedContent: [SignedPart],
        keyDerivations: [KeyDerivation],
        tolerance: Duration? = .seconds(300)
    ) {
        self.name = name
        self.signature = signature
        self.identifierHeader = identifierHeader
        self.timestampHeader = timestampHeader
        self.signedContent = signedContent
        self.keyDerivations = keyDerivations
        self.signsTimestamp = signedContent.contains(.timestamp)
        self.identifierEnd = Self.identifierEnd(in: signedContent)
        self.tolerance = signsTimestamp ? tolerance : nil
    }

    /// Describes the scheme of a provider that is not among those here.
    ///
    /// - Parameters:
    ///   - name: A name for logs and metrics.
    ///   - signature: The header with the signatures, and how they are written in it.
    ///   - identifierHeader: The name of the header with the identifier of the message, if one is sent and signed.
    ///   - timestampHeader: The name of the header with the time in Unix seconds, if one is sent and signed. A
    ///     timestamp in the header of the signatures is described there.
    ///   - signedContent: What is signed, in its order. It ends with the body, and has identifier and timestamp if
    ///     they are sent, each followed by a text that neither can contain: a text that begins with no digit.
    ///   - keys: How a secret becomes a key.
    ///   - tolerance: How far the timestamp and the receiver's clock may lie apart, in either direction.
    /// - Throws: A ``WebhookSchemeError`` for a description by which no delivery could be told from a forged one, or
    ///   none be read.
    public init(
        name: String,
        signature: SignatureHeader,
        identifierHeader: String? = nil,
        timestampHeader: String? = nil,
        signedContent: [SignedPart],
        keys: KeyDerivation = .wholeSecret,
        tolerance: Duration = .seconds(300)
    ) throws(WebhookSchemeError) {
        self.init(
            name: name,
            signature: signature,
            identifierHeader: identifierHeader?.lowercased(),
            timestampHeader: timestampHeader?.lowercased(),
            signedContent: signedContent,
            keyDerivations: [keys],
            tolerance: tolerance
        )
        if let mistake {
            throw mistake
        }
    }

    /// The lowercase names of the headers that carry the signature, the only ones a verifier asks for.
    ///
    /// No other header of a delivery is signed: decide nothing by one.
    public var headerNames: [String] {
        [identifierHeader, timestampHeader, signature.name].compactMap { $0 }
    }

    /// Returns the scheme with another tolerance.
    ///
    /// Deliveries that waited in a queue are better verified with the time of their receipt as the current time than
    /// with a longer tolerance, which lets everyone replay old deliveries. A scheme without a timestamp stays as it is.
    ///
    /// - Parameter tolerance: How far timestamp and clock may lie apart, in either direction.
    /// - Returns: The scheme, otherwise as it was.
    public func with(tolerance: Duration) -> WebhookScheme {
        var scheme = self
        scheme.tolerance = signsTimestamp ? tolerance : nil
        return scheme
    }

    /// Returns the scheme without a check of the timestamp's age.
    ///
    /// Whoever has once seen a delivery can then send it again for ever. Use it to judge deliveries of the past whose
    /// time of receipt is not known, and never for an endpoint.
    ///
    /// - Returns: The scheme, otherwise as it was. The timestamp is still read and still has to be well formed.
    public func acceptingAnyAge() -> WebhookScheme {
        var scheme = self
        scheme.tolerance = nil
        return scheme
    }
}
