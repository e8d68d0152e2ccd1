extension Account.Draft {
    /// Brings the account and a meter up to now.
    ///
    /// - Parameters:
    ///   - meter: The meter, which must be in a catalog.
    ///   - hold: A hold that this command ends itself, so that it does not lapse before.
    ///   - isEndOfWork: Whether work is done that began earlier; its meter need not be in a catalog any more.
    ///   - kind: The kind that the meter must be of.
    /// - Returns: The access that the customer has.
    /// - Throws: `unknownMeter`, `wrongMeterKind`, or `missing` when a catalog is.
    mutating func prepare(
        _ meter: Meter.ID,
        sparing hold: Account.Hold? = nil,
        isEndOfWork: Bool = false,
        kind: Meter.Kind = .consumable
    ) throws(Account.DecisionError) -> Account.Access {
        guard let access = settle(sparing: hold?.id) else {
            throw Account.DecisionError(.missing(needs), "The decision needs catalogs that were not loaded.")
        }
        guard isEndOfWork || access.catalog.meter(meter) != nil || catalogs.current.meter(meter) != nil else {
            throw Account.DecisionError(
                .unknownMeter,
                "There is no meter '\(meter)' in catalog version \(access.catalog.version)."
            )
        }
        let known = access.catalog.meter(meter) ?? catalogs.current.meter(meter)
        if let known, known.kind != kind, !isEndOfWork {
            throw Account.DecisionError(
                .wrongMeterKind,
                kind == .gauge
                    ? "Meter '\(meter)' is no gauge: its units are used up; consume or record them."
                    : "Meter '\(meter)' is a gauge, which is not used up; set, raise or lower it."
            )
        }
        settle(meter, under: access)
        openWindows(of: meter, under: access)
        // What has been told of is kept up to date whoever asks for what, so that it is known when it has risen.
        for subject in Set(account.warnings.map(\.subject)).sorted() { settle(subject, under: access) }
        // Before the command does its part: a new period lets the balance rise, even where it falls at once.
        warn(under: access)
        return access
    }

    // MARK: Meeting a demand

    /// Returns what meets a demand: own grants, then credits, then units beyond a soft limit; or `nil` where they
    /// do not suffice or a rate stands in the way.
    func supply(of amount: Int64, on meter: Meter.ID, under access: Account.Access) -> Account.Supply? {
        if let left = rateLeft(on: meter, under: access)?.units, left < amount { return nil }
        let supply = supply(upTo: amount, on: meter, under: access)
        let missing = amount - supply.amount
        guard missing > 0 else { return supply }
        guard missing <= overageLeft(on: meter, under: access) else { return nil }
        return Account.Supply(
            parts: supply.parts + [Account.Hold.Part(grant: nil, amount: missing)],
            credits: supply.credits
        )
    }

    /// Returns what meets as much of a demand as own grants and credits do; all of it on an unlimited meter.
    private func supply(upTo amount: Int64, on meter: Meter.ID, under access: Account.Access) -> Account.Supply {
        if access.tier.allowance(of: meter) == .unlimited {
            return Account.Supply(parts: amount > 0 ? [Account.Hold.Part(grant: nil, amount: amount)] : [])
        }
        let own = account.balance(of: .meter(meter))?.parts(upTo: amount, at: now) ?? []
        let missing = own.reduce(amount) { $0 - $1.amount }
        guard missing > 0, let draw = access.draw(of: meter), let pool = account.balance(of: .pool(draw.pool)) else {
            return Account.Supply(parts: own)
        }
        // No more than can be counted of the pool, beside what is set aside of it.
        let counted = (pool.period?.used ?? 0).addingClamped(heldCredits(of: draw.pool))
        let units = min(missing, min(pool.available(at: now), .max - max(0, counted)) / draw.cost)
        guard units > 0 else { return Account.Supply(parts: own) }
        let credits = pool.parts(upTo: units * draw.cost, at: now)
        return Account.Supply(parts: own, credits: .init(pool: draw.pool, units: units, parts: credits))
    }

    /// Returns the credits of a pool that live holds set aside.
    func heldCredits(of pool: CreditPool.ID) -> Int64 {
        account.holds.reduce(Int64(0)) { sum, hold in
            hold.credits?.pool == pool ? sum.addingClamped(hold.credits?.amount ?? 0) : sum
        }
    }

    /// Draws what a supply says, for work that counts at an instant; without one, for what happens now.
    mutating func draw(
        _ supply: Account.Supply,
        of meter: Meter.ID,
        at instant: Timestamp? = nil
    ) throws(Account.DecisionError) {
        let used = account.period(of: .meter(meter))?.used ?? 0
        if used.addingReportingOverflow(supply.amount).overflow {
            throw overflow(of: used, and: supply.amount, on: meter)
        }
        let at = instant ?? countingInstant(of: .meter(meter))
        for part in supply.parts {
            perform(.drawn(Account.Draw(meter: meter, cover: cover(of: part), amount: part.amount, at: at)))
        }
        if let credits = supply.credits {
            perform(.drawn(Account.Draw(meter: meter, cover: .credits, amount: credits.units, at: at)))
            let at = instant ?? countingInstant(of: .pool(credits.pool))
            for part in credits.parts {
                let draw = Account.Draw(
                    meter: meter,
                    pool: credits.pool,
                    cover: cover(of: part),
                    amount: part.amount,
                    at: at
                )
                perform(.drawn(draw))
            }
        }
        closeFinished(supply.parts + (supply.credits?.parts ?? []))
    }

    private func cover(of part: Account.Hold.Part) -> Account.Draw.Cover {
        account.grant(part.grant).map { .grant($0.id, $0.source) } ?? .nothing
    }

    /// Draws a number of units whatever is there.
    ///
    /// - Returns: The units that were not there. They are recorded, never refused, because the work is done.
    mutating func drawRegardless(
        _ amount: Int64,
        of meter: Meter.ID,
        under access: Account.Access,
        isEndOfWork: Bool = false
    ) throws(Account.DecisionError) -> Int64 {
        guard amount > 0 else { return 0 }
        if !isEndOfWork { try checkCount(adding: amount, of: meter) }
        var supply = supply(upTo: amount, on: meter, under: access)
        let missing = amount - supply.amount
        if missing > 0 { supply.parts.append(Account.Hold.Part(grant: nil, amount: missing)) }
        try draw(supply, of: meter)
        return missing
    }

    /// Makes sure that units can be counted beside those that are used and set aside, so that work which has
    /// begun can end.
    func checkCount(adding amount: Int64, of meter: Meter.ID) throws(Account.DecisionError) {
        let used = account.period(of: .meter(meter))?.used ?? 0
        // Each hold was let in beside those before it, so their sum can be counted.
        let held = account.holds.reduce(0) { $0 + ($1.meter == meter ? $1.amount : 0) }
        let (counted, isFull) = used.addingReportingOverflow(held)
        if isFull || counted.addingReportingOverflow(amount).overflow {
            throw overflow(of: used, and: amount, on: meter)
        }
    }

    func overflow(of counted: Int64, and amount: Int64, on meter: Meter.ID) -> Account.DecisionError {
        Account.DecisionError(
            .overflow,
            "\(counted) units of '\(meter)' are counted; \(amount) more are beyond what can be counted."
        )
    }

    // MARK: What is left

    /// Returns what is left of a meter's own grants and of the credits that it draws on, in its units.
    func remaining(on meter: Meter.ID, under access: Account.Access) -> Account.Remaining {
        let allowance = access.tier.allowance(of: meter)
        switch allowance {
        case .unlimited: return .unlimited
        case .level(let limit, _): return .units(max(0, limit - account.level(of: meter)))
        case .none, .limited: break
        }
        let own = account.balance(of: .meter(meter))?.available(at: now) ?? 0
        return .units(own.addingClamped(creditUnits(for: meter, under: access)))
    }

    /// Returns the units of a meter that the credits left would pay for.
    func creditUnits(for meter: Meter.ID, under access: Account.Access) -> Int64 {
        guard let draw = access.draw(of: meter) else { return 0 }
        return (account.balance(of: .pool(draw.pool))?.available(at: now) ?? 0) / draw.cost
    }

    /// Returns what is left of a meter, or of a pool.
    func remaining(of subject: Account.Balance.Subject, under access: Account.Access) -> Account.Remaining {
        switch subject {
        case .meter(let meter): remaining(on: meter, under: access)
        case .pool: .units(account.balance(of: subject)?.available(at: now) ?? 0)
        }
    }

    /// Returns the units that would be let through now.
    func permitted(on meter: Meter.ID, under access: Account.Access) -> Int64 {
        let within: Int64 =
            switch remaining(on: meter, under: access) {
            case .unlimited: .max
            case .units(let units): units.addingClamped(overageLeft(on: meter, under: access))
            }
        return min(within, rateLeft(on: meter, under: access)?.units ?? .max)
    }

    /// Returns the units that a soft limit still lets through beyond it.
    func overageLeft(on meter: Meter.ID, under access: Account.Access) -> Int64 {
        let overage: Allowance.Overage
        switch access.tier.allowance(of: meter) {
        case .none, .unlimited: return 0
        case .limited(_, per: _, let other, rollover: _): overage = other
        case .level(let limit, let other):
            return other == .countedWithoutCap ? .max : max(0, other.cap - max(0, account.level(of: meter) - limit))
        }
        switch overage {
        case .refused: return 0
        case .countedWithoutCap: return .max
        case .counted(let cap):
            guard let period = account.period(of: .meter(meter)) else { return cap }
            let held = account.holds.reduce(Int64(0)) { sum, hold in
                let counts = hold.meter == meter && hold.reservedAt >= period.span.start
                return counts ? sum.addingClamped(hold.supply.uncovered) : sum
            }
            return max(0, cap - period.uncovered.addingClamped(held))
        }
    }

    /// Returns the units of a supply that are beyond a limit; none are on an unlimited meter.
    func overage(of supply: Account.Supply, on meter: Meter.ID, under access: Account.Access) -> Int64 {
        access.tier.allowance(of: meter) == .unlimited ? 0 : supply.uncovered
    }

    // MARK: Rates

    /// Begins the windows that have come since they were last looked at.
    ///
    /// Windows follow one another on the clock, so that a minute is the minute that everybody's clock shows.
    private mutating func openWindows(of meter: Meter.ID, under access: Account.Access) {
        for rate in access.tier.rates[meter] ?? [] {
            guard let seconds = rate.windowSeconds else { continue }
            let span = rate.window.span(containing: now, from: Timestamp(seconds: 0))
            let known = account.windows.first { $0.meter == meter && $0.seconds == seconds }
            if known?.start == span.start { continue }
            perform(.windowOpened(Account.Window(meter: meter, seconds: seconds, start: span.start)))
        }
    }

    /// What the tightest rate lets through.
    struct RateLeft {
        let rate: Tier.Rate
        let units: Int64
        let resetsAt: Timestamp
    }

    /// Returns what the tightest rate of a meter lets through, or `nil` where it has none.
    func rateLeft(on meter: Meter.ID, under access: Account.Access) -> RateLeft? {
        let rates = (access.tier.rates[meter] ?? []).compactMap { rate -> RateLeft? in
            let window = account.windows.first { $0.meter == meter && $0.seconds == rate.windowSeconds }
            guard let window else { return nil }
            let held = account.holds.reduce(Int64(0)) { sum, hold in
                let counts = hold.meter == meter && hold.reservedAt >= window.start
                return counts ? sum.addingClamped(hold.amount) : sum
            }
            let units = max(0, rate.units - min(rate.units, window.used.addingClamped(held)))
            return RateLeft(rate: rate, units: units, resetsAt: window.span.end)
        }
        return rates.min { ($0.units, $1.resetsAt) < ($1.units, $0.resetsAt) }
    }

    // MARK: Answers

    func line(
        _ meter: Meter.ID,
        amount: Int64,
        overage: Int64 = 0,
        _ access: Account.Access
    ) -> Account.Receipt.Line {
        Account.Receipt.Line(
            subject: .meter(meter),
            amount: amount,
            overage: overage,
            remaining: remaining(on: meter, under: access)
        )
    }

    func receipt(_ line: Account.Receipt.Line, isLate: Bool = false) -> Account.Receipt {
        Account.Receipt(revision: revision, line: line, isLate: isLate, at: now)
    }

    func receipt(_ lines: [Account.Receipt.Line], skipped: Int64 = 0) -> Account.Receipt {
        Account.Receipt(
            revision: revision,
            line: lines[0],
            at: now,
            others: Array(lines.dropFirst()),
            skipped: skipped
        )
    }

    /// Returns the receipt that the command's key has earned, if it has.
    func precedingReceipt(of command: Account.Command) throws(Account.DecisionError) -> Account.Receipt? {
        guard let precedent = facts.precedent else { return nil }
        guard precedent.fingerprint == command.fingerprint, let receipt = precedent.receipt else {
            throw keyReused(command.key)
        }
        return receipt
    }

    /// Makes sure that a command does not use up a key that is taken by work that is going on: it belongs to that
    /// from its beginning, although only its end uses it up.
    func checkKeyIsFree(for command: Account.Command) throws(Account.DecisionError) {
        guard let key = command.key, command.usesItsKeyUp, facts.precedent == nil else { return }
        if account.holds.contains(where: { $0.key == key && now < $0.lapsesAt }) { throw keyReused(key) }
    }

    func keyReused(_ key: Account.Key?) -> Account.DecisionError {
        Account.DecisionError(
            .keyReused,
            "The key '\(key?.rawValue ?? "")' was used before for something else; give each piece of work its own."
        )
    }
}
