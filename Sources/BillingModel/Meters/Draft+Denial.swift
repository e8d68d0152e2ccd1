extension Account.Draft {
    /// Returns the refusal of a demand, with all that a page needs to explain it.
    ///
    /// - Parameters:
    ///   - amount: The units that are asked for.
    ///   - least: The units that would do, where fewer than asked for would.
    ///   - total: The units that a tier has to give to let it through, where that is not the same: the level that a
    ///     gauge would stand at.
    ///   - meter: The meter.
    ///   - command: The command that asks.
    ///   - access: The access that the customer has.
    /// - Returns: The decision, which changes nothing.
    func denial(
        of amount: Int64,
        needing least: Int64? = nil,
        reaching total: Int64? = nil,
        on meter: Meter.ID,
        for command: Account.Command,
        under access: Account.Access
    ) -> Account.Decision {
        let least = least ?? amount
        let total = total ?? least
        let allowance = access.tier.allowance(of: meter)
        let left = remaining(on: meter, under: access)
        let permitted = permitted(on: meter, under: access)
        let rate = rateLeft(on: meter, under: access)
        let isRate = rate.map { $0.units < least } ?? false
        let denied: (limit: Account.Denial.Limit, resetsAt: Timestamp?)
        if let rate, isRate, supplyWithoutRates(of: least, on: meter, under: access) {
            denied = (.rate(rate.rate), least <= rate.rate.units ? rate.resetsAt : nil)
        } else {
            let isWorthWaiting = lets(access.tier, total, of: meter, under: access)
            denied = (
                allowance == .none && left == .units(0) ? .notIncluded : .allowance(allowance),
                isWorthWaiting ? nextGift(of: total, for: meter, under: access) : nil
            )
        }
        return Account.Decision(
            answer: .denied(
                Account.Denial(
                    limit: denied.limit,
                    meter: meter,
                    tier: access.tier.id,
                    allowance: allowance,
                    requested: amount,
                    remaining: permitted,
                    resetsAt: denied.resetsAt,
                    // Of the current catalog: these can be bought.
                    unlockedBy: catalogs.current.tiers
                        .filter { $0.rank > access.tier.rank && lets($0, total, of: meter, under: access) }
                        .map(\.id),
                    unlockedByPacks: isRate ? [] : packs(for: least, of: meter, under: access),
                    reference: command.reference
                )
            )
        )
    }

    /// Returns whether a demand would be met if it were not for rates.
    private func supplyWithoutRates(of amount: Int64, on meter: Meter.ID, under access: Account.Access) -> Bool {
        switch remaining(on: meter, under: access) {
        case .unlimited: true
        case .units(let units): units.addingClamped(overageLeft(on: meter, under: access)) >= amount
        }
    }

    /// Returns when the tier next gives units of a meter, or credits that it draws on; on a gauge time gives none.
    private func nextGift(of amount: Int64, for meter: Meter.ID, under access: Account.Access) -> Timestamp? {
        var subjects = [Account.Balance.Subject.meter(meter)]
        if let draw = access.draw(of: meter) { subjects.append(.pool(draw.pool)) }
        let ends = subjects.compactMap { subject -> (end: Timestamp, suffices: Bool)? in
            guard case .limited(let units, per: _, let overage, rollover: _) = access.allowance(of: subject),
                let end = account.period(of: subject)?.span.end
            else { return nil }
            let fresh = units.addingClamped(otherUnits(of: subject))
            switch subject {
            case .meter:
                let own = fresh.addingClamped(overage.cap).addingClamped(creditUnits(for: meter, under: access))
                return (end, own >= amount)
            case .pool:
                let own = account.balance(of: .meter(meter))?.available(at: now) ?? 0
                let within = own.addingClamped(overageLeft(on: meter, under: access))
                return (end, within.addingClamped(fresh / (access.draw(of: meter)?.cost ?? 1)) >= amount)
            }
        }
        // The first that is enough; where only all together are, the last of them.
        return ends.filter(\.suffices).map(\.end).min() ?? ends.map(\.end).max()
    }

    /// Returns whether a tier would let a demand through at its best: with nothing used of what it gives, beside
    /// what there is of other grants.
    private func lets(_ sold: Tier, _ amount: Int64, of meter: Meter.ID, under access: Account.Access) -> Bool {
        // The customer's own terms stand in place of that tier's too.
        let tier = sold.applying(account.overrides, at: now)
        if let rates = tier.rates[meter], rates.contains(where: { $0.units < amount }) { return false }
        let draw = catalogs.current.meter(meter)?.draw ?? access.draw(of: meter)
        var units: Int64 = 0
        switch tier.allowance(of: meter) {
        case .unlimited: return true
        case .none: break
        case .level(let limit, let overage):
            return amount <= limit.addingClamped(overage.cap)
        case .limited(let limit, per: _, let overage, rollover: _):
            units = limit.addingClamped(overage.cap)
        }
        units = units.addingClamped(otherUnits(of: .meter(meter)))
        guard let draw else { return units >= amount }
        let credits = (tier.credits[draw.pool]?.amount ?? 0).addingClamped(otherUnits(of: .pool(draw.pool)))
        return units.addingClamped(credits / draw.cost) >= amount
    }

    /// Returns what is left of other grants than what the tier gives for the period.
    private func otherUnits(of subject: Account.Balance.Subject) -> Int64 {
        guard let balance = account.balance(of: subject) else { return 0 }
        return max(0, balance.available(at: now) - (account.grant(balance.period?.grant)?.remaining ?? 0))
    }

    /// Returns the packs that would let a demand through, beside what is left.
    private func packs(for amount: Int64, of meter: Meter.ID, under access: Account.Access) -> [Pack.ID] {
        guard let known = catalogs.current.meter(meter), known.kind == .consumable else { return [] }
        let overage = overageLeft(on: meter, under: access)
        let own = (account.balance(of: .meter(meter))?.available(at: now) ?? 0).addingClamped(overage)
        let paid = creditUnits(for: meter, under: access)
        return catalogs.current.packs.filter { pack in
            switch pack.contents {
            case .units(let units, of: meter): return own.addingClamped(paid).addingClamped(units) >= amount
            case .credits(let credits, of: let pool):
                guard let draw = known.draw, draw.pool == pool else { return false }
                let left = account.balance(of: .pool(pool))?.available(at: now) ?? 0
                return own.addingClamped(left.addingClamped(credits) / draw.cost) >= amount
            case .units: return false
            }
        }.map(\.id)
    }
}

extension Allowance.Overage {
    /// The units that are let through beyond a limit.
    var cap: Int64 {
        switch self {
        case .refused: 0
        case .counted(let cap): cap
        case .countedWithoutCap: .max
        }
    }
}
