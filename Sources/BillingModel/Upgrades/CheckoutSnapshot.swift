/// One report of a provider about one checkout.
public struct CheckoutSnapshot: Hashable, Sendable {
    /// The provider's name for the checkout.
    public let id: String

    /// How new the report is.
    public let version: ObjectVersion

    /// When the checkout was opened.
    public let createdAt: Timestamp

    /// A Boolean value indicating whether it can no longer be paid.
    public let isExpired: Bool

    /// The tier that the checkout would buy.
    public let tier: Tier.ID

    /// The host's reference that was given to the checkout.
    public let reference: String?

    /// Creates a report.
    public init(
        id: String,
        version: ObjectVersion,
        createdAt: Timestamp,
        isExpired: Bool,
        tier: Tier.ID,
        reference: String?
    ) {
        self.id = id
        self.version = version
        self.createdAt = createdAt
        self.isExpired = isExpired
        self.tier = tier
        self.reference = reference
    }
}
