/// One report of a provider about one subscription.
public struct SubscriptionSnapshot: Hashable, Sendable {
    /// The provider account.
    public let provider: ProviderID

    /// The provider's name for the subscription.
    public let id: String

    /// How new the report is.
    public internal(set) var version: ObjectVersion

    /// The tier that the subscribed product stands for.
    public internal(set) var tier: Tier.ID

    /// The standing of the subscription.
    public internal(set) var status: SubscriptionStatus

    /// How often it is billed, or `nil` when the provider did not say.
    public internal(set) var cycle: Recurrence?

    /// The current billing period.
    public internal(set) var period: TimeSpan

    /// A Boolean value indicating whether it ends with the current period.
    public internal(set) var cancelsAtPeriodEnd: Bool

    /// When it will end, where that is set.
    public internal(set) var endsAt: Timestamp?

    /// When it ended, where it has.
    public internal(set) var endedAt: Timestamp?

    /// When the payment failed that is being retried.
    public internal(set) var pastDueAt: Timestamp?

    /// When the trial that the provider runs ends, where there is or was one.
    public let trialEnd: Timestamp?

    /// A Boolean value indicating whether it pauses with the end of the current period.
    public internal(set) var pausesAtPeriodEnd: Bool

    /// When a pause ends, where that is set.
    public internal(set) var resumesAt: Timestamp?

    /// The seats or units that are paid for, 1 or more, or `nil` where the product is not sold by number.
    ///
    /// A report of less than 0 or of more than ``Catalog/Limits/units`` is refused.
    public internal(set) var quantity: Int64?

    /// The provider's name for the discount that is in force, as a promo code leaves it.
    public let discount: String?

    /// What a whole cycle costs now, discounts taken off and tax left out, or `nil` when the provider did not say.
    ///
    /// A report of less than nothing or of more than ``Catalog/Limits/minorUnits`` is refused.
    public internal(set) var price: Money?

    /// The change that is set for later, or `nil` for none; a newer report's takes the place of an older one's.
    public internal(set) var pending: Subscription.PendingChange?

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

    /// A Boolean value indicating whether the period of this report is being paid for.
    var isPaid: Bool { status == .active || status == .trialing }

    /// Returns the period of this report when it is being paid for.
    ///
    /// - Parameter catalog: The version that the tier was bought under.
    /// - Returns: The period, or `nil` when it is not.
    func paidPeriod(under catalog: Catalog.Version) -> Subscription.PaidPeriod? {
        guard isPaid else { return nil }
        return Subscription.PaidPeriod(
            span: period,
            version: version,
            terms: Subscription.Terms(tier: tier, quantity: quantity, catalog: catalog)
        )
    }

    /// When this report says that nothing is given, and since when: empty when it does not say so.
    var losses: [Timestamp] { status.givesNothing ? instants(since: endedAt) : [] }

    /// When this report says that a payment is due, and since when: empty when it does not say so.
    ///
    /// An instant that is after the report is none that anybody can know, and counts as the report's own.
    private var dues: [Subscription.Told] {
        guard status == .pastDue else { return [] }
        let failedAt = pastDueAt.map { min($0, version.object) }
        return [Subscription.Told(.due, at: version.object)]
            + [failedAt.map { Subscription.Told(.failed, at: $0) }].compactMap(\.self)
    }

    /// When this report was made, where its word for the standing is newer than this code; else empty.
    var unknowns: [Timestamp] { status.isKnown ? [] : [version.object] }

    /// What this report says of the standing, and since when: empty where it is a payment.
    var told: [Subscription.Told] {
        losses.map { Subscription.Told(.lost, at: $0) } + dues + unknowns.map { Subscription.Told(.unknown, at: $0) }
    }

    /// The instant of the report and an earlier one that it speaks of.
    private func instants(since earlier: Timestamp?) -> [Timestamp] {
        [version.object] + [earlier.map { min($0, version.object) }].compactMap(\.self)
    }
}

extension SubscriptionSnapshot {
    /// Returns the report under another version.
    package func replacing(version: ObjectVersion) -> SubscriptionSnapshot {
        var other = self
        other.version = version
        return other
    }
}
