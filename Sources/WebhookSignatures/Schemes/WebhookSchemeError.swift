/// The reason why the description of a scheme cannot be used.
///
/// It is thrown while a scheme of a host's own is made. Two errors are equal when their codes are.
public struct WebhookSchemeError: Error, Hashable, Sendable {
    /// What is wrong.
    public let code: Code

    init(_ code: Code) {
        self.code = code
    }
}

extension WebhookSchemeError {
    /// A kind of mistake.
    ///
    /// Further kinds may be added: have a default case.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        enum Kind: String {
            case malformedName, malformedSeparator, repeatedName, bodyNotLast, notSigned, notSent, ambiguousContent
        }

        private let kind: Kind

        /// The name of a header, field or version is empty or has a character that it cannot have.
        public static let malformedName = Code(kind: .malformedName)

        /// The separator of fields is no ASCII punctuation, or is one that codes and fields themselves have.
        public static let malformedSeparator = Code(kind: .malformedSeparator)

        /// Two headers, or two fields, have the same name.
        public static let repeatedName = Code(kind: .repeatedName)

        /// What is signed does not end with the body, or has it twice.
        public static let bodyNotLast = Code(kind: .bodyNotLast)

        /// The identifier or the timestamp is sent but is no part of what is signed.
        public static let notSigned = Code(kind: .notSigned)

        /// The identifier or the timestamp is part of what is signed but is not sent, or is sent in two places.
        public static let notSent = Code(kind: .notSent)

        /// What is signed could be cut into identifier, timestamp and body in more than one way.
        public static let ambiguousContent = Code(kind: .ambiguousContent)

        /// The name of the code, for logs and metrics.
        public var description: String {
            kind.rawValue
        }
    }
}

extension WebhookSchemeError: CustomStringConvertible {
    /// A sentence that says what is wrong and what to do.
    public var description: String {
        switch code {
        case .malformedName: "The name of a header, field or version is empty or has a character that it cannot have."
        case .malformedSeparator:
            "The separator of fields has to be a punctuation character of ASCII other than '=', '+', '/', '-' and '_'."
        case .repeatedName: "Two headers, or two fields of the signature header, have the same name."
        case .bodyNotLast: "What is signed has to have the body exactly once, at its end."
        case .notSigned: "The identifier or the timestamp is sent and not signed, so it proves nothing: leave it out."
        case .notSent: "The identifier or the timestamp is signed, so it has to be sent, in one place."
        default:
            "After identifier and timestamp a text has to follow that neither can contain, as a full stop: or one "
                + "delivery could be read as another one."
        }
    }
}
