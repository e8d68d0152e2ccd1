/// What a provider calls one of its objects.
///
/// A reference belongs to one customer for ever: the first who is seen with it keeps it.
public struct ProviderReference: Hashable, Sendable {
    /// A kind of object that the kit remembers by the provider's name for it.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The provider's record of a customer.
        case customer
        /// A subscription.
        case subscription
        /// An order.
        case order
        /// A checkout.
        case checkout
        /// What units were given for: an order's id, with the pack's where it has several, or a benefit's.
        case grant
    }

    /// The provider account that gave the name.
    public let provider: ProviderID

    /// The kind of object.
    public let kind: Kind

    /// The provider's name for the object.
    public let id: String

    /// Creates a reference.
    public init(provider: ProviderID, kind: Kind, id: String) {
        self.provider = provider
        self.kind = kind
        self.id = id
    }
}

extension ProviderReference: CustomStringConvertible {
    /// The reference in words, such as `polar order 19ac95c4`.
    public var description: String { "\(provider) \(kind.rawValue) \(id)" }
}
