extension Account.Draft {
    /// Gives units: once for the command's key, and once for ever for what they are given for.
    mutating func grant(
        _ granting: Account.Command.Granting,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        if let receipt = try precedingReceipt(of: command) { return Account.Decision(answer: .repeated(receipt)) }
        let references = try claim([granting.identity].compactMap(\.self))
        if granting.identity != nil, references.isEmpty { return Account.Decision(answer: .alreadyGranted) }
        try check(granting)
        return try give(granting, as: command, claiming: references)
    }

    /// Gives what is in a pack, once for its order.
    mutating func grantPack(
        _ granting: Account.Command.PackGranting,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        if let receipt = try precedingReceipt(of: command) { return Account.Decision(answer: .repeated(receipt)) }
        let references = try claim([granting.order])
        guard !references.isEmpty else { return Account.Decision(answer: .alreadyGranted) }
        guard let pack = catalogs.current.pack(granting.pack) else {
            throw Account.DecisionError(
                .unknownPack,
                "There is no pack '\(granting.pack)' in catalog version \(catalogs.current.version)."
            )
        }
        let (amount, subject) = pack.contents.lot
        // Bought by a clock that is ahead, it can be used all the same.
        let boughtAt = granting.boughtAt.map { min($0, now) } ?? now
        let bought = Account.Command.Granting(
            amount,
            of: subject,
            from: .order,
            effective: boughtAt,
            expiry: pack.life?.boundary(1, from: boughtAt),
            identity: granting.order
        )
        try check(bought)
        return try give(bought, as: command, claiming: references)
    }

    private mutating func give(
        _ granting: Account.Command.Granting,
        as command: Account.Command,
        claiming references: [ProviderReference]
    ) throws(Account.DecisionError) -> Account.Decision {
        // Before anything else takes a name: so a receipt tells the grant's name by its revision alone. What is given for
        // something is found again by that, such as when an order is paid back.
        let id = granting.identity.map { Account.Grant.ID(givenFor: $0) } ?? Account.Grant.ID(nextName())
        var access: Account.Access
        switch granting.subject {
        case .meter(let meter): access = try prepare(meter)
        case .pool:
            guard let settled = settle() else {
                throw Account.DecisionError(.missing(needs), "The decision needs catalogs that were not loaded.")
            }
            access = settled
            settle(granting.subject, under: access)
        }
        try checkRoomForGrants()
        perform(
            .granted(
                Account.Grant(
                    id: id,
                    subject: granting.subject,
                    source: granting.source,
                    basis: granting.basis,
                    priority: granting.priority,
                    effective: granting.effective ?? now,
                    expiry: granting.expiry,
                    amount: granting.amount
                )
            )
        )
        if granting.source == .order {
            // A first purchase ends a trial, and the tier with it that the trial gave.
            notePurchase(at: min(granting.effective ?? now, now))
            access = settle() ?? access
            settleAll(under: access)
        }
        // What is given too late is over at once, and is on record all the same.
        settle(granting.subject, under: access)
        let line = Account.Receipt.Line(
            subject: granting.subject,
            amount: granting.amount,
            remaining: remaining(of: granting.subject, under: access)
        )
        let receipt = receipt(line)
        warn(under: access)
        return Account.Decision(
            answer: .granted(receipt, id),
            change: change(of: command, receipt: receipt, references: references)
        )
    }

    /// Takes a grant back: what is left of it is gone, and what a hold gives back later goes with it.
    mutating func void(
        _ id: Account.Grant.ID,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        if let receipt = try precedingReceipt(of: command) { return Account.Decision(answer: .repeated(receipt)) }
        guard let subject = account.grant(id)?.subject else { return Account.Decision(answer: .alreadyOver) }
        guard let access = settle() else { return Account.Decision(answer: .alreadyOver) }
        settle(subject, under: access)
        guard let grant = account.grant(id), !grant.isOver(at: now) else {
            return Account.Decision(answer: .alreadyOver)
        }
        guard grant.source != .allowance else {
            throw Account.DecisionError(
                .grantNotAllowed,
                "Grant '\(id)' is what tier '\(access.tier.id)' gives; an allowance ends with its tier."
            )
        }
        let units = grant.remaining
        perform(.voided(id, amount: units, at: now))
        if grant.held == 0 { retire(id) }
        let line = Account.Receipt.Line(
            subject: subject,
            amount: units,
            remaining: remaining(of: subject, under: access)
        )
        return applied(receipt(line), to: command, under: access)
    }

    func checkRoomForGrants() throws(Account.DecisionError) {
        guard account.grantCount < Account.maximumGrants else {
            throw Account.DecisionError(
                .tooMany,
                "The account has \(account.grantCount) live grants; \(Account.maximumGrants) are allowed."
            )
        }
    }

    private func check(_ granting: Account.Command.Granting) throws(Account.DecisionError) {
        func refusal(_ message: String) -> Account.DecisionError { Account.DecisionError(.grantNotAllowed, message) }
        if [.allowance, .rollover, .renewal].contains(granting.source) {
            throw refusal("An allowance, and what is left over of one, is a tier's to give; name another source.")
        }
        if let expiry = granting.expiry, let effective = granting.effective, expiry <= effective {
            throw refusal("Units that can be used from \(effective) cannot end at \(expiry).")
        }
        if let kind = granting.identity?.kind, kind != .grant {
            throw refusal("Units are given for a reference of kind 'grant', not '\(kind.rawValue)'.")
        }
        if case .meter(let meter) = granting.subject, catalogs.current.meter(meter)?.kind == .gauge {
            throw refusal("Meter '\(meter)' is a gauge, which has no units that are used up.")
        }
        if case .pool(let pool) = granting.subject, catalogs.current.pool(pool) == nil,
            account.balance(of: granting.subject) == nil
        {
            throw Account.DecisionError(
                .unknownPool,
                "There is no credit pool '\(pool)' in catalog version \(catalogs.current.version)."
            )
        }
    }
}

extension Account.Grant.ID {
    /// Creates the name of what is given for an order, a benefit or whatever else the provider has a name for.
    init(givenFor reference: ProviderReference) {
        self.init("\(reference.provider):\(reference.id)")
    }
}

extension Account.Command.Action {
    /// Returns the name of the grant that a command of this action gave, by the receipt of one that gave units.
    package func grant(by receipt: Account.Receipt) -> Account.Grant.ID {
        let identity: ProviderReference? =
            switch self {
            case .grant(let granting): granting.identity
            case .grantPack(let granting): granting.order
            default: nil
            }
        return identity.map { Account.Grant.ID(givenFor: $0) } ?? Account.Grant.ID("\(receipt.revision).0")
    }
}
