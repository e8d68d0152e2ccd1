extension Account {
    /// A purchase at the provider, as last reported.
    public struct Order: Hashable, Sendable {
        /// Why an order was made.
        public enum Purpose: String, Hashable, Sendable, CaseIterable {
            /// A purchase by the customer: the first order of a subscription, or a single one.
            case purchase
            /// A change of a running subscription that the customer asked for, such as to a higher tier.
            case change
            /// A renewal or another order that the provider made by itself.
            case renewal
        }

        /// The provider account.
        public let provider: ProviderID

        /// The provider's name for the order.
        public let id: String

        /// How new the report is.
        public let version: ObjectVersion

        /// The provider's word for the order's standing.
        public let status: String

        /// A Boolean value indicating whether the money is in.
        public let isPaid: Bool

        /// Why the order was made.
        public let purpose: Purpose

        /// When the order was made.
        public let createdAt: Timestamp

        /// What was charged, tax included; less than nothing for credit.
        ///
        /// A report of more than ``Catalog/Limits/minorUnits`` minor units, either way, is refused.
        public let total: Money

        /// What of it, without tax, has been given back so far, in minor units: 0 to ``Catalog/Limits/minorUnits``, or the
        /// report is refused.
        public let refundedMinorUnits: Int64

        /// The tier that the bought product stands for, where it stands for one.
        public let tier: Tier.ID?

        /// The pack that the bought product stands for, where it stands for one.
        public let pack: Pack.ID?

        /// The subscription that the order belongs to.
        public let subscription: String?

        /// The checkout that the order came from.
        public let checkout: String?

        /// The host's reference that was given to the checkout.
        public let reference: String?

        /// Creates an order.
        public init(
            provider: ProviderID,
            id: String,
            version: ObjectVersion,
            status: String,
            isPaid: Bool,
            purpose: Purpose,
            createdAt: Timestamp,
            total: Money,
            refundedMinorUnits: Int64 = 0,
            tier: Tier.ID? = nil,
            pack: Pack.ID? = nil,
            subscription: String? = nil,
            checkout: String? = nil,
            reference: String? = nil
        ) {
            self.provider = provider
            self.id = id
            self.version = version
            self.status = status
            self.isPaid = isPaid
            self.purpose = purpose
            self.createdAt = createdAt
            self.total = total
            self.refundedMinorUnits = refundedMinorUnits
            self.tier = tier
            self.pack = pack
            self.subscription = subscription
            self.checkout = checkout
            self.reference = reference
        }
    }
}

extension Account.Order {
    /// Returns the report where it is newer than what is known of the order, and `nil` where it is not.
    func newer(than known: Self?) -> Self? {
        known.map { $0.version < version } ?? true ? self : nil
    }

    /// The provider's name for the order.
    public var providerReference: ProviderReference {
        ProviderReference(provider: provider, kind: .order, id: id)
    }

    /// The subscription that the order belongs to.
    public var subscriptionKey: Subscription.Key? {
        subscription.map { Subscription.Key(provider: provider, id: $0) }
    }

    /// What is in its pack is given for, once for ever; `nil` where it is not of a pack or not paid.
    public var packReference: ProviderReference? {
        pack != nil && isPaid ? ProviderReference(provider: provider, kind: .grant, id: id) : nil
    }

    /// A Boolean value indicating whether all of it was given back.
    public var isGivenBack: Bool {
        status == "refunded" || total.minorUnits > 0 && refundedMinorUnits >= total.minorUnits
    }
}
