extension Account.Draft {
    /// Gives back units that were used up under a key: never more, all in all, than were used.
    ///
    /// Draws are walked backwards, so that what was drawn last comes back first and each unit comes back to where it
    /// came from.
    mutating func refund(
        _ refund: Account.Command.Refund,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        if let receipt = try precedingReceipt(of: command) { return Account.Decision(answer: .repeated(receipt)) }
        guard let spending = facts.spending[refund.key], let meter = refund.meter ?? spending.onlyMeter,
            spending.draws.contains(where: { $0.meter == meter })
        else { throw unknownUse(refund) }
        let left = spending.left(of: meter)
        let amount = refund.amount ?? left
        guard amount > 0, amount <= left else { return Account.Decision(answer: .exceedsUse(left: left)) }
        guard let access = settle() else { return Account.Decision(answer: .settled) }
        let pools = Set(spending.draws.compactMap(\.pool)).sorted().map { Account.Balance.Subject.pool($0) }
        for subject in [.meter(meter)] + pools { settle(subject, under: access) }
        var missing = amount
        for use in spending.outstanding(on: meter) where missing > 0 {
            let units = min(missing, use.left)
            missing -= units
            let back = use.draw.replacing(amount: units)
            guard use.draw.cover == .credits else {
                try giveBack(back, of: spending)
                continue
            }
            perform(.returned(Account.Return(back, of: spending.revision)))
            for draw in use.credits(for: units) { try giveBack(draw, of: spending) }
        }
        // What has come back may cover what was used beyond a limit.
        settle(meter, under: access)
        for subject in pools { settle(subject, under: access) }
        // What a correction has taken out of the count before is gone from the use, and comes back no more.
        let back = amount - unitsOutOfCount
        guard back > 0 else { return Account.Decision(answer: .exceedsUse(left: 0)) }
        return applied(receipt(line(meter, amount: back, access)), to: command, under: access)
    }

    /// Lets units come back to where they came from.
    private mutating func giveBack(
        _ draw: Account.Draw,
        of spending: Account.Facts.Spending
    ) throws(Account.DecisionError) {
        if draw.cover.isOwn, let period = account.period(of: draw.subject), draw.at >= period.span.start {
            return giveBackOwn(draw, of: spending.revision, in: period)
        }
        guard case .grant(let id, _) = draw.cover else {
            return perform(.returned(Account.Return(draw, of: spending.revision)))
        }
        let live = account.grant(id)
        guard let grant = live ?? retiredGrant(id) ?? spending.retired[id] else {
            throw Account.DecisionError(.missing([]), "Grant '\(id)', which was drawn on, was not loaded.")
        }
        // Units that another grant or none covers by now are not this one's to have back.
        let own = min(draw.amount, grant.used)
        if draw.amount > own {
            perform(
                .returned(
                    Account.Return(draw.replacing(amount: draw.amount - own, cover: .nothing), of: spending.revision)
                )
            )
        }
        guard own > 0 else { return }
        let back = draw.replacing(amount: own)
        if live == nil { perform(.restored(grant)) }
        perform(.returned(Account.Return(back, of: spending.revision)))
        guard isOver(grant) else { return }
        try goOn(back, from: grant)
        closeIfFinished(id)
    }

    /// Returns whether a grant can no longer be used: its time is up, or what it belongs to is over.
    private func isOver(_ grant: Account.Grant) -> Bool {
        if grant.isOver(at: now) || grant.source == .allowance { return true }
        if grant.isOfPeriod { return account.period(of: grant.subject)?.span.end != grant.expiry }
        return grant.id == account.trial?.grant && account.trial?.endedAt != nil
    }

    /// Lets units of the running period come back, which its allowance covers or nothing does: those beyond it first.
    private mutating func giveBackOwn(_ draw: Account.Draw, of revision: Int64, in period: Account.Period) {
        var missing = draw.amount
        func giveBack(_ units: Int64, _ cover: Account.Draw.Cover) {
            missing -= units
            guard units > 0 else { return }
            perform(.returned(Account.Return(draw.replacing(amount: units, cover: cover), of: revision)))
        }
        giveBack(min(missing, period.uncovered), .nothing)
        if let grant = account.grant(period.grant) {
            giveBack(min(missing, grant.used), .grant(grant.id, .allowance))
        }
        shrinkRenewal(of: draw.subject, by: draw.amount - missing)
        // A person has corrected the count of these before: they are taken out of the use, and out of no count.
        guard missing > 0 else { return }
        let rest = Account.Draw(
            meter: draw.meter,
            pool: draw.pool,
            cover: .nothing,
            amount: missing,
            at: Self.outOfCount
        )
        perform(.returned(Account.Return(rest, of: revision)))
    }

    /// Takes back of what was given once more with a change of tier what was used before it and is not any more.
    mutating func shrinkRenewal(of subject: Account.Balance.Subject, by units: Int64) {
        guard let balance = account.balance(of: subject) else { return }
        var missing = units
        for grant in balance.grants where grant.source == .renewal && missing > 0 && grant.remaining > 0 {
            let taken = min(missing, grant.remaining)
            missing -= taken
            perform(.expired(grant.id, amount: taken))
            closeIfFinished(grant.id)
        }
    }

    /// The instant of units that are part of no count: before every period.
    private static let outOfCount = Timestamp(microseconds: .min)

    private var unitsOutOfCount: Int64 {
        effects.reduce(0) { sum, effect in
            guard case .returned(let back) = effect, back.draw.at == Self.outOfCount, back.draw.pool == nil else {
                return sum
            }
            return sum + back.draw.amount
        }
    }

    /// Decides what becomes of units that came back to a grant that is over, as the catalog says.
    private mutating func goOn(_ back: Account.Draw, from grant: Account.Grant) throws(Account.DecisionError) {
        // What somebody took back does not return by another way.
        let policy = grant.voided > 0 ? .expire : catalogs.current.settings.refunds
        let expiry: Timestamp?
        switch policy {
        case .expire: return perform(.expired(grant.id, amount: back.amount))
        case .extend(let days): expiry = now.advanced(by: .seconds(Int64(days) * 86_400))
        case .newGrant: expiry = nil
        }
        try checkRoomForGrants()
        perform(.carried(grant.id, amount: back.amount))
        perform(
            .granted(
                Account.Grant(
                    id: Account.Grant.ID(nextName()),
                    subject: grant.subject,
                    source: .refund,
                    basis: grant.basis,
                    priority: grant.priority,
                    effective: now,
                    expiry: expiry,
                    amount: back.amount
                )
            )
        )
    }

    /// Returns a grant that has left the live state with this very command.
    private func retiredGrant(_ id: Account.Grant.ID) -> Account.Grant? {
        for case .retired(let grant) in effects.reversed() where grant.id == id { return grant }
        return nil
    }

    private func unknownUse(_ refund: Account.Command.Refund) -> Account.DecisionError {
        let meter = refund.meter.map { " of '\($0)'" } ?? ""
        let isAmbiguous = refund.meter == nil && facts.spending[refund.key]?.draws.isEmpty == false
        return Account.DecisionError(
            .unknownUse,
            isAmbiguous
                ? "Several meters were used under the key '\(refund.key)'; say which of them is to be refunded."
                : "No units\(meter) were used under the key '\(refund.key)'."
        )
    }
}

extension Account.Facts.Spending {
    /// The meter that was used, where it was one.
    fileprivate var onlyMeter: Meter.ID? {
        let meters = Set(draws.map(\.meter))
        return meters.count == 1 ? meters.first : nil
    }

    /// Returns the units of a meter that have not come back.
    fileprivate func left(of meter: Meter.ID) -> Int64 {
        func units(_ draws: [Account.Draw]) -> Int64 {
            draws.reduce(0) { $0 + ($1.meter == meter && $1.pool == nil ? $1.amount : 0) }
        }
        return units(draws) - units(returns)
    }

    /// Returns the uses of a meter that have not come back whole, the last first.
    ///
    /// As units come back in that same order, it is enough to know how many have.
    fileprivate func outstanding(on meter: Meter.ID) -> [Use] {
        var gone = returns.reduce(0) { $0 + ($1.meter == meter && $1.pool == nil ? $1.amount : 0) }
        return uses(of: meter).reversed().compactMap { use in
            let taken = min(gone, use.draw.amount)
            gone -= taken
            return taken < use.draw.amount
                ? Use(draw: use.draw, credits: use.credits, left: use.draw.amount - taken) : nil
        }
    }

    /// Returns the draws of a meter, each with those of the credits that paid for it, which follow it.
    private func uses(of meter: Meter.ID) -> [Use] {
        var uses: [Use] = []
        for draw in draws where draw.meter == meter {
            if draw.pool == nil {
                uses.append(Use(draw: draw, credits: [], left: draw.amount))
            } else if let use = uses.popLast() {
                uses.append(Use(draw: use.draw, credits: use.credits + [draw], left: use.left))
            }
        }
        return uses
    }

    /// Units of a meter that were used at one price.
    fileprivate struct Use {
        let draw: Account.Draw
        /// What paid for it, where credits did.
        let credits: [Account.Draw]
        /// The units that have not come back.
        let left: Int64

        /// Returns the credits that come back with units: those that were drawn last and have not come back yet.
        func credits(for units: Int64) -> [Account.Draw] {
            let total = credits.reduce(Int64(0)) { $0.addingClamped($1.amount) }
            let cost = total / draw.amount
            var gone = (draw.amount - left) * cost
            var missing = units * cost
            return credits.reversed().compactMap { credit in
                let before = min(gone, credit.amount)
                gone -= before
                let taken = min(missing, credit.amount - before)
                missing -= taken
                return taken > 0 ? credit.replacing(amount: taken) : nil
            }
        }
    }
}
