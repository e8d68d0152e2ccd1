extension Account.Draft {
    mutating func startUpgrade(
        _ request: Account.Command.UpgradeRequest,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        guard catalogs.current.tier(request.tier) != nil else {
            throw Account.DecisionError(
                .unknownTier,
                "There is no tier '\(request.tier)' in catalog version \(catalogs.current.version)."
            )
        }
        let key: Upgrade.Key = request.reference.map { .reference($0) } ?? .tier(request.tier)
        let known = account.upgrades.first { $0.key == key }
        if let precedent = facts.precedent {
            guard precedent.fingerprint == command.fingerprint else { throw keyReused(command.key) }
            if let known { return Account.Decision(answer: .upgrade(known)) }
        }
        // A second click changes nothing, and what is paid stays paid. An expired attempt begins anew; it
        // remembers its checkout, so that late word of that one is not taken for a new one.
        if let known, known.clickedAt != nil, known.stage != .expired {
            return Account.Decision(answer: .upgrade(known))
        }
        try checkRoom(isNew: known == nil, among: account.upgrades.count, "attempts to buy")
        guard let access = settle() else { return Account.Decision(answer: .settled) }
        var upgrade = known ?? Upgrade(key: key, tier: request.tier, stage: .clicked)
        upgrade.clickedAt = now
        upgrade.startedBy = command.member
        upgrade.cycle = request.cycle
        if upgrade.stage == .expired {
            upgrade.stage = .clicked
            upgrade.tier = request.tier
        }
        perform(.upgraded(upgrade))
        warn(under: access)
        return Account.Decision(answer: .upgrade(upgrade), change: change(of: command))
    }

    /// Moves the attempt on that a checkout belongs to: by the host's reference, else by the checkout, else by
    /// the tier.
    mutating func follow(_ checkout: CheckoutSnapshot) {
        let known = attempt(reference: checkout.reference, checkout: checkout.id, tier: checkout.tier)
        let upgrade =
            known
            ?? Upgrade(
                key: checkout.reference.map { .reference($0) } ?? .tier(checkout.tier),
                tier: checkout.tier,
                stage: .clicked
            )
        let merged = upgrade.merging(checkout)
        guard merged != upgrade, known != nil || hasRoomForAttempts else { return }
        perform(.upgraded(merged))
    }

    /// Completes the attempt that a paid order belongs to.
    mutating func complete(with order: Account.Order) {
        guard order.isPaid, order.purpose == .purchase, order.total.minorUnits > 0 else { return }
        let known = attempt(reference: order.reference, checkout: order.checkout, tier: order.tier)
        guard let tier = known?.tier ?? order.tier else { return }
        let upgrade =
            known
            ?? Upgrade(key: order.reference.map { .reference($0) } ?? .tier(tier), tier: tier, stage: .clicked)
        let merged = upgrade.merging(order)
        guard merged != upgrade, known != nil || hasRoomForAttempts else { return }
        perform(.upgraded(merged))
    }

    /// Whether another attempt to buy can be remembered.
    ///
    /// Where not, the provider's word counts all the same: what was paid for is never refused for want of a note
    /// about it.
    private var hasRoomForAttempts: Bool { account.upgrades.count < Account.maximumSubscriptions }

    func checkRoom(isNew: Bool, among count: Int, _ what: String) throws(Account.DecisionError) {
        guard isNew, count >= Account.maximumSubscriptions else { return }
        throw Account.DecisionError(
            .tooMany,
            "The account has \(count) \(what); \(Account.maximumSubscriptions) are allowed."
        )
    }

    private func attempt(reference: String?, checkout: String?, tier: Tier.ID?) -> Upgrade? {
        if let reference { return account.upgrades.first { $0.key == .reference(reference) } }
        if let checkout, let found = account.upgrades.first(where: { $0.checkout == checkout }) { return found }
        return tier.flatMap { tier in account.upgrades.first { $0.key == .tier(tier) } }
    }
}
