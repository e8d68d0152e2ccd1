/// One report of a provider about one subscription.
public struct SubscriptionSnapshot: Hashable, Sendable {
    /// The provider account.
    public let provider: ProviderID

    /// The provider's name for the subscription.
    public let id: String

    /// How new the report is.
    public let version: ObjectVersion

    /// The tier that the subscribed product stands for.
    public let tier: Tier.ID

    /// The standing of the subscription.
    public let status: SubscriptionStatus

    /// How often it is billed, or `nil` when the provider did not say.
    public let cycle: Recurrence?

    /// The current billing period.
    public let period: TimeSpan

    /// A Boolean value indicating whether it ends with the current period.
    public let cancelsAtPeriodEnd: Bool

    /// When it will end, where that is set.
    public let endsAt: Timestamp?

    /// When it ended, where it has.
    public let endedAt: Timestamp?

    /// When the payment failed that is being retried.
    public let pastDueAt: Timestamp?

    /// When the trial that the provider runs ends, where there is or was one.
    public let trialEnd: Timestamp?

    /// A Boolean value indicating whether it pauses with the end of the current period.
    public let pausesAtPeriodEnd: Bool

    /// When a pause ends, where that is set.
    public let resumesAt: Timestamp?

    /// The seats or units that are paid for, 1 or more, or `nil` where the product is not sold by number.
    public let quantity: Int64?

    /// The provider's name for the discount that is in force, as a promo code leaves it.
    public let discount: String?

    /// What a whole cycle costs now, discounts taken off and tax left out, or `nil` when the provider did not say.
    public let price: Money?

    /// The change that is set for later, or `nil` for none; a newer report's takes the place of an older one's.
    public let pending: Subscription.PendingChange?

    /// Creates a report.
    public init(
        provider: ProviderID,
        id: String,
        version: ObjectVersion,
        tier: Tier.ID,
        status: SubscriptionStatus,
        cycle: Recurrence?,
        period: TimeSpan,
        cancelsAtPeriodEnd: Bool = false,
        endsAt: Timestamp? = nil,
        endedAt: Timestamp? = nil,
        pastDueAt: Timestamp? = nil,
        trialEnd: Timestamp? = nil,
        pausesAtPeriodEnd: Bool = false,
        resumesAt: Timestamp? = nil,
        quantity: Int64? = nil,
        discount: String? = nil,
        price: Money? = nil,
        pending: Subscription.PendingChange? = nil
    ) {
        self.provider = provider
        self.id = id
        self.version = version
        self.tier = tier
        self.status = status
        self.cycle = cycle
        self.period = period
        self.cancelsAtPeriodEnd = cancelsAtPeriodEnd
        self.endsAt = endsAt
        self.endedAt = endedAt
        self.pastDueAt = pastDueAt
        self.trialEnd = trialEnd
        self.pausesAtPeriodEnd = pausesAtPeriodEnd
        self.resumesAt = resumesAt
        self.quantity = quantity
        self.discount = discount
        self.price = price
        self.pending = pending
    }

    /// The name that tells the subscription from every other.
    public var key: Subscription.Key { Subscription.Key(provider: provider, id: id) }

    /// The period of this report when it is being paid for.
    var paidPeriod: Subscription.PaidPeriod? {
        switch status {
        case .active, .trialing: Subscription.PaidPeriod(span: period, version: version)
        default: nil
        }
    }

    /// When this report says that nothing is given, or `nil` when it does not say so.
    var loss: Timestamp? { status.givesNothing ? version.object : nil }
}
