extension Upgrade {
    /// One checkout of an attempt, or an order that came from none.
    public struct Checkout: Hashable, Sendable {
        /// An order that paid.
        public struct Payment: Hashable, Sendable {
            /// The provider account.
            public let provider: ProviderID

            /// The provider's name for the order, which is unique within its account alone.
            public let order: String

            /// When the order was made.
            public let at: Timestamp

            /// What was bought, where the order says.
            public let target: Target?

            /// A Boolean value indicating whether it paid for a change of a running subscription.
            public let isChange: Bool

            /// The reference that came with a change, which may be that of the checkout the subscription came from.
            public let reference: String?

            /// Creates a payment.
            ///
            /// - Parameters:
            ///   - provider: The provider account.
            ///   - order: The provider's name for the order.
            ///   - at: When the order was made.
            ///   - target: What was bought.
            ///   - isChange: Whether it paid for a change of a running subscription.
            ///   - reference: The reference that came with a change.
            public init(
                provider: ProviderID,
                order: String,
                at: Timestamp,
                target: Target?,
                isChange: Bool = false,
                reference: String? = nil
            ) {
                self.provider = provider
                self.order = order
                self.at = at
                self.target = target
                self.isChange = isChange
                self.reference = reference
            }

            /// The name of what was paid where no checkout was, among an attempt's checkouts; no provider's name has a space.
            public var name: String { "order \(provider.withoutSpaces) \(order)" }

            /// The order, with its provider.
            public var orderReference: ProviderReference {
                ProviderReference(provider: provider, kind: .order, id: order)
            }

            /// Returns whether the first is the one that completed the attempt, of two.
            func precedes(_ other: Payment) -> Bool {
                (at, order, provider) < (other.at, other.order, other.provider)
            }
        }

        /// An order of nothing by which a subscription began, such as with a trial.
        public struct Beginning: Hashable, Sendable {
            /// The provider's name for the order.
            public let order: String

            /// When the order was made.
            public let at: Timestamp

            /// The subscription that began with it, whose first payment completes the attempt.
            public let subscription: Subscription.Key

            /// Creates a beginning.
            ///
            /// - Parameters:
            ///   - order: The provider's name for the order.
            ///   - at: When the order was made.
            ///   - subscription: The subscription that began with it.
            public init(order: String, at: Timestamp, subscription: Subscription.Key) {
                self.order = order
                self.at = at
                self.subscription = subscription
            }

            /// The order, with its provider.
            var orderReference: ProviderReference {
                ProviderReference(provider: subscription.provider, kind: .order, id: order)
            }

            /// Returns whether the first is the one that counts, of two.
            func precedes(_ other: Beginning) -> Bool {
                (at, order, subscription) < (other.at, other.order, other.subscription)
            }
        }

        /// The provider's name for the checkout, or ``Payment/name`` for an order that came from none.
        public let id: String

        /// Where the customer can pay: the newest that anybody has said.
        public var url: String?

        /// When it was opened, or `nil` while only an order has spoken of it.
        public var openedAt: Timestamp?

        /// When it can no longer be paid, by time alone: the newest that anybody has said.
        public var expiresAt: Timestamp?

        /// A Boolean value indicating whether the provider has said that it can no longer be paid.
        public var isExpired: Bool

        /// How new the provider's last report is, or `nil` while only the host or an order has spoken of it.
        public var version: ObjectVersion?

        /// What it would buy, as the provider says.
        public var target: Target?

        /// The first order that paid it.
        public var payment: Payment?

        /// Whose word ``url`` is, or `nil` where that is not known.
        public var urlSource: Source?

        /// Whose word ``expiresAt`` is, or `nil` where that is not known.
        public var expirySource: Source?

        /// The subscription that it began for nothing, such as with a trial, and that is yet to be paid for.
        public var beginning: Beginning?

        /// When that subscription's access ends unless more is heard of it, or `nil` while nothing is known of it.
        public var runsUntil: Timestamp?

        /// Creates a checkout from what a store has kept.
        ///
        /// - Parameters:
        ///   - id: The provider's name for it.
        ///   - url: Where the customer can pay.
        ///   - openedAt: When it was opened.
        ///   - expiresAt: When it can no longer be paid, by time alone.
        ///   - isExpired: Whether the provider has said that it can no longer be paid.
        ///   - version: How new the provider's last report is.
        ///   - target: What it would buy.
        ///   - payment: The first order that paid it.
        ///   - urlSource: Whose word the URL is.
        ///   - expirySource: Whose word the expiry is.
        ///   - beginning: The subscription that it began for nothing.
        ///   - runsUntil: When that subscription's access ends.
        public init(
            id: String,
            url: String? = nil,
            openedAt: Timestamp? = nil,
            expiresAt: Timestamp? = nil,
            isExpired: Bool = false,
            version: ObjectVersion? = nil,
            target: Target? = nil,
            payment: Payment? = nil,
            urlSource: Source? = nil,
            expirySource: Source? = nil,
            beginning: Beginning? = nil,
            runsUntil: Timestamp? = nil
        ) {
            self.id = id
            self.url = url
            self.openedAt = openedAt
            self.expiresAt = expiresAt
            self.isExpired = isExpired
            self.version = version
            self.target = target
            self.payment = payment
            self.urlSource = urlSource
            self.expirySource = expirySource
            self.beginning = beginning
            self.runsUntil = runsUntil
        }
    }
}

extension Upgrade.Checkout {
    /// A Boolean value indicating whether it is a checkout, and not an order that came from none.
    public var isAtProvider: Bool { !id.utf8.contains(UInt8(ascii: " ")) }

    /// The payment of a change of the running subscription that no checkout was opened for.
    var change: Payment? {
        guard let payment, payment.isChange, id == payment.name else { return nil }
        return payment
    }

    /// When the provider said that it can no longer be paid, at the latest when its time was over.
    public var expiredAt: Timestamp? {
        guard isExpired, let said = version?.object else { return nil }
        return min(said, expiresAt ?? said)
    }

    /// When it can no longer be paid, by time alone, or `nil` where nobody has said.
    ///
    /// One that began a subscription is paid by that, so it lasts as long as the subscription does.
    var lastsUntil: Timestamp? { runsUntil ?? expiresAt }

    /// A Boolean value indicating whether it can no longer be paid, whatever the time.
    var isOver: Bool { runsUntil == nil && isExpired }

    /// Returns since when it cannot be paid, or `nil` when it can at an instant.
    func end(at now: Timestamp) -> Timestamp? {
        if isOver, let expiredAt { return expiredAt }
        return lastsUntil.flatMap { $0 <= now ? $0 : nil }
    }

    /// Returns whether it was opened after a cancellation, or something was begun by it, and not paid.
    func isOpenAfter(_ cancelledAt: Timestamp?) -> Bool {
        let begunAt = runsUntil == nil ? nil : beginning?.at
        guard payment == nil, let since = [openedAt, begunAt].compactMap(\.self).max() else { return false }
        return cancelledAt.map { $0 < since } ?? true
    }

    /// Returns whether the first was opened before the second.
    static func precedes(_ left: Self, _ right: Self) -> Bool {
        let (one, other) = (left.firstAt, right.firstAt)
        return one == other ? left.id.utf8.lexicographicallyPrecedes(right.id.utf8) : one < other
    }

    /// When it was opened, or used where nobody has said when it was opened.
    var firstAt: Timestamp {
        openedAt ?? [beginning?.at, payment?.at].compactMap(\.self).min() ?? Timestamp(microseconds: .min)
    }
}
