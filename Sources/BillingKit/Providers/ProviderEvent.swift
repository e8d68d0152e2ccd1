/// What a webhook says, in the kit's words.
public enum ProviderEvent: Hashable, Sendable {
    /// Nothing that concerns billing, and why.
    case ignored(String)

    /// A report about a customer's subscriptions, order or checkout.
    case snapshot(ProviderSnapshot, customer: Subject)

    /// Whom a report is about.
    public enum Subject: Hashable, Sendable {
        /// The host's own id, which the provider was given.
        case customer(CustomerID)
        /// Only the provider's names are known: the customer is the owner of the first that has one.
        case ownerOfAny([ProviderReference])
    }
}

/// A verified webhook that cannot be read.
public struct ProviderEventError: Error, Hashable, Sendable {
    /// Why it cannot be read.
    public enum Code: Hashable, Sendable {
        /// It is not what the provider documents; trying again changes nothing.
        case unreadable
        /// It names a product that stands for no tier; a changed configuration may mend that.
        case unknownProduct
    }

    /// Why it cannot be read.
    public let code: Code

    /// What was wrong, with which value, and what to do, as a sentence without personal data.
    public let message: String

    /// Creates the error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension ProviderEventError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}
