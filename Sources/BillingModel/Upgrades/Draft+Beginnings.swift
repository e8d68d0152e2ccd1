extension Account.Draft {
    /// Writes down until when the subscriptions run that attempts began, where that has changed.
    mutating func followBeginnings() {
        for upgrade in account.upgrades where upgrade.checkouts.contains(where: \.isToBePaid) {
            let followed = following(upgrade)
            if followed.checkouts != upgrade.checkouts { write(followed, instead: upgrade, after: nil) }
        }
    }

    /// Returns an attempt as it is now, by what is known of the subscriptions that it began.
    ///
    /// Who began a trial has not abandoned the attempt: it lasts for as long as the subscription gives access, also while a
    /// payment of it is due. A subscription that has been forgotten was over by then.
    mutating func following(_ attempt: Upgrade) -> Upgrade {
        var attempt = attempt
        for index in attempt.checkouts.indices where attempt.checkouts[index].isToBePaid {
            guard let beginning = attempt.checkouts[index].beginning,
                let subscription = account.subscriptions.first(where: { $0.key == beginning.subscription })
            else { continue }
            guard let catalog = catalogs[subscription.catalog] else {
                need(.catalog(subscription.catalog))
                continue
            }
            attempt.checkouts[index].runsUntil = subscription.accessEnd(grace: catalog.grace)
        }
        attempt.stage = attempt.stage(at: now)
        return attempt
    }
}

extension Upgrade.Checkout {
    /// A Boolean value indicating whether it began a subscription for nothing that has not been paid for.
    fileprivate var isToBePaid: Bool { beginning != nil && payment == nil }
}
