extension Account {
    /// How long what is over is remembered at least: 32 days after the provider last said something of it.
    ///
    /// A subscription or benefit that has been over for longer gives way to a new one where there is no room for it. What
    /// is told of it then is taken for news only where it is younger than this; so nothing that was said before can
    /// bring it back.
    public static let memoryOfEnded = Duration.seconds(32 * 86_400)
}

extension Account.Draft {
    /// Returns a snapshot without the old reports of what has been forgotten.
    ///
    /// Nobody has a claim to a name before it is first told of: so one that the customer has a claim to, and of which
    /// nothing is remembered, was forgotten.
    func leavingOutForgotten(_ snapshot: ProviderSnapshot) -> ProviderSnapshot {
        func isOwn(_ kind: ProviderReference.Kind, _ id: String) -> Bool {
            facts.owners[ProviderReference(provider: snapshot.provider, kind: kind, id: id)] == account.customer
        }
        guard (snapshot.subscriptions.map(\.version) + snapshot.benefits.map(\.version)).contains(where: isOld) else {
            return snapshot
        }
        return ProviderSnapshot(
            provider: snapshot.provider,
            providerCustomer: snapshot.providerCustomer,
            subscriptions: snapshot.subscriptions.filter { report in
                !isOld(report.version) || !isOwn(.subscription, report.id)
                    || account.subscriptions.contains { $0.key == report.key }
            },
            benefits: snapshot.benefits.filter { report in
                !isOld(report.version) || !isOwn(.grant, report.key.id)
                    || account.benefits.contains { $0.key == report.key }
            },
            order: snapshot.order,
            checkout: snapshot.checkout
        )
    }

    /// Forgets the subscription that ended first, where there are as many as there may be.
    ///
    /// - Throws: ``Account/DecisionError`` when none has been over for long enough.
    mutating func makeRoomForSubscription() throws(Account.DecisionError) {
        if account.subscriptions.count >= Account.maximumSubscriptions, let oldest = oldestEndedSubscription {
            perform(.subscriptionForgotten(oldest))
        }
        try checkRoom(isNew: true, among: account.subscriptions.count, "subscriptions")
    }

    /// Forgets the benefit that was taken back first, where there are as many as there may be.
    ///
    /// - Throws: ``Account/DecisionError`` when none has been over for long enough.
    mutating func makeRoomForBenefit() throws(Account.DecisionError) {
        if account.benefits.count >= Account.maximumSubscriptions, let oldest = oldestEndedBenefit {
            perform(.benefitForgotten(oldest))
        }
        try checkRoom(isNew: true, among: account.benefits.count, "benefits")
    }

    private func isOld(_ version: ObjectVersion) -> Bool {
        version.object.advanced(by: Account.memoryOfEnded) <= now
    }

    private var oldestEndedSubscription: Subscription? {
        func end(of subscription: Subscription) -> Timestamp? {
            catalogs[subscription.catalog].flatMap { subscription.accessEnd(grace: $0.grace) }
        }
        let ended = account.subscriptions.filter { subscription in
            guard isOld(subscription.snapshot.version), subscription.snapshot.isOver(at: now) else { return false }
            return end(of: subscription).map { $0 <= now } ?? true
        }
        // By what they gave: so the latest end, from which the fallback tier's period counts, is the last to go.
        return ended.min { left, right in
            let (first, second) = (end(of: left), end(of: right))
            guard first == second else { return first.map { first in second.map { first < $0 } ?? false } ?? true }
            return (left.snapshot.version, left.key) < (right.snapshot.version, right.key)
        }
    }

    private var oldestEndedBenefit: Benefit? {
        let ended = account.benefits.filter { benefit in
            isOld(benefit.version) && !benefit.isGranted && !account.grants.contains { $0.id.isLot(of: benefit.key) }
        }
        return ended.min { ($0.version, $0.key) < ($1.version, $1.key) }
    }
}

extension SubscriptionSnapshot {
    /// Returns whether it is over for good, as far as the provider has said.
    fileprivate func isOver(at now: Timestamp) -> Bool {
        if let endedAt, endedAt <= now { return true }
        return [.canceled, .incomplete, .incompleteExpired].contains(status)
    }
}
