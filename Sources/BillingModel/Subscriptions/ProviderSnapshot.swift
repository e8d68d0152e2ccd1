/// What one delivery of a provider says about one customer.
public struct ProviderSnapshot: Hashable, Sendable {
    /// The provider account.
    public let provider: ProviderID

    /// The provider's name for the customer, where the delivery tells it.
    public let providerCustomer: String?

    /// Reports about subscriptions.
    ///
    /// One that is not among them is not thereby gone.
    public let subscriptions: [SubscriptionSnapshot]

    /// Reports about what the provider gives beside the tier; one that is not among them is not thereby taken back.
    public let benefits: [BenefitSnapshot]

    /// A report about an order.
    public let order: Account.Order?

    /// A report about a checkout.
    public let checkout: CheckoutSnapshot?

    /// Creates a snapshot.
    public init(
        provider: ProviderID,
        providerCustomer: String? = nil,
        subscriptions: [SubscriptionSnapshot] = [],
        benefits: [BenefitSnapshot] = [],
        order: Account.Order? = nil,
        checkout: CheckoutSnapshot? = nil
    ) {
        self.provider = provider
        self.providerCustomer = providerCustomer
        self.subscriptions = subscriptions
        self.benefits = benefits
        self.order = order
        self.checkout = checkout
    }

    /// The earliest instant that the snapshot tells of, or `nil` when it tells of none.
    var earliestInstant: Timestamp? {
        let instants =
            subscriptions.map(\.period.start)
            + benefits.compactMap(\.creditedAt) + [order?.createdAt, checkout?.createdAt].compactMap(\.self)
        return instants.min()
    }

    /// The provider's names that the customer of this snapshot lays claim to.
    public var references: [ProviderReference] {
        func reference(_ kind: ProviderReference.Kind, _ id: String) -> ProviderReference {
            ProviderReference(provider: provider, kind: kind, id: id)
        }
        return [providerCustomer.map { reference(.customer, $0) }].compactMap(\.self)
            + subscriptions.map { reference(.subscription, $0.id) } + benefits.flatMap(\.references)
            + [order.map(\.providerReference), order?.packReference, checkout.map { reference(.checkout, $0.id) }]
            .compactMap(\.self)
    }
}
