/// One attempt of a customer to buy, followed from the paywall to the money.
///
/// Attempts for different references live side by side, whatever tab they came from. What an attempt is made of is only
/// ever added to: when it was asked for first and last, every checkout that it has had, every order that paid for it. Its
/// stage follows from that, so it does not matter in which order word of it comes; and only money completes it.
public struct Upgrade: Hashable, Sendable {
    /// What a customer wants to buy, as last asked for.
    public struct Wish: Hashable, Sendable {
        /// What is to be bought.
        public let target: Target

        /// How often it is to be billed, where the host said.
        public let cycle: Recurrence?

        /// The promo code that the customer gave.
        public let promoCode: String?

        /// When it was asked for.
        public let at: Timestamp

        /// Creates a wish.
        ///
        /// - Parameters:
        ///   - target: What is to be bought.
        ///   - cycle: How often it is to be billed.
        ///   - promoCode: The promo code that the customer gave, 1 to 255 bytes.
        ///   - at: When it was asked for.
        public init(_ target: Target, cycle: Recurrence? = nil, promoCode: String? = nil, at: Timestamp) {
            self.target = target
            self.cycle = cycle
            self.promoCode = promoCode
            self.at = at
        }
    }

    /// Who started an attempt, and when.
    public struct Start: Hashable, Sendable {
        /// The member.
        public let member: MemberID

        /// When the member acted.
        public let at: Timestamp

        /// Creates a start.
        public init(by member: MemberID, at: Timestamp) {
            self.member = member
            self.at = at
        }
    }

    /// What tells the attempt from the customer's others.
    public let key: Key

    /// How far the attempt had come when it was last looked at.
    public var stage: Stage

    /// What the customer wants: what was clicked last, else what the last paywall offered.
    public var wish: Wish?

    /// When a paywall first offered it.
    public var lockedAt: Timestamp?

    /// When the customer first asked for it, or `nil` when the provider's word came without a click.
    public var clickedAt: Timestamp?

    /// When the customer last said that nothing shall come of it.
    public var cancelledAt: Timestamp?

    /// When a success page was first seen, which proves nothing.
    public var successSeenAt: Timestamp?

    /// Who started it, where the host said.
    public var start: Start?

    /// The refusal that prompted it, where the host said.
    public var denial: Denial?

    /// Where the customer came from, where the host said.
    public var visit: Visit?

    /// The checkouts that it has had, oldest first, at most ``maximumCheckouts``.
    public private(set) var checkouts: [Checkout]

    /// The most checkouts that are remembered of an attempt; of more, those that were paid and the newest are.
    public static let maximumCheckouts = 32

    /// Creates an attempt from what a store has kept.
    ///
    /// - Parameters:
    ///   - key: What tells the attempt from the customer's others.
    ///   - stage: How far it had come.
    ///   - wish: What the customer wants.
    ///   - lockedAt: When a paywall first offered it.
    ///   - clickedAt: When the customer first asked for it.
    ///   - cancelledAt: When the customer last said that nothing shall come of it.
    ///   - successSeenAt: When a success page was first seen.
    ///   - start: Who started it.
    ///   - denial: The refusal that prompted it.
    ///   - visit: Where the customer came from.
    ///   - checkouts: Its checkouts, in any order.
    public init(
        key: Key,
        stage: Stage = .locked,
        wish: Wish? = nil,
        lockedAt: Timestamp? = nil,
        clickedAt: Timestamp? = nil,
        cancelledAt: Timestamp? = nil,
        successSeenAt: Timestamp? = nil,
        start: Start? = nil,
        denial: Denial? = nil,
        visit: Visit? = nil,
        checkouts: [Checkout] = []
    ) {
        self.key = key
        self.stage = stage
        self.wish = wish
        self.lockedAt = lockedAt
        self.clickedAt = clickedAt
        self.cancelledAt = cancelledAt
        self.successSeenAt = successSeenAt
        self.start = start
        self.denial = denial
        self.visit = visit
        self.checkouts = checkouts.sorted(by: Checkout.precedes)
    }

    /// Puts a checkout in the place of the one with its id, or among the others.
    mutating func set(_ checkout: Checkout) {
        checkouts.removeAll { $0.id.hasSameBytes(as: checkout.id) }
        let place = checkouts.firstIndex { Checkout.precedes(checkout, $0) } ?? checkouts.endIndex
        checkouts.insert(checkout, at: place)
        guard checkouts.count > Self.maximumCheckouts else { return }
        // The oldest that was not paid; where all were, the newest, which did not complete the attempt.
        let surplus = checkouts.firstIndex { $0.payment == nil } ?? checkouts.index(before: checkouts.endIndex)
        checkouts.remove(at: surplus)
    }

    /// Takes a checkout out.
    mutating func remove(checkout id: String) -> Checkout? {
        checkouts.firstIndex { $0.id.hasSameBytes(as: id) }.map { checkouts.remove(at: $0) }
    }

    /// Returns the checkout of an id, or `nil` when the attempt has not had it.
    public func checkout(_ id: String) -> Checkout? {
        checkouts.first { $0.id.hasSameBytes(as: id) }
    }
}

extension Upgrade {
    /// The host's reference, where the attempt has one.
    public var reference: String? {
        if case .reference(let reference) = key { reference } else { nil }
    }

    /// What is to be bought, or was; `nil` where nobody has said.
    public var target: Target? {
        if let paid { return paid.payment?.target ?? paid.target ?? wish?.target }
        let offered = stage == .checkout ? newestCheckout?.target : nil
        return offered ?? wish?.target ?? newestCheckout?.target
    }

    /// The tier that is to be bought, or was.
    public var tier: Tier.ID? {
        if case .tier(let tier) = target { tier } else { nil }
    }

    /// The pack that is to be bought, or was.
    public var pack: Pack.ID? {
        if case .pack(let pack) = target { pack } else { nil }
    }

    /// How often it is to be billed, where the host said.
    public var cycle: Recurrence? { wish?.cycle }

    /// The promo code that the customer gave.
    public var promoCode: String? { wish?.promoCode }

    /// Who started it, where the host said.
    public var startedBy: MemberID? { start?.member }

    /// Where the customer came from, where the host said.
    public var attribution: Attribution? { visit?.attribution }

    /// The provider's name for the checkout: that of the order that paid, else of the newest checkout.
    public var checkout: String? {
        guard let shown = paid ?? newestCheckout, !shown.id.isEmpty else { return nil }
        return shown.id
    }

    /// When that checkout was opened.
    public var checkoutAt: Timestamp? { (paid ?? newestCheckout)?.openedAt }

    /// Where the customer can pay, while a checkout is open.
    public var checkoutURL: String? { stage == .checkout ? openCheckout?.url : nil }

    /// When the attempt expires by time alone, or `nil` when it does not.
    public var expiresAt: Timestamp? { dueAt }

    /// When it expired, while its stage is ``Stage/expired``.
    public var expiredAt: Timestamp? {
        guard stage == .expired else { return nil }
        return checkouts.filter { $0.isOpenAfter(cancelledAt) }.compactMap { $0.expiredAt ?? $0.expiresAt }.max()
    }

    /// The provider's name for the order that completed it.
    public var order: String? { paid?.payment?.order }

    /// When that order was made.
    public var completedAt: Timestamp? { paid?.payment?.at }

    /// The checkout that was paid, by the earliest order.
    var paid: Checkout? {
        checkouts.filter { $0.payment != nil }.min { left, right in
            guard let one = left.payment, let other = right.payment else { return false }
            return one.precedes(other)
        }
    }

    /// The checkout that was opened last.
    var newestCheckout: Checkout? { checkouts.last { !$0.id.isEmpty } }

    /// The newest checkout that can still be paid, as far as is known.
    var openCheckout: Checkout? { checkouts.last { !$0.isExpired && $0.isOpenAfter(cancelledAt) } }

    /// A Boolean value indicating whether nothing is known of the attempt.
    var isEmpty: Bool {
        wish == nil && lockedAt == nil && clickedAt == nil && cancelledAt == nil && successSeenAt == nil && start == nil
            && denial == nil && visit == nil && checkouts.isEmpty
    }

    /// When the attempt began: the first that is known of it.
    var begunAt: Timestamp {
        let instants =
            [lockedAt, clickedAt, cancelledAt, successSeenAt]
            + checkouts.flatMap { [$0.openedAt, $0.payment?.at] }
        return instants.compactMap(\.self).min() ?? Timestamp(microseconds: .min)
    }
}
