extension WebhookScheme {
    /// How the text of a secret becomes the bytes of a key.
    ///
    /// This is a matter of the scheme and is never guessed from the prefix: `whsec_` stands before a Base64 text in
    /// one scheme and is part of the key in another.
    public struct KeyDerivation: Sendable, Hashable {
        private enum Kind: Hashable {
            case wholeSecret
            case base64(prefix: String)
        }

        private let kind: Kind

        /// The UTF-8 bytes of the whole text, whatever its prefix.
        public static let wholeSecret = KeyDerivation(kind: .wholeSecret)

        /// Returns the derivation of the bytes that the text after an optional prefix stands for in Base64.
        ///
        /// Padding may be missing, and the bits of the last letter that belong to no byte may be set: providers draw
        /// secrets as random letters. Characters foreign to Base64 are refused.
        ///
        /// - Parameter prefix: What may stand before the Base64 text.
        /// - Returns: The derivation.
        public static func base64(afterPrefix prefix: String = standardPrefix) -> KeyDerivation {
            KeyDerivation(kind: .base64(prefix: prefix))
        }

        /// What stands before a secret of Standard Webhooks: `whsec_`.
        public static let standardPrefix = "whsec_"

        /// Returns the key, or `nil` where the text does not decode to at least one byte.
        func key(from secret: String) -> [UInt8]? {
            switch kind {
            case .wholeSecret:
                return [UInt8](secret.utf8)
            case .base64(let prefix):
                let prefixCount = secret.utf8.starts(with: prefix.utf8) ? prefix.utf8.count : 0
                guard let key = Base64.decodeLeniently(secret.utf8.dropFirst(prefixCount)), !key.isEmpty else {
                    return nil
                }
                return key
            }
        }
    }
}
