/// A judge of whether deliveries were signed by a holder of one of the secrets.
///
/// Make one per endpoint when the server starts, and hand it the body as raw bytes: a body that was parsed and
/// written again has other bytes and does not verify.
///
///     let verifier = try WebhookVerifier(.polar, secrets: [secret])
///
///     switch verifier.verify(body, at: now, headers: { name in request.headers[name] }) {
///     case .verified(let webhook): try await record(webhook)
///     case .rejected(let reason): logger.notice("Webhook rejected: \(reason)")
///     }
///
/// Nothing that is received can make it trap. What it does for an unauthenticated sender is bounded: a body of at
/// most the limit is hashed once or, where the scheme has two ways to make a key, twice per secret, and only when
/// headers and time are in order. The verifier prints nothing of its secrets.
public struct WebhookVerifier: Sendable {
    /// The most secrets a verifier takes.
    ///
    /// A change of secrets needs two.
    public static let secretLimit = 8

    /// The longest value of a signature header that is looked at, in bytes.
    public static let headerByteLimit = 8192

    /// The default of the longest body that is accepted, in bytes: 1 MiB.
    public static let defaultBodyByteLimit = 1 << 20

    /// What is expected of a delivery.
    public let scheme: WebhookScheme

    /// The longest body that is accepted, in bytes.
    public let bodyByteLimit: Int

    private let keyRing: WebhookKeyRing

    /// Creates a verifier and prepares the keys of its secrets.
    ///
    /// - Parameters:
    ///   - scheme: The scheme of the provider.
    ///   - secrets: The secrets as the provider shows them, 1 to ``secretLimit``. While secrets are being exchanged,
    ///     give the new and the old one.
    ///   - bodyByteLimit: The longest body that is accepted, in bytes. The default is 1 MiB, many times what
    ///     providers send and a few milliseconds of hashing.
    /// - Throws: A ``WebhookSecretError`` for a list that is empty or too long, and for a secret that is empty, has
    ///   white space around it, was copied with a version before it, or does not decode.
    public init(
        _ scheme: WebhookScheme,
        secrets: [String],
        bodyByteLimit: Int = defaultBodyByteLimit
    ) throws(WebhookSecretError) {
        self.scheme = scheme
        self.bodyByteLimit = bodyByteLimit
        self.keyRing = try WebhookKeyRing(secrets, for: scheme)
    }

    /// Returns whether a delivery is genuine and recent.
    ///
    /// - Parameters:
    ///   - body: The body as it was received.
    ///   - now: The time at which the delivery was received, in seconds since 1970, UTC.
    ///   - headers: Returns all values of a header, none where it is missing. The name is given in lowercase and is
    ///     to be found in any case. Give each field line of the request as one value: an accessor that cuts values at
    ///     commas makes several of a good signature, which is then refused as a duplicate.
    /// - Returns: The verified delivery, or the reason why it was rejected.
    public func verify(
        _ body: [UInt8],
        at now: Int64,
        headers: (_ name: String) -> [String]
    ) -> WebhookVerdict {
        do throws(WebhookRejection) {
            return .verified(try verified(body, at: now, headers: headers))
        } catch {
            return .rejected(error)
        }
    }

    private func verified(
        _ body: [UInt8],
        at now: Int64,
        headers: (_ name: String) -> [String]
    ) throws(WebhookRejection) -> VerifiedWebhook {
        guard body.count <= bodyByteLimit else {
            throw .bodyTooLarge
        }
        let identifier = try scheme.identifierHeader.map { name throws(WebhookRejection) in
            try soleValue(of: name, in: headers)
        }
        let timestamp = try scheme.timestampHeader.map { name throws(WebhookRejection) in
            try soleValue(of: name, in: headers)
        }
        let signature = try soleValue(of: scheme.signature.name, in: headers)
        // The bytes are only there inside of closures, which cannot throw an error of a stated type.
        let outcome = HeaderSyntax.withBytes(of: identifier ?? "") { identifierBytes in
            HeaderSyntax.withBytes(of: timestamp ?? "") { timestampBytes in
                HeaderSyntax.withBytes(of: signature) { signatureBytes in
                    Result { () throws(WebhookRejection) in
                        try facts(
                            identifierBytes.extracting(HeaderSyntax.trimmed(identifierBytes)),
                            timestampBytes.extracting(HeaderSyntax.trimmed(timestampBytes)),
                            signatureBytes.extracting(HeaderSyntax.trimmed(signatureBytes)),
                            of: body,
                            at: now
                        )
                    }
                }
            }
        }
        let proof = try outcome.get()
        return VerifiedWebhook(
            id: identifier.map { HeaderSyntax.trimmed($0) },
            timestamp: proof.timestamp,
            secretIndex: proof.secretIndex,
            body: body
        )
    }

    /// Returns time and secret of a delivery that is genuine, of which the body's length is known to be right.
    private func facts(
        _ identifier: Span<UInt8>,
        _ timestampValue: Span<UInt8>,
        _ signatureValue: Span<UInt8>,
        of body: [UInt8],
        at now: Int64
    ) throws(WebhookRejection) -> (timestamp: Int64?, secretIndex: Int) {
        if scheme.identifierHeader != nil {
            guard HeaderSyntax.isIdentifier(identifier, endedBy: scheme.identifierEnd) else {
                throw .malformedIdentifier
            }
        }
        let findings = SignatureFindings(signatureValue, in: scheme.signature)
        guard !findings.isMalformed, !scheme.signature.hasTimestamp || findings.timestamp != nil else {
            throw .malformedSignatureHeader
        }
        if let place = findings.timestamp {
            return try facts(identifier, signatureValue.extracting(place), signatureValue, findings, of: body, at: now)
        }
        return try facts(identifier, timestampValue, signatureValue, findings, of: body, at: now)
    }

    private func facts(
        _ identifier: Span<UInt8>,
        _ digits: Span<UInt8>,
        _ signatureValue: Span<UInt8>,
        _ findings: SignatureFindings,
        of body: [UInt8],
        at now: Int64
    ) throws(WebhookRejection) -> (timestamp: Int64?, secretIndex: Int) {
        var timestamp: Int64?
        if scheme.signsTimestamp {
            guard let seconds = HeaderSyntax.timestamp(digits) else {
                throw .malformedTimestamp
            }
            try checkDistance(of: seconds, from: now)
            timestamp = seconds
        }
        guard findings.hasKnownVersion else {
            throw .noSupportedSignature
        }
        guard findings.candidateCount > 0,
            let secretIndex = secretIndex(matching: signatureValue, identifier, digits, body)
        else {
            throw .noMatchingSignature
        }
        return (timestamp, secretIndex)
    }

    private func soleValue(
        of name: String,
        in headers: (_ name: String) -> [String]
    ) throws(WebhookRejection) -> String {
        let values = headers(name)
        guard let value = values.first else {
            throw .missingHeader(name)
        }
        guard values.count == 1 else {
            throw .duplicateHeader(name)
        }
        guard value.utf8.count <= Self.headerByteLimit else {
            throw .headerTooLong(name)
        }
        return value
    }

    private func checkDistance(of timestamp: Int64, from now: Int64) throws(WebhookRejection) {
        guard let tolerance = scheme.tolerance else {
            return
        }
        let (age, overflow) = now.subtractingReportingOverflow(timestamp)
        // The timestamp is never negative, so only a clock far before 1970 gets out of range.
        guard !overflow else {
            throw .tooNew
        }
        if Duration.seconds(age) > tolerance {
            throw .tooOld
        }
        if .zero - Duration.seconds(age) > tolerance {
            throw .tooNew
        }
    }

    /// Returns the position of the secret under which one of the codes is right.
    ///
    /// Every code is compared in full with each computed one. Going no further after the key that matched tells a
    /// forger nothing, who never has a match and always waits for all keys.
    private func secretIndex(
        matching signatures: Span<UInt8>,
        _ identifier: Span<UInt8>,
        _ digits: Span<UInt8>,
        _ body: [UInt8]
    ) -> Int? {
        for entry in keyRing.entries {
            let expected = scheme.code(of: body, identifier: identifier, digits: digits, using: entry.key).words
            if SignatureFindings(signatures, in: scheme.signature, comparedWith: expected).matchCount > 0 {
                return entry.secretIndex
            }
        }
        return nil
    }
}

extension WebhookVerifier: CustomStringConvertible, CustomReflectable {
    /// The scheme's name and the number of secrets.
    public var description: String {
        "WebhookVerifier(\(scheme.name), secrets: \(keyRing.secretCount))"
    }

    /// A mirror without children, so that a dump shows nothing of the keys.
    public var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .struct)
    }
}
