/// The prepared keys of a list of secrets, in the order in which they are tried.
struct WebhookKeyRing: Sendable {
    struct Entry: Sendable {
        let key: HMACSHA256.Key

        /// The position of the secret in the list.
        let secretIndex: Int
    }

    let entries: [Entry]
    let secretCount: Int

    /// Checks the secrets and prepares their keys.
    ///
    /// Where a scheme has several derivations, a secret has to suit one of them.
    init(_ secrets: [String], for scheme: WebhookScheme) throws(WebhookSecretError) {
        guard !secrets.isEmpty else {
            throw WebhookSecretError(.noSecrets)
        }
        guard secrets.count <= WebhookVerifier.secretLimit else {
            throw WebhookSecretError(.tooManySecrets)
        }
        var entries: [Entry] = []
        for (index, secret) in secrets.enumerated() {
            if let code = Self.mistake(in: secret) {
                throw WebhookSecretError(code, secretIndex: index)
            }
            let countBefore = entries.count
            for derivation in scheme.keyDerivations {
                if var key = derivation.key(from: secret) {
                    entries.append(Entry(key: HMACSHA256.Key(key), secretIndex: index))
                    SecretMemory.erase(&key)
                }
            }
            guard entries.count > countBefore else {
                throw WebhookSecretError(.notBase64, secretIndex: index)
            }
        }
        self.entries = entries
        self.secretCount = secrets.count
    }

    /// The first key of each secret, in the order of the secrets.
    var preferredEntries: [Entry] {
        var preferred: [Entry] = []
        for entry in entries where entry.secretIndex != preferred.last?.secretIndex {
            preferred.append(entry)
        }
        return preferred
    }

    /// What providers put before their secrets, and everybody knows.
    ///
    /// Where the whole text is the key, a secret that was cut off there would be one that anyone can sign with. None of
    /// them is a secret of any scheme, so none is accepted by another scheme either.
    private static let publicPrefixes = [
        WebhookScheme.KeyDerivation.standardPrefix, "polar_whs_", "pdl_ntfset_", "pdl_ntf_",
    ]

    private static func mistake(in secret: String) -> WebhookSecretError.Code? {
        guard let first = secret.unicodeScalars.first, let last = secret.unicodeScalars.last else {
            return .empty
        }
        if isInvisible(first) || isInvisible(last) {
            return .surroundingWhitespace
        }
        if secret.utf8.starts(with: "v1,\(WebhookScheme.KeyDerivation.standardPrefix)".utf8) {
            return .copiedWithVersion
        }
        if publicPrefixes.contains(where: { secret.utf8.elementsEqual($0.utf8) }) {
            return .empty
        }
        return nil
    }

    /// Whether a character cannot be seen in a terminal: spaces, line breaks, controls, byte order marks.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        return properties.isWhitespace
            || properties.generalCategory == .control
            || properties.generalCategory == .format
    }
}
