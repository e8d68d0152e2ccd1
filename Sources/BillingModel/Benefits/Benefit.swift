/// Something that a provider gives beside a tier, as last reported: units, or a feature.
///
/// Like a subscription it holds memories that move on their own, each only ever to newer ones, so the order in which
/// reports arrive does not show in what is left.
public struct Benefit: Hashable, Sendable {
    /// What a benefit is.
    public enum Gift: Hashable, Sendable {
        /// Units of a meter, or credits of a pool, credited again and again. A lot of which the provider says that lots do
        /// not roll over takes the place of those before it.
        case units(Int64, of: Account.Balance.Subject, rollsOver: Bool)
        /// A feature of the kind flag.
        case feature(Feature.ID)
    }

    /// What tells one benefit from another: a provider's names are unique within that provider alone.
    public struct Key: Hashable, Sendable {
        /// The provider account.
        public let provider: ProviderID

        /// The provider's name for its giving to this customer.
        public let id: String

        /// Creates a key.
        public init(provider: ProviderID, id: String) {
            self.provider = provider
            self.id = id
        }
    }

    /// What tells the benefit from every other.
    public let key: Key

    /// How new the newest report is.
    public var version: ObjectVersion

    /// What the benefit is.
    public var gift: Gift

    /// A Boolean value indicating whether it is given now.
    public var isGranted: Bool

    /// The subscription that it came with, where it came with one.
    public var subscription: String?

    /// When units were last credited, or `nil` while none were.
    public var creditedAt: Timestamp?

    /// When it was last taken back, or `nil` while it never was.
    public var revokedAt: Timestamp?

    /// When the last lot was credited that took the place of those before it, or `nil` while none did.
    ///
    /// What has ended so does not come back when lots roll over later.
    public var replacedAt: Timestamp?

    /// Creates a benefit.
    public init(
        key: Key,
        version: ObjectVersion,
        gift: Gift,
        isGranted: Bool,
        subscription: String? = nil,
        creditedAt: Timestamp? = nil,
        revokedAt: Timestamp? = nil,
        replacedAt: Timestamp? = nil
    ) {
        self.key = key
        self.version = version
        self.gift = gift
        self.isGranted = isGranted
        self.subscription = subscription
        self.creditedAt = creditedAt
        self.revokedAt = revokedAt
        self.replacedAt = replacedAt
    }
}

extension Benefit.Key: Comparable {
    /// Returns whether the first comes before the second: by the name, then by the provider.
    public static func < (left: Benefit.Key, right: Benefit.Key) -> Bool {
        (left.id, left.provider) < (right.id, right.provider)
    }
}
