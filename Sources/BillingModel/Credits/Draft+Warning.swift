extension Account.Draft {
    /// Tells of balances that have fallen below a threshold, and forgets the thresholds that they have risen above.
    ///
    /// Each threshold is told of once, until the balance has risen again; whatever made it fall: use, a hold, an
    /// expiry, a smaller tier. It looks at what the command has looked at, and where that has changed the credits
    /// of a pool, at the other meters that live on them.
    mutating func warn(under access: Account.Access) {
        // Those that have been told of are looked at each time: they may have risen while nobody asked.
        var subjects = touched.union(account.warnings.map(\.subject))
        for case .pool(let pool) in touched where availableNow(.pool(pool)) != availableBefore(.pool(pool)) {
            let meters = access.catalog.meters.filter { $0.draw?.pool == pool }.map(\.id)
            subjects.formUnion(meters.map { .meter($0) }.filter { account.balance(of: $0) != nil })
        }
        for subject in subjects.sorted() {
            let funds = funds(of: subject, under: access)
            let degrees = catalogs.current.settings.lowBalance.map { Account.Warning.Degree.low($0) } + [.exhausted]
            // Told of before, under thresholds that are no longer.
            let told = account.warnings.filter { $0.subject == subject }.map(\.degree)
            for degree in degrees + told.filter({ !degrees.contains($0) }) {
                let warning = Account.Warning(subject, degree)
                let isTold = told.contains(degree)
                let isBelow = degrees.contains(degree) && funds.areBelow(degree, isTold: isTold)
                if isBelow, !isTold {
                    perform(.warned(warning))
                    notice(warning.notice(left: funds.left))
                } else if !isBelow, isTold, funds.haveRisen || !degrees.contains(degree) {
                    perform(.recovered(warning))
                }
            }
        }
    }

    /// Returns the units that could be used of a balance before the command.
    private func availableBefore(_ subject: Account.Balance.Subject) -> Int128 {
        base.balance(of: subject)?.exactlyAvailable(at: base.instant) ?? 0
    }

    /// Returns the units that can be used of a balance now.
    private func availableNow(_ subject: Account.Balance.Subject) -> Int128 {
        account.balance(of: subject)?.exactlyAvailable(at: now) ?? 0
    }

    /// Returns whether more can be used of a balance than before the command.
    private func hasRisen(_ subject: Account.Balance.Subject) -> Bool {
        availableNow(subject) > availableBefore(subject)
    }

    /// Returns what a balance has.
    private func funds(of subject: Account.Balance.Subject, under access: Account.Access) -> Account.Funds {
        guard case .units(let left) = remaining(of: subject, under: access) else { return .unlimited }
        let own = account.balance(of: subject)
        var funds = Account.Funds(left: left)
        funds.haveRisen = hasRisen(subject)
        funds.hadSome = availableBefore(subject) > 0
        switch subject {
        case .pool: funds.given = own?.given(at: now) ?? 0
        case .meter(let meter):
            if case .level(let limit, _) = access.tier.allowance(of: meter) {
                funds.given = Int128(limit)
                funds.haveRisen = true
                return funds
            }
            funds.given = own?.given(at: now) ?? 0
            guard let draw = access.draw(of: meter) else { return funds }
            funds.haveRisen = funds.haveRisen || hasRisen(.pool(draw.pool))
            let pool = account.balance(of: .pool(draw.pool))
            funds.hadCredits = availableBefore(.pool(draw.pool)) >= Int128(draw.cost)
            // A meter that lives on credits alone is told of by its pool, until they no longer pay for a unit.
            if funds.given > 0 { funds.given += (pool?.given(at: now) ?? 0) / Int128(draw.cost) }
        }
        return funds
    }
}

extension Account {
    /// What a balance has, as thresholds are held against it.
    struct Funds {
        /// What is left.
        var left: Int64
        /// What was given of which that is left; 0 where nothing that was given is there any more.
        var given: Int128 = 0
        /// Whether there was something of its own before the command.
        var hadSome = false
        /// Whether there were credits for it before the command.
        var hadCredits = false
        /// Whether there is more than before the command: a grant that is used up makes what is left a greater part
        /// of what was given, and is no reason to tell of the same balance twice.
        var haveRisen = false
        /// Whether there is no limit.
        var areUnlimited = false

        static let unlimited = Funds(left: .max, haveRisen: true, areUnlimited: true)

        /// Returns the units that credits pay for, at so many for each.
        func units(costing cost: Int64) -> Funds {
            Funds(left: left / cost, given: given / Int128(cost))
        }

        /// Returns whether they are below a threshold.
        ///
        /// Where nothing that was given is there any more, they are only if they have just fallen to nothing or
        /// had before: a meter that never had anything is not low.
        func areBelow(_ degree: Warning.Degree, isTold: Bool) -> Bool {
            if areUnlimited { return false }
            guard given > 0 else {
                let hadAny = hadSome || (degree == .exhausted && hadCredits)
                return left == 0 && (isTold || hadAny)
            }
            switch degree {
            case .low(.percent(let percent)): return Int128(left) * 100 < given * Int128(percent)
            case .low(.units(let units)): return left < units
            case .exhausted: return left == 0
            }
        }
    }
}

extension Account.Warning {
    func notice(left: Int64) -> Account.Notice.Kind {
        switch degree {
        case .low(let threshold): .lowBalance(subject, threshold, left: left)
        case .exhausted: .exhausted(subject)
        }
    }
}
