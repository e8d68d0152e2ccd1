/// The reason why a secret, or a list of secrets, cannot be used.
///
/// It is thrown while a verifier or signer is made, which is when a server starts: a secret that was pasted wrongly
/// is found then and not by the first delivery. The error says which secret of the list is meant and holds nothing
/// of its text. Two errors are equal when code and position are.
public struct WebhookSecretError: Error, Hashable, Sendable {
    /// What is wrong.
    public let code: Code

    /// The position of the secret in the list as it was given, from 0, or `nil` where the list is meant.
    public let secretIndex: Int?

    init(_ code: Code, secretIndex: Int? = nil) {
        self.code = code
        self.secretIndex = secretIndex
    }
}

extension WebhookSecretError {
    /// A kind of mistake.
    ///
    /// Further kinds may be added: have a default case.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        enum Kind: String {
            case noSecrets, tooManySecrets, empty, surroundingWhitespace, copiedWithVersion, notBase64
        }

        private let kind: Kind

        /// The list of secrets is empty.
        public static let noSecrets = Code(kind: .noSecrets)

        /// The list has more secrets than ``WebhookVerifier/secretLimit``, or than the signer's scheme has room for.
        public static let tooManySecrets = Code(kind: .tooManySecrets)

        /// The secret is empty, or nothing follows its prefix.
        public static let empty = Code(kind: .empty)

        /// The secret begins or ends with white space or an invisible character, as pasted text does.
        public static let surroundingWhitespace = Code(kind: .surroundingWhitespace)

        /// The secret begins with the version of a signature, as in `v1,whsec_`.
        public static let copiedWithVersion = Code(kind: .copiedWithVersion)

        /// The secret has to be Base64 text, after an optional `whsec_`, and is not.
        public static let notBase64 = Code(kind: .notBase64)

        /// The name of the code, for logs and metrics.
        public var description: String {
            kind.rawValue
        }
    }
}

extension WebhookSecretError: CustomStringConvertible {
    /// A sentence that says what is wrong and what to do, without the secret.
    public var description: String {
        let subject = secretIndex.map { "The webhook secret at position \($0)" } ?? "The list of webhook secrets"
        return switch code {
        case .noSecrets: "\(subject) is empty: without a secret nothing can be verified or signed."
        case .tooManySecrets:
            "\(subject) is longer than \(WebhookVerifier.secretLimit), or than there is room for signatures."
        case .empty: "\(subject) is empty, or nothing follows its prefix: is its environment variable set?"
        case .surroundingWhitespace:
            "\(subject) begins or ends with white space or an invisible character: remove what was pasted along."
        case .copiedWithVersion: "\(subject) begins with the version of a signature: remove all before whsec_."
        default: "\(subject) is not Base64 text after an optional whsec_: is it complete, and of this provider?"
        }
    }
}
