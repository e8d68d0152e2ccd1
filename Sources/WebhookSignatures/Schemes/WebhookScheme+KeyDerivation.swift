extension WebhookScheme {
    /// How the text of a secret becomes the bytes of a key.
    ///
    /// This is a matter of the scheme and is never guessed from the prefix: `whsec_` stands before a Base64 text in
    /// one scheme and is part of the key in another.
    enum KeyDerivation: Sendable {
        /// The UTF-8 bytes of the whole text, whatever its prefix.
        case wholeSecret

        /// The bytes that the text after an optional `whsec_` stands for in Base64.
        case decodedSecret

        /// Returns the key, or `nil` where the text does not decode to at least one byte.
        func key(from secret: String) -> [UInt8]? {
            switch self {
            case .wholeSecret:
                return [UInt8](secret.utf8)
            case .decodedSecret:
                let encoded = secret.utf8.dropFirst(Self.hasPrefix(secret) ? Self.prefix.utf8.count : 0)
                guard let key = Base64.decodeLeniently(encoded), !key.isEmpty else {
                    return nil
                }
                return key
            }
        }

        static let prefix = "whsec_"

        static func hasPrefix(_ secret: String) -> Bool {
            secret.utf8.starts(with: prefix.utf8)
        }
    }
}
