/// The reason why a delivery is not to be trusted, or why one cannot be signed.
///
/// Reasons are compared by code and header. In a switch over ``code``, have a default case: further codes may be
/// added. Nothing of the headers' values, the body, a secret or a signature is part of a reason, so it can be logged.
///
/// When several reasons apply, the one that is named first in this list is given: body size, then for identifier,
/// timestamp and signature in this order their presence and length, then the form of the identifier, the form of a
/// signature header with several fields, the form of the timestamp, its distance from the clock, and the signature.
public struct WebhookRejection: Error, Hashable, Sendable {
    /// What is wrong.
    public let code: Code

    /// The name of the header that is meant, where the reason is about the presence or length of one.
    public let headerName: String?

    private init(_ code: Code, headerName: String? = nil) {
        self.code = code
        self.headerName = headerName
    }

    /// The body is longer than the verifier's limit.
    public static let bodyTooLarge = WebhookRejection(.bodyTooLarge)

    /// The identifier is empty, longer than 255 bytes, or has a full stop or a character that is not visible ASCII.
    ///
    /// A full stop divides the signed parts, or what the scheme has in its place. An identifier with one could be cut elsewhere, which would make a second
    /// valid delivery of a captured one.
    public static let malformedIdentifier = WebhookRejection(.malformedIdentifier)

    /// The timestamp is not a whole number of 1 to 15 ASCII digits without a leading zero.
    ///
    /// Signs, spaces, fractions and exponents are refused, and so is `01`: every instant has one spelling.
    public static let malformedTimestamp = WebhookRejection(.malformedTimestamp)

    /// The timestamp lies further in the past than the tolerance allows.
    public static let tooOld = WebhookRejection(.tooOld)

    /// The timestamp lies further in the future than the tolerance allows.
    public static let tooNew = WebhookRejection(.tooNew)

    /// The header with timestamp and signatures has no timestamp or several, a field without a value, or a blank, or an
    /// entry of a list of signatures ends in a comma.
    ///
    /// Blanks, and commas where something else divides, are what joining two headers into one leaves.
    public static let malformedSignatureHeader = WebhookRejection(.malformedSignatureHeader)

    /// There is no signature of a version that the scheme knows.
    public static let noSupportedSignature = WebhookRejection(.noSupportedSignature)

    /// No signature is the right one under any of the secrets.
    public static let noMatchingSignature = WebhookRejection(.noMatchingSignature)

    /// Returns the reason that a header is missing.
    ///
    /// - Parameter name: The lowercase name of the header.
    /// - Returns: The reason.
    public static func missingHeader(_ name: String) -> WebhookRejection {
        WebhookRejection(.missingHeader, headerName: name)
    }

    /// Returns the reason that a header has more than one value.
    ///
    /// - Parameter name: The lowercase name of the header.
    /// - Returns: The reason.
    public static func duplicateHeader(_ name: String) -> WebhookRejection {
        WebhookRejection(.duplicateHeader, headerName: name)
    }

    /// Returns the reason that a header's value is longer than ``WebhookVerifier/headerByteLimit``.
    ///
    /// - Parameter name: The lowercase name of the header.
    /// - Returns: The reason.
    public static func headerTooLong(_ name: String) -> WebhookRejection {
        WebhookRejection(.headerTooLong, headerName: name)
    }
}

extension WebhookRejection {
    /// A kind of reason.
    ///
    /// Further kinds may be added: have a default case.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        enum Kind: String {
            case bodyTooLarge, missingHeader, duplicateHeader, headerTooLong, malformedIdentifier, malformedTimestamp
            case malformedSignatureHeader, tooOld, tooNew, noSupportedSignature, noMatchingSignature
        }

        private let kind: Kind

        /// The code of ``WebhookRejection/bodyTooLarge``.
        public static let bodyTooLarge = Code(kind: .bodyTooLarge)

        /// The code of ``WebhookRejection/missingHeader(_:)``.
        public static let missingHeader = Code(kind: .missingHeader)

        /// The code of ``WebhookRejection/duplicateHeader(_:)``.
        public static let duplicateHeader = Code(kind: .duplicateHeader)

        /// The code of ``WebhookRejection/headerTooLong(_:)``.
        public static let headerTooLong = Code(kind: .headerTooLong)

        /// The code of ``WebhookRejection/malformedIdentifier``.
        public static let malformedIdentifier = Code(kind: .malformedIdentifier)

        /// The code of ``WebhookRejection/malformedTimestamp``.
        public static let malformedTimestamp = Code(kind: .malformedTimestamp)

        /// The code of ``WebhookRejection/malformedSignatureHeader``.
        public static let malformedSignatureHeader = Code(kind: .malformedSignatureHeader)

        /// The code of ``WebhookRejection/tooOld``.
        public static let tooOld = Code(kind: .tooOld)

        /// The code of ``WebhookRejection/tooNew``.
        public static let tooNew = Code(kind: .tooNew)

        /// The code of ``WebhookRejection/noSupportedSignature``.
        public static let noSupportedSignature = Code(kind: .noSupportedSignature)

        /// The code of ``WebhookRejection/noMatchingSignature``.
        public static let noMatchingSignature = Code(kind: .noMatchingSignature)

        /// The name of the code, for logs and metrics.
        public var description: String {
            kind.rawValue
        }
    }
}

extension WebhookRejection: CustomStringConvertible {
    /// A sentence for the log, without anything that was received but the name of a header.
    public var description: String {
        let header = headerName.map { "The header \($0)" } ?? "A header"
        return switch code {
        case .bodyTooLarge: "The body is longer than the verifier allows."
        case .missingHeader: "\(header) is missing; it is asked for by its name in lower case."
        case .duplicateHeader: "\(header) has more than one value."
        case .headerTooLong: "\(header) is longer than \(WebhookVerifier.headerByteLimit) bytes."
        case .malformedIdentifier:
            "The identifier is not 1 to 255 visible ASCII characters without the one that ends it."
        case .malformedTimestamp: "The timestamp is not 1 to 15 digits without a leading zero."
        case .malformedSignatureHeader:
            "The signature header has no timestamp or several, a field without a value, or signs of two headers joined."
        case .tooOld: "The timestamp lies too far in the past."
        case .tooNew: "The timestamp lies too far in the future."
        case .noSupportedSignature: "There is no signature of a supported version."
        default:
            "No signature matches any of the secrets. Check the endpoint's secret, and that the body is the bytes as "
                + "received and not JSON that was written anew."
        }
    }
}
