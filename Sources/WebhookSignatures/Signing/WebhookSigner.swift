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
    ///     this order. A scheme whose header has room for one signature takes one secret.
    /// - Throws: A ``WebhookSecretError``, for the same reasons as the verifier's initializer.
    public init(_ scheme: WebhookScheme, secrets: [String]) throws(WebhookSecretError) {
        if case .single = scheme.signature.form, secrets.count > 1 {
            throw WebhookSecretError(.tooManySecrets)
        }
        self.scheme = scheme
        self.keys = try WebhookKeyRing(secrets, for: scheme).preferredEntries.map { $0.key }
    }

    /// Returns the headers that prove a delivery.
    ///
    /// - Parameters:
    ///   - body: The body as it will be sent, byte for byte.
    ///   - id: The identifier of the message, the same for every attempt: 1 to 255 visible ASCII characters without
    ///     a full stop. Not used by a scheme that signs none.
    ///   - timestamp: The time of the attempt in seconds since 1970, UTC: from 0 to 999,999,999,999,999. Not used by a
    ///     scheme that signs none.
    /// - Returns: The values of the scheme's headers by their lowercase names.
    /// - Throws: ``WebhookRejection/malformedIdentifier`` or ``WebhookRejection/malformedTimestamp`` for values that
    ///   every receiver would refuse, and for one that the scheme signs and that is not given.
    public func sign(
        _ body: [UInt8],
        id: String? = nil,
        timestamp: Int64? = nil
    ) throws(WebhookRejection) -> [String: String] {
        var headers: [String: String] = [:]
        let identifier = [UInt8]((id ?? "").utf8)[...]
        if let name = scheme.identifierHeader {
            guard HeaderSyntax.isIdentifier(identifier.span, endedBy: scheme.identifierEnd) else {
                throw .malformedIdentifier
            }
            headers[name] = id
        }
        let time = scheme.signsTimestamp ? timestamp.map { String($0) } ?? "" : ""
        let digits = [UInt8](time.utf8)[...]
        if scheme.signsTimestamp, HeaderSyntax.timestamp(digits.span) == nil {
            throw .malformedTimestamp
        }
        if let name = scheme.timestampHeader {
            headers[name] = time
        }
        var codes: [String] = []
        for key in keys {
            let code = scheme.code(of: body, identifier: identifier.span, digits: digits.span, using: key)
            codes.append(scheme.signature.encoding.text(code))
        }
        headers[scheme.signature.name] = value(codes, time)
        return headers
    }

    /// Returns the value of the signature header.
    private func value(_ codes: [String], _ time: String) -> String {
        switch scheme.signature.form {
        case .list(let version):
            let version = String(decoding: version, as: UTF8.self)
            return codes.map { "\(version),\($0)" }.joined(separator: " ")
        case .fields(let separator, let timestamp, let signature):
            let name = String(decoding: signature, as: UTF8.self)
            let times = timestamp.map { ["\(String(decoding: $0, as: UTF8.self))=\(time)"] } ?? []
            return (times + codes.map { "\(name)=\($0)" }).joined(separator: String(UnicodeScalar(separator)))
        case .single(let prefix):
            return String(decoding: prefix, as: UTF8.self) + codes.joined()
        }
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
