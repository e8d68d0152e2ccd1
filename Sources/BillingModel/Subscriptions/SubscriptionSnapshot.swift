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
        pastDueAt: Timestamp? = nil
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
    }

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
