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
        let identifierValue = try soleValue(of: scheme.headers.identifier, in: headers)
        let timestampValue = try soleValue(of: scheme.headers.timestamp, in: headers)
        let signatureValue = try soleValue(of: scheme.headers.signature, in: headers)

        let identifier = HeaderSyntax.trimmed(identifierValue)
        guard HeaderSyntax.isIdentifier(identifier) else {
            throw .malformedIdentifier
        }
        let digits = HeaderSyntax.trimmed(timestampValue)
        guard let timestamp = HeaderSyntax.timestamp(digits) else {
            throw .malformedTimestamp
        }
        try checkDistance(of: timestamp, from: now)

        let signatures = SignatureList(HeaderSyntax.trimmed(signatureValue), version: scheme.signatureVersion)
        guard signatures.hasKnownVersion else {
            throw .noSupportedSignature
        }
        guard !signatures.codes.isEmpty,
            let secretIndex = secretIndex(matching: signatures.codes, identifier, digits, body)
        else {
            throw .noMatchingSignature
        }
        return VerifiedWebhook(
            id: String(decoding: identifier, as: UTF8.self),
            timestamp: timestamp,
            secretIndex: secretIndex,
            body: body
        )
    }

    private func soleValue(
        of name: String,
        in headers: (_ name: String) -> [String]
    ) throws(WebhookRejection) -> [UInt8] {
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
        return [UInt8](value.utf8)
    }

    private func checkDistance(of timestamp: Int64, from now: Int64) throws(WebhookRejection) {
        let (age, overflow) = now.subtractingReportingOverflow(timestamp)
        // The timestamp is never negative, so only a clock far before 1970 gets out of range.
        guard !overflow else {
            throw .tooNew
        }
        if Duration.seconds(age) > scheme.tolerance {
            throw .tooOld
        }
        if .zero - Duration.seconds(age) > scheme.tolerance {
            throw .tooNew
        }
    }

    /// Returns the position of the secret under which one of the codes is right.
    ///
    /// Every code is compared in full with each computed one. Going no further after the key that matched tells a
    /// forger nothing, who never has a match and always waits for all keys.
    private func secretIndex(
        matching codes: [[UInt8]],
        _ identifier: ArraySlice<UInt8>,
        _ digits: ArraySlice<UInt8>,
        _ body: [UInt8]
    ) -> Int? {
        for entry in keyRing.entries {
            let expected = scheme.code(of: body, identifier: identifier, digits: digits, using: entry.key).bytes
            var matchCount = 0
            for code in codes {
                matchCount += ConstantTime.areEqual(expected, code) ? 1 : 0
            }
            if matchCount > 0 {
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
