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
        // Before anything else takes a name: so a receipt tells the grant's name by its revision alone.
        let id = Account.Grant.ID(nextName())
        let access = try prepare(granting.meter)
        guard account.grantCount < Account.maximumGrants else {
            throw Account.DecisionError(
                .tooMany,
                "The account has \(account.grantCount) live grants; \(Account.maximumGrants) are allowed."
            )
        }
        perform(
            .granted(
                Account.Grant(
                    id: id,
                    subject: .meter(granting.meter),
                    source: granting.source,
                    basis: granting.basis,
                    priority: granting.priority,
                    effective: granting.effective ?? now,
                    expiry: granting.expiry,
                    amount: granting.amount
                )
            )
        )
        // What is given too late is over at once, and is on record all the same.
        settle(granting.meter, under: access)
        let receipt = receipt(granting.meter, amount: granting.amount, under: access)
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
        guard case .meter(let meter)? = account.grant(id)?.subject else {
            return Account.Decision(answer: .alreadyOver)
        }
        guard let access = settle() else { return Account.Decision(answer: .alreadyOver) }
        settle(meter, under: access)
        guard let grant = account.grant(id), !grant.isOver(at: now) else {
            return Account.Decision(answer: .alreadyOver)
        }
        guard grant.source != .allowance else {
            throw Account.DecisionError(
                .grantNotAllowed,
                "Grant '\(id)' is what tier '\(access.tier.id)' gives; an allowance ends with its tier."
            )
        }
        let before = remaining(on: meter, under: access)
        let units = grant.remaining
        perform(.voided(id, amount: units, at: now))
        if grant.held == 0 { perform(.retired(id)) }
        let receipt = receipt(meter, amount: units, under: access)
        tellIfExhausted(meter, before: before, after: receipt.remaining)
        return Account.Decision(answer: .applied(receipt), change: change(of: command, receipt: receipt))
    }

    private func check(_ granting: Account.Command.Granting) throws(Account.DecisionError) {
        func refusal(_ message: String) -> Account.DecisionError { Account.DecisionError(.grantNotAllowed, message) }
        if granting.source == .allowance {
            throw refusal("An allowance is what a tier gives; give units from another source.")
        }
        if let expiry = granting.expiry, let effective = granting.effective, expiry <= effective {
            throw refusal("Units that can be used from \(effective) cannot end at \(expiry).")
        }
        if let kind = granting.identity?.kind, kind != .grant {
            throw refusal("Units are given for a reference of kind 'grant', not '\(kind.rawValue)'.")
        }
        if catalogs.current.meter(granting.meter)?.kind == .gauge {
            throw refusal("Meter '\(granting.meter)' is a gauge, which has no units that are used up.")
        }
    }
}

extension Account.Receipt {
    /// The name of the grant that the command gave, for the receipt of one that gave units.
    package var grant: Account.Grant.ID { Account.Grant.ID("\(revision).0") }
}
