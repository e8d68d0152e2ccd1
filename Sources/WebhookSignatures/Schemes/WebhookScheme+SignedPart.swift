extension WebhookScheme {
    /// One part of what a code is computed over.
    ///
    /// A string literal is a fixed text:
    ///
    ///     signedContent: ["v0:", .timestamp, ":", .body]
    public struct SignedPart: Sendable, Hashable, ExpressibleByStringLiteral {
        enum Kind: Hashable {
            case identifier
            case timestamp
            case body
            case text([UInt8])
        }

        let kind: Kind

        /// The identifier, as the bytes in its header.
        public static let identifier = SignedPart(kind: .identifier)

        /// The timestamp, as the digits in its header.
        public static let timestamp = SignedPart(kind: .timestamp)

        /// The body's bytes.
        public static let body = SignedPart(kind: .body)

        /// Returns a fixed text.
        ///
        /// - Parameter text: The text, as UTF-8.
        /// - Returns: The part.
        public static func text(_ text: String) -> SignedPart {
            SignedPart(kind: .text([UInt8](text.utf8)))
        }

        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        public init(stringLiteral value: String) {
            self = .text(value)
        }

        private init(kind: Kind) {
            self.kind = kind
        }
    }

    static func identifierEnd(in signedContent: [SignedPart]) -> UInt8? {
        guard let index = signedContent.firstIndex(of: .identifier),
            index + 1 < signedContent.count,
            case .text(let text) = signedContent[index + 1].kind
        else {
            return nil
        }
        return text.first
    }

    /// Returns the code of a delivery.
    ///
    /// - Parameters:
    ///   - body: The body's bytes.
    ///   - identifier: The identifier's bytes as they are in the header, or none where none is signed.
    ///   - digits: The timestamp's bytes as they are in the header, or none where none is signed.
    ///   - key: The prepared key.
    /// - Returns: The code that a genuine delivery carries.
    func code(
        of body: [UInt8],
        identifier: Span<UInt8>,
        digits: Span<UInt8>,
        using key: HMACSHA256.Key
    ) -> HMACSHA256.AuthenticationCode {
        var mac = HMACSHA256(key: key)
        for part in signedContent {
            switch part.kind {
            case .identifier: mac.update(identifier)
            case .timestamp: mac.update(digits)
            case .body: mac.update(body)
            case .text(let text): mac.update(text)
            }
        }
        return mac.finalize()
    }
}
