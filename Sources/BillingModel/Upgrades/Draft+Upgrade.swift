extension Account.Draft {
    /// Takes in that the customer asked to buy.
    mutating func startUpgrade(
        _ request: Account.Command.UpgradeRequest,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        let act = try act(.clicked, request, by: command.member)
        return try advance(request.attempt, by: .act(act), as: command)
    }

    /// Takes in what else the host knows of an attempt.
    mutating func advanceUpgrade(
        _ advance: Account.Command.UpgradeAdvance,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        let instant = instant(of: advance.at)
        let word: Upgrade.Word
        switch advance.step {
        case .locked(let request): word = .act(try act(.locked, request, by: command.member))
        case .checkoutOpened(let opening): word = .opened(opening, at: instant)
        case .successSeen: word = .act(Upgrade.Act(.successSeen, at: instant, expiresAt: instant.advanced(by: life)))
        case .cancelled: word = .act(Upgrade.Act(.cancelled, at: instant))
        }
        return try self.advance(advance.attempt, by: word, as: command)
    }

    /// Moves the attempt on that a checkout belongs to.
    mutating func follow(_ checkout: CheckoutSnapshot) {
        let reference = checkout.reference.flatMap { $0.isWellFormedIdentifier ? $0 : nil }
        guard let key = Upgrade.Key(reference: reference, target: checkout.target) else { return }
        note(.report(checkout), of: key)
    }

    /// Completes the attempts that a paid order belongs to.
    ///
    /// A purchase belongs to one. A change of the running subscription that no checkout was opened for belongs to every
    /// attempt that it fulfils, see ``AttemptBook``.
    mutating func complete(with order: Account.Order) {
        completeBeginning(with: order)
        // A pack is given for its order, also for one of no money.
        guard order.isPaid, order.purpose != .renewal, order.total.minorUnits > 0 || order.pack != nil else { return }
        let checkout = order.attemptCheckout
        // An order that nothing leads from is no attempt's.
        guard let key = order.attempt else { return }
        let isChange = order.purpose == .change
        let payment = Upgrade.Checkout.Payment(
            provider: order.provider,
            order: order.id,
            at: order.createdAt,
            target: order.target,
            isChange: isChange,
            reference: isChange && checkout == nil ? order.attemptReference : nil
        )
        note(.paid(payment, checkout: checkout), of: key)
    }

    func checkRoom(isNew: Bool, among count: Int, _ what: String) throws(Account.DecisionError) {
        guard isNew, count >= Account.maximumSubscriptions else { return }
        throw Account.DecisionError(
            .tooMany,
            "The account has \(count) \(what); \(Account.maximumSubscriptions) are allowed."
        )
    }

    /// How long an attempt lasts that nothing comes of.
    private var life: Duration { .seconds(catalogs.current.settings.attempts.lifeSeconds) }

    /// Returns the act of an offer or a click that is told now.
    private func act(
        _ kind: Upgrade.Act.Kind,
        _ request: Account.Command.UpgradeRequest,
        by member: MemberID?
    ) throws(Account.DecisionError) -> Upgrade.Act {
        // What was asked for while it was sold is answered as it was then.
        if facts.precedent == nil { try checkIsSold(request.target) }
        let instant = instant(of: request.at)
        var act = Upgrade.Act(kind, request, by: member, at: instant)
        act.expiresAt = instant.advanced(by: life)
        if kind == .clicked {
            act.abandonedAt = instant.advanced(by: .seconds(catalogs.current.settings.attempts.abandonedSeconds))
        }
        return act
    }

    /// Returns when something happened that is told now, or was when the command came first.
    private func instant(of told: Timestamp?) -> Timestamp {
        let now = facts.precedent?.at ?? self.now
        return min(told ?? now, now)
    }

    private func checkIsSold(_ target: Upgrade.Target) throws(Account.DecisionError) {
        let version = catalogs.current.version
        switch target {
        case .tier(let tier):
            guard catalogs.current.tier(tier) == nil else { return }
            throw Account.DecisionError(.unknownTier, "There is no tier '\(tier)' in catalog version \(version).")
        case .pack(let pack):
            guard catalogs.current.pack(pack) == nil else { return }
            throw Account.DecisionError(.unknownPack, "There is no pack '\(pack)' in catalog version \(version).")
        }
    }

    /// Returns the attempt that a word became part of when it was told for the first time, as it is now.
    private func known(by word: Upgrade.Word, of key: Upgrade.Key) -> Upgrade {
        if let known = account.upgrades.last(where: { $0.key.family == key.family && $0.holds(word) }) { return known }
        if case .act(let act) = word {
            // Of many acts not all are remembered: it was of the attempt that was going on.
            let begun = account.upgrades.filter { $0.key.family == key.family && $0.begunAt <= act.at }
            if let known = begun.last { return known }
        }
        if let known = account.upgrade(of: key.family, holding: word) { return known }
        // Forgotten since, for others.
        var upgrade = Upgrade(key: key)
        upgrade.take(word)
        upgrade.stage = upgrade.stage(at: now)
        return upgrade
    }

    private mutating func advance(
        _ key: Upgrade.Key,
        by word: Upgrade.Word,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        if let precedent = facts.precedent {
            guard precedent.fingerprint == command.fingerprint else { throw keyReused(command.key) }
            return Account.Decision(answer: .upgrade(known(by: word, of: key)))
        }
        guard let access = settle() else { return Account.Decision(answer: .settled) }
        let before = effects.count
        guard let upgrade = note(word, of: key) else {
            throw Account.DecisionError(
                .tooMany,
                "The account has \(account.upgrades.count) attempts to buy, and a checkout is open for each of them."
            )
        }
        // A second word that says the same changes nothing.
        guard effects.count > before else { return Account.Decision(answer: .upgrade(upgrade)) }
        warn(under: access)
        return Account.Decision(answer: .upgrade(upgrade), change: change(of: command))
    }
}
