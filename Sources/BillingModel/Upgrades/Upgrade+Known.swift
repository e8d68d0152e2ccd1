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

    /// What the customer wants: what was clicked last, else what the last paywall offered.
    public var wish: Wish? {
        // What a paywall has offered counts until the first click, and not after it.
        acts.last { $0.kind == .clicked }?.wish ?? acts.last { $0.kind == .locked }?.wish
    }

    /// When a paywall first offered it.
    public var lockedAt: Timestamp? { acts.first { $0.kind == .locked }?.at }

    /// When the customer first asked for it, or `nil` when the provider's word came without a click.
    public var clickedAt: Timestamp? { acts.first { $0.kind == .clicked }?.at }

    /// When the customer last said that nothing shall come of it.
    public var cancelledAt: Timestamp? { acts.last { $0.kind == .cancelled }?.at }

    /// When a success page was first seen, which proves nothing.
    public var successSeenAt: Timestamp? { acts.first { $0.kind == .successSeen }?.at }

    /// Who started it, where the host said.
    public var start: Start? {
        for act in acts where act.isBeginning {
            if let member = act.member { return Start(by: member, at: act.at) }
        }
        return nil
    }

    /// The refusal that prompted it, where the host said: the first that was told of.
    public var denial: Denial? { acts.first { $0.denial != nil }?.denial }

    /// Where the customer came from, where the host said: the first that was told of.
    public var visit: Visit? {
        for act in acts {
            if let attribution = act.attribution { return Visit(attribution, at: act.at) }
        }
        return nil
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
        guard let shown = paid ?? newestCheckout, shown.isAtProvider else { return nil }
        return shown.id
    }

    /// When that checkout was opened.
    public var checkoutAt: Timestamp? { (paid ?? newestCheckout)?.openedAt }

    /// Where the customer can pay, while a checkout is open.
    public var checkoutURL: String? { stage == .checkout ? openCheckout?.url : nil }

    /// When it expired, while its stage is ``Stage/expired``.
    public var expiredAt: Timestamp? {
        guard stage == .expired, case .expired(let instant, _) = standing(at: Timestamp(microseconds: .max)) else {
            return nil
        }
        return instant
    }

    /// The provider's name for the order that completed it.
    public var order: String? { paid?.payment?.order }

    /// The order that completed it, with its provider.
    public var orderReference: ProviderReference? { paid?.payment?.orderReference }

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
    var newestCheckout: Checkout? { checkouts.last { $0.isAtProvider } }

    /// The newest checkout that can still be paid, as far as is known.
    var openCheckout: Checkout? {
        checkouts.last { !$0.isExpired && $0.beginning == nil && $0.isOpenAfter(cancelledAt) }
    }

    /// A Boolean value indicating whether nothing is known of the attempt.
    var isEmpty: Bool { acts.isEmpty && checkouts.isEmpty }

    /// When the attempt began: the first that is known of it.
    var begunAt: Timestamp {
        let instants =
            acts.prefix(1).map(\.at)
            + checkouts.flatMap { [$0.openedAt, $0.beginning?.at, $0.payment?.at].compactMap(\.self) }
        return instants.min() ?? Timestamp(microseconds: .min)
    }
}
