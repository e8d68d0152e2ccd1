extension Account.Draft {
    /// Takes in what the provider says, each part only where it is newer than what is known.
    mutating func take(
        _ snapshot: ProviderSnapshot,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        if let precedent = facts.precedent {
            guard precedent.fingerprint == command.fingerprint else {
                throw Account.DecisionError(
                    .keyReused,
                    "The key '\(command.key?.rawValue ?? "")' was used before for something else."
                )
            }
            return Account.Decision(answer: .alreadyTaken)
        }
        let snapshot = leavingOutForgotten(snapshot)
        let order = snapshot.order?.keepable.newer(than: facts.order)
        var references = try claim(snapshot.references)
        // Old word of an order gives nothing, and so has no claim to what is given for it.
        if order == nil, let pack = snapshot.order?.packReference { references.removeAll { $0 == pack } }
        openIfNew()
        let before = effects.count
        // The customer is at least as old as what the provider tells of. So the account's own periods do not depend
        // on which of its words came first.
        if let earliest = snapshot.earliestInstant, earliest < account.anchor { perform(.opened(anchor: earliest)) }
        let giving = account.accessBySubscription(at: now, in: catalogs)?.compactMap { $0.subscription?.key } ?? []
        for report in snapshot.subscriptions { try follow(report) }
        tellOfSeveral(besides: giving)
        for report in snapshot.benefits { try follow(report, claiming: references) }
        if let order {
            perform(.ordered(order))
            noteCharges(with: order)
            if order.isPaid, order.total.minorUnits > 0 { notePurchase(at: order.createdAt) }
            complete(with: order)
            if !followPack(of: order, claiming: references) { references.removeAll { $0 == order.packReference } }
        }
        if let checkout = snapshot.checkout { follow(checkout) }
        if !snapshot.subscriptions.isEmpty { followBeginnings() }
        guard effects.count > before || !references.isEmpty else { return Account.Decision(answer: .stale) }
        guard let access = settle() else { return Account.Decision(answer: .stale) }
        settleAll(under: access)
        warn(under: access)
        return Account.Decision(answer: .taken, change: change(of: command, references: references))
    }

    /// Returns the provider's names that nobody has a claim to yet.
    func claim(_ references: [ProviderReference]) throws(Account.DecisionError) -> [ProviderReference] {
        var free: [ProviderReference] = []
        for reference in references {
            // Providers' names are plain ASCII; so no two that Swift takes for one are two in a database.
            guard reference.id.isWellFormedIdentifier, reference.id.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
            else {
                throw Account.DecisionError(
                    .malformedIdentifier,
                    "The provider's name for a \(reference.kind.rawValue) is not 1 to 255 characters of visible ASCII."
                )
            }
            guard let owner = facts.owners[reference] else {
                if !free.contains(reference) { free.append(reference) }
                continue
            }
            guard owner == account.customer else {
                throw Account.DecisionError(
                    .belongsToAnother,
                    "The \(reference) belongs to customer '\(owner)', so '\(account.customer)' cannot have it."
                )
            }
        }
        return free
    }

    /// Tells of each subscription that has begun to give access while another does.
    private mutating func tellOfSeveral(besides known: [Subscription.Key]) {
        let giving = account.accessBySubscription(at: now, in: catalogs) ?? []
        guard giving.count > 1 else { return }
        for access in giving {
            guard let one = access.subscription, !known.contains(one.key),
                let other = giving.first(where: { $0.subscription?.key != one.key })?.subscription
            else { continue }
            notice(.severalSubscriptions(one.id, beside: other.id))
        }
    }

    private mutating func follow(_ report: SubscriptionSnapshot) throws(Account.DecisionError) {
        let known = account.subscriptions.first { $0.key == report.key }
        // What is no news asks for no tier, and neither does an end: what goes on until then is known.
        let isNews = known.map { $0.snapshot.version < report.version } ?? true
        let isEnd = !report.asksForTier && (known != nil || !report.isPaid)
        let version = version(for: report.tier, of: known)
        guard !isNews || isEnd || version != nil else {
            throw Account.DecisionError(
                .unknownTier,
                "There is no tier '\(report.tier)' in catalog version \(catalogs.current.version)."
            )
        }
        if known == nil { try makeRoomForSubscription() }
        let merged =
            if let known {
                known.merging(report, under: version)
            } else {
                Subscription(report, under: version, else: catalogs.current.version)
            }
        guard var merged else { return }
        noteCharges(of: &merged)
        perform(.subscribed(merged))
        if merged.snapshot.status == .pastDue, known?.snapshot.status != .pastDue { notice(.paymentDue(merged.id)) }
    }

    /// Returns the catalog version that a reported tier is pinned to, or `nil` where none is known to have it.
    ///
    /// It is the one that it was bought under, also where that is no longer sold, else the current one. A tier that is sold
    /// no more was bought under one that had it, though its report comes late: one that the subscription is known under.
    private mutating func version(for tier: Tier.ID, of known: Subscription?) -> Catalog.Version? {
        let own = known?.catalogVersions.sorted(by: >) ?? []
        for version in [known?.pinned(tier), catalogs.current.version].compactMap(\.self) + own {
            guard let catalog = catalogs[version] else {
                need(.catalog(version))
                return version
            }
            if catalog.tier(tier) != nil { return version }
        }
        return nil
    }

    /// Notes what was charged for a subscription's periods, where a payment is due: it is not that of a period that is paid.
    ///
    /// It is looked for among all of its orders, whichever word is told: so it does not matter which came first.
    private mutating func noteCharges(of subscription: inout Subscription, with order: Account.Order? = nil) {
        guard subscription.asksForCharges else { return }
        guard let known = facts.orders[subscription.key] else { return need(.orders(of: subscription.key)) }
        let orders = known.filter { $0.id != order?.id } + [order].compactMap(\.self)
        subscription.note(orders.compactMap(\.charge))
    }

    private mutating func noteCharges(with order: Account.Order) {
        guard let known = account.subscriptions.first(where: { $0.key == order.subscriptionKey }) else { return }
        var noted = known
        noteCharges(of: &noted, with: order)
        if noted != known { perform(.subscribed(noted)) }
    }
}

extension SubscriptionSnapshot {
    /// A Boolean value indicating whether its tier has to be known: it tells of a payment, and sets no end.
    package var asksForTier: Bool {
        isPaid && !cancelsAtPeriodEnd && !pausesAtPeriodEnd && endsAt == nil && endedAt == nil
    }
}
