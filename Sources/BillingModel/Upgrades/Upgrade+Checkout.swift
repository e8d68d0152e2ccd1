extension Upgrade {
    /// One checkout of an attempt, or an order that came from none.
    public struct Checkout: Hashable, Sendable {
        /// An order that paid.
        public struct Payment: Hashable, Sendable {
            /// The provider's name for the order.
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
            ///   - order: The provider's name for the order.
            ///   - at: When the order was made.
            ///   - target: What was bought.
            ///   - isChange: Whether it paid for a change of a running subscription.
            ///   - reference: The reference that came with a change.
            public init(
                order: String,
                at: Timestamp,
                target: Target?,
                isChange: Bool = false,
                reference: String? = nil
            ) {
                self.order = order
                self.at = at
                self.target = target
                self.isChange = isChange
                self.reference = reference
            }

            /// The name of what was paid where no checkout was, among an attempt's checkouts; no provider's name has a space.
            public var name: String { "order \(order)" }

            /// Returns whether the first is the one that completed the attempt, of two.
            func precedes(_ other: Payment) -> Bool {
                if at != other.at { return at < other.at }
                return order.utf8.lexicographicallyPrecedes(other.order.utf8)
            }
        }

        /// The provider's name for the checkout, or ``Payment/name`` for an order that came from none.
        public let id: String

        /// Where the customer can pay.
        public var url: String?

        /// When it was opened, or `nil` while only an order has spoken of it.
        public var openedAt: Timestamp?

        /// When it can no longer be paid, by time alone.
        public var expiresAt: Timestamp?

        /// A Boolean value indicating whether the provider has said that it can no longer be paid.
        public var isExpired: Bool

        /// How new the provider's last report is, or `nil` while only the host or an order has spoken of it.
        public var version: ObjectVersion?

        /// What it would buy, as the provider says.
        public var target: Target?

        /// The first order that paid it.
        public var payment: Payment?

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
        public init(
            id: String,
            url: String? = nil,
            openedAt: Timestamp? = nil,
            expiresAt: Timestamp? = nil,
            isExpired: Bool = false,
            version: ObjectVersion? = nil,
            target: Target? = nil,
            payment: Payment? = nil
        ) {
            self.id = id
            self.url = url
            self.openedAt = openedAt
            self.expiresAt = expiresAt
            self.isExpired = isExpired
            self.version = version
            self.target = target
            self.payment = payment
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

    /// Returns since when it cannot be paid, or `nil` when it can at an instant.
    func end(at now: Timestamp) -> Timestamp? {
        if let expiredAt { return expiredAt }
        return expiresAt.flatMap { $0 <= now ? $0 : nil }
    }

    /// Returns whether it was opened after a cancellation, and not paid.
    func isOpenAfter(_ cancelledAt: Timestamp?) -> Bool {
        guard let openedAt, payment == nil else { return false }
        return cancelledAt.map { $0 < openedAt } ?? true
    }

    /// Returns whether the first was opened before the second.
    static func precedes(_ left: Self, _ right: Self) -> Bool {
        let (one, other) = (left.firstAt, right.firstAt)
        return one == other ? left.id.utf8.lexicographicallyPrecedes(right.id.utf8) : one < other
    }

    /// When it was opened, or paid where nobody has said when it was opened.
    var firstAt: Timestamp { openedAt ?? payment?.at ?? Timestamp(microseconds: .min) }

    // MARK: Word of it

    /// Takes in what the host says of a checkout that it opened.
    ///
    /// The provider's word counts more, whenever it comes.
    mutating func take(_ opening: Upgrade.Opening, at instant: Timestamp) {
        if version == nil {
            openedAt = min(openedAt ?? instant, instant)
        }
        url = url ?? opening.url
        expiresAt = expiresAt ?? opening.expiresAt
    }

    /// Takes in what the provider says of the checkout, where it is newer than what it said before.
    mutating func take(_ report: CheckoutSnapshot) {
        if let version, version >= report.version { return }
        version = report.version
        openedAt = report.createdAt
        isExpired = report.isExpired
        target = report.target
        url = report.url ?? url
        expiresAt = report.expiresAt ?? expiresAt
    }

    /// Takes in an order that paid: of two the earlier one did.
    mutating func take(_ other: Payment) {
        if let payment, !other.precedes(payment) { return }
        payment = other
    }

    /// Takes in what is known of the same checkout elsewhere.
    mutating func take(_ other: Self) {
        if let version = other.version, self.version.map({ $0 < version }) ?? true {
            (self.version, openedAt, isExpired, target) = (version, other.openedAt, other.isExpired, other.target)
            (url, expiresAt) = (other.url ?? url, other.expiresAt ?? expiresAt)
        } else {
            (url, expiresAt) = (url ?? other.url, expiresAt ?? other.expiresAt)
            if version == nil { openedAt = [openedAt, other.openedAt].compactMap(\.self).min() }
        }
        if let payment = other.payment { take(payment) }
    }
}
