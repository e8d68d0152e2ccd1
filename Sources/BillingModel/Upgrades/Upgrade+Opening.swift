extension Upgrade {
    /// A checkout that the host opened at the provider.
    public struct Opening: Hashable, Sendable {
        /// The provider's name for the checkout.
        public let id: String

        /// Where the customer can pay.
        public let url: String?

        /// When it can no longer be paid, by time alone.
        public let expiresAt: Timestamp?

        /// The most bytes of the address of a checkout.
        public static let maximumURLLength = 4_096

        /// Creates the word of a checkout.
        ///
        /// - Parameters:
        ///   - id: The provider's name for the checkout, 1 to 255 characters of visible ASCII.
        ///   - url: Where the customer can pay: an `https` or `http` address of visible ASCII, at most
        ///     ``maximumURLLength`` bytes.
        ///   - expiresAt: When it can no longer be paid, where the provider said.
        public init(_ id: String, url: String? = nil, expiresAt: Timestamp? = nil) {
            self.id = id
            self.url = url
            self.expiresAt = expiresAt
        }

        /// Returns whether a text is an address that a browser may be sent to: nothing but `https` or `http`, and no
        /// character that would end a header or a line.
        package static func isAddress(_ text: String) -> Bool {
            guard text.utf8.count <= maximumURLLength, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                return false
            }
            let beginning = text.prefix(8).lowercased()
            return beginning.hasPrefix("https://") || beginning.hasPrefix("http://")
        }
    }
}
