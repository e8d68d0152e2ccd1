extension Subscription {
    /// What tells one subscription from another: a provider's names are unique within that provider alone.
    public struct Key: Hashable, Sendable {
        /// The provider account.
        public let provider: ProviderID

        /// The provider's name for the subscription.
        public let id: String

        /// Creates a key.
        public init(provider: ProviderID, id: String) {
            self.provider = provider
            self.id = id
        }

        /// The provider's name for the subscription.
        public var providerReference: ProviderReference {
            ProviderReference(provider: provider, kind: .subscription, id: id)
        }
    }

    /// What tells the subscription from every other.
    public var key: Key { snapshot.key }
}

extension Subscription.Key: Comparable {
    /// Returns whether the first comes before the second: by the name, then by the provider.
    public static func < (left: Subscription.Key, right: Subscription.Key) -> Bool {
        (left.id, left.provider) < (right.id, right.provider)
    }
}
