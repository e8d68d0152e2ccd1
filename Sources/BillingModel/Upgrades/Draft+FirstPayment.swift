extension Account.Draft {
    /// Completes the attempt that a subscription came from which began with an order of nothing, such as for a trial.
    ///
    /// The order of nothing proves nothing, but names the attempt, which lasts as long as the subscription does; the first
    /// payment of that, whatever it was made for, completes the attempt. Both are looked for among all orders of the
    /// subscription, whichever of them is told: so it does not matter which was told first.
    mutating func completeBeginning(with order: Account.Order) {
        guard order.isPaid, order.pack == nil, let subscription = order.subscriptionKey else { return }
        guard order.isPaymentOfRunning || order.beginsForNothing else { return }
        if order.beginsForNothing, let key = order.attempt {
            let beginning = Upgrade.Checkout.Beginning(
                order: order.id,
                at: order.createdAt,
                subscription: subscription
            )
            note(.began(beginning, checkout: order.attemptCheckout ?? order.attemptName), of: key)
        }
        guard let known = facts.orders[subscription] else { return need(.orders(of: subscription)) }
        let orders = known.filter { $0.id != order.id } + [order]
        guard let beginning = orders.filter(\.beginsForNothing).min(by: Account.Order.precedes),
            let first = orders.filter(\.isPaymentOfRunning).min(by: Account.Order.precedes),
            let key = beginning.attempt
        else { return }
        let payment = Upgrade.Checkout.Payment(
            provider: first.provider,
            order: first.id,
            at: first.createdAt,
            target: beginning.target ?? first.target
        )
        // By one name, whichever payment was told first: so the earliest is the one that stays.
        note(.paid(payment, checkout: beginning.attemptCheckout ?? beginning.attemptName), of: key)
    }
}

extension Account.Order {
    /// The reference that names an attempt, where it can be one.
    var attemptReference: String? { reference.flatMap { $0.isWellFormedIdentifier ? $0 : nil } }

    /// The checkout that an attempt can have had.
    var attemptCheckout: String? { checkout.flatMap { $0.isProviderName ? $0 : nil } }

    /// The attempt that the order itself says it is of, or `nil` when nothing leads from it to one.
    var attempt: Upgrade.Key? {
        Upgrade.Key(reference: attemptReference, target: target, checkout: attemptCheckout)
    }

    /// What an attempt has in the place of the checkout that the order came from, where that is not known.
    fileprivate var attemptName: String {
        Upgrade.Checkout.Payment(provider: provider, order: id, at: createdAt, target: target).name
    }

    /// A Boolean value indicating whether a subscription began with the order, and nothing was charged.
    fileprivate var beginsForNothing: Bool {
        isPaid && purpose == .purchase && total.minorUnits <= 0 && pack == nil
    }

    /// A Boolean value indicating whether the order paid for a subscription that ran already.
    fileprivate var isPaymentOfRunning: Bool {
        isPaid && purpose != .purchase && total.minorUnits > 0 && pack == nil
    }

    /// Returns whether the first was made before the second.
    fileprivate static func precedes(_ left: Self, _ right: Self) -> Bool {
        if left.createdAt != right.createdAt { return left.createdAt < right.createdAt }
        return left.id.utf8.lexicographicallyPrecedes(right.id.utf8)
    }
}
