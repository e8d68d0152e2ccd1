extension Account {
    /// How long what is over is remembered at least: 32 days after the provider last said something of it, and, where
    /// time alone has ended what it gave, 32 days after that.
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

    /// Forgets the subscription that matters least, where there are as many as there may be.
    ///
    /// - Throws: ``Account/DecisionError`` when none has been over for long enough.
    mutating func makeRoomForSubscription() throws(Account.DecisionError) {
        if account.subscriptions.count >= Account.maximumSubscriptions {
            // What one has given, and until when, hangs on its catalog: without it nothing is known to be over.
            let missing = account.subscriptions.map(\.catalog).filter { catalogs[$0] == nil }
            guard missing.isEmpty else { return missing.forEach { need(.catalog($0)) } }
            if let oldest = oldestEndedSubscription { perform(.subscriptionForgotten(oldest)) }
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

    private func isOld(_ version: ObjectVersion) -> Bool { isOld(version.object) }

    private func isOld(_ instant: Timestamp) -> Bool { instant.advanced(by: Account.memoryOfEnded) <= now }

    /// The subscription that is forgotten first, or `nil` when none may be yet.
    ///
    /// Of those that never come back it is the one that ended first, then of those that may. The last one to have
    /// ended, from which the fallback tier's period counts, goes after all others.
    private var oldestEndedSubscription: Subscription? {
        struct Ended {
            let subscription: Subscription
            let end: Timestamp?
            var isLast = false

            /// What never gave anything goes first.
            var place: (Int, Int, Timestamp, ObjectVersion, Subscription.Key) {
                let earliest = Timestamp(microseconds: .min)
                let mayGoOn = subscription.snapshot.isOver ? 0 : 1
                return (isLast ? 1 : 0, mayGoOn, end ?? earliest, subscription.snapshot.version, subscription.key)
            }
        }
        let all = account.subscriptions.map { subscription in
            Ended(
                subscription: subscription,
                end: catalogs[subscription.catalog].flatMap { subscription.accessEnd(grace: $0.grace) }
            )
        }
        let last = all.compactMap(\.end).filter { $0 <= now }.max()
        let ended = all.filter { candidate in
            guard isOld(candidate.subscription.snapshot.version) else { return false }
            guard let end = candidate.end else { return true }
            return candidate.subscription.snapshot.isOver ? end <= now : isOld(end)
        }
        return ended.map { Ended(subscription: $0.subscription, end: $0.end, isLast: $0.end != nil && $0.end == last) }
            .min { $0.place < $1.place }?.subscription
    }

    private var oldestEndedBenefit: Benefit? {
        let ended = account.benefits.filter { benefit in
            isOld(benefit.version) && !benefit.isGranted && !account.grants.contains { $0.id.isLot(of: benefit.key) }
        }
        return ended.min { ($0.version, $0.key) < ($1.version, $1.key) }
    }
}

extension SubscriptionSnapshot {
    /// A Boolean value indicating whether it is over for good, as far as the provider has said.
    fileprivate var isOver: Bool {
        endedAt != nil || [.canceled, .incomplete, .incompleteExpired].contains(status)
    }
}
