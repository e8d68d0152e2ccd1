/// One report of a provider about one checkout.
public struct CheckoutSnapshot: Hashable, Sendable {
    /// The provider's name for the checkout.
    public let id: String

    /// How new the report is.
    public let version: ObjectVersion

    /// When the checkout was opened.
    public let createdAt: Timestamp

    /// When it can no longer be paid, by time alone, where the provider says.
    public let expiresAt: Timestamp?

    /// A Boolean value indicating whether it can no longer be paid.
    public let isExpired: Bool

    /// Where the customer can pay, where the provider says and a browser may be sent there.
    public let url: String?

    /// What the checkout would buy.
    public let target: Upgrade.Target

    /// The host's reference that was given to the checkout.
    public let reference: String?

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - id: The provider's name for the checkout.
    ///   - version: How new the report is.
    ///   - createdAt: When the checkout was opened.
    ///   - expiresAt: When it can no longer be paid, by time alone.
    ///   - isExpired: Whether it can no longer be paid.
    ///   - url: Where the customer can pay; left out unless it is an `https` or `http` address.
    ///   - target: What the checkout would buy.
    ///   - reference: The host's reference that was given to the checkout.
    public init(
        id: String,
        version: ObjectVersion,
        createdAt: Timestamp,
        expiresAt: Timestamp? = nil,
        isExpired: Bool,
        url: String? = nil,
        target: Upgrade.Target,
        reference: String?
    ) {
        self.id = id
        self.version = version
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.isExpired = isExpired
        self.url = url.flatMap { Upgrade.Opening.isAddress($0) ? $0 : nil }
        self.target = target
        self.reference = reference
    }

    /// Creates a report about the checkout of a tier.
    public init(
        id: String,
        version: ObjectVersion,
        createdAt: Timestamp,
        isExpired: Bool,
        tier: Tier.ID,
        reference: String?
    ) {
        self.init(
            id: id,
            version: version,
            createdAt: createdAt,
            isExpired: isExpired,
            target: .tier(tier),
            reference: reference
        )
    }
}
