extension Account.Draft {
    /// A part of a demand that one grant, or none on an unlimited meter, meets.
    typealias Part = Account.Hold.Part

    mutating func consume(
        _ consumption: Account.Command.Consumption,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        if let receipt = try precedingReceipt(of: command) { return Account.Decision(answer: .repeated(receipt)) }
        let access = try prepare(consumption.meter)
        try checkKeyIsFree(command.key)
        let before = remaining(on: consumption.meter, under: access)
        var amount = consumption.amount
        if consumption.isPartial, case .units(let left) = before { amount = min(amount, left) }
        guard amount > 0, let parts = parts(of: amount, on: consumption.meter, under: access) else {
            return denial(of: consumption.amount, on: consumption.meter, under: access)
        }
        try checkCount(adding: amount, of: consumption.meter)
        for part in parts { try draw(part, of: consumption.meter) }
        for part in parts { closeIfFinished(part.grant) }
        let receipt = receipt(consumption.meter, amount: amount, under: access)
        tellIfExhausted(consumption.meter, before: before, after: receipt.remaining)
        return Account.Decision(answer: .applied(receipt), change: change(of: command, receipt: receipt))
    }

    /// Counts units that were used already: what is not there is recorded as overage, never refused.
    mutating func record(
        _ consumption: Account.Command.Consumption,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        if let receipt = try precedingReceipt(of: command) { return Account.Decision(answer: .repeated(receipt)) }
        let access = try prepare(consumption.meter)
        try checkKeyIsFree(command.key)
        try checkCount(adding: consumption.amount, of: consumption.meter)
        let before = remaining(on: consumption.meter, under: access)
        let overage = try drawWhatIsThere(consumption.amount, of: consumption.meter, under: access)
        let receipt = receipt(consumption.meter, amount: consumption.amount, overage: overage, under: access)
        tellIfExhausted(consumption.meter, before: before, after: receipt.remaining)
        return Account.Decision(answer: .applied(receipt), change: change(of: command, receipt: receipt))
    }

    mutating func reserve(
        _ reservation: Account.Command.Reservation,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        if let receipt = try precedingReceipt(of: command) { return Account.Decision(answer: .repeated(receipt)) }
        let access = try prepare(reservation.meter)
        let key = command.key ?? Account.Key("")
        if let hold = account.holds.first(where: { $0.key == key }) {
            return try resume(hold, for: reservation, under: access)
        }
        guard account.holds.count < Account.maximumHolds else {
            throw Account.DecisionError(
                .tooMany,
                "The account has \(account.holds.count) live holds; \(Account.maximumHolds) are allowed."
            )
        }
        guard let parts = parts(of: reservation.amount, on: reservation.meter, under: access) else {
            return denial(of: reservation.amount, on: reservation.meter, under: access)
        }
        try checkCount(adding: reservation.amount, of: reservation.meter)
        let before = remaining(on: reservation.meter, under: access)
        let hold = Account.Hold(
            id: Account.Hold.ID(nextName()),
            meter: reservation.meter,
            parts: parts,
            key: key,
            attempt: reservation.attempt,
            member: command.member,
            reservedAt: countingInstant(of: reservation.meter),
            lapsesAt: now.advanced(by: .microseconds(reservation.lapsesAfterMicroseconds))
        )
        perform(.held(hold))
        let receipt = receipt(reservation.meter, amount: reservation.amount, under: access)
        tellIfExhausted(reservation.meter, before: before, after: receipt.remaining)
        // The key is used up by the work's end, not by its beginning: failed work may be tried again.
        return Account.Decision(
            answer: .held(receipt, hold.id),
            change: change(of: command, takingKey: false, receipt: receipt)
        )
    }

    /// Answers a reservation whose key has a live hold already.
    private func resume(
        _ hold: Account.Hold,
        for reservation: Account.Command.Reservation,
        under access: Account.Access
    ) throws(Account.DecisionError) -> Account.Decision {
        guard hold.meter == reservation.meter, hold.amount == reservation.amount else { throw keyReused(hold.key) }
        guard hold.attempt == reservation.attempt else {
            throw Account.DecisionError(
                .workInProgress(until: hold.lapsesAt),
                "The work of key '\(hold.key)' is going on since \(hold.reservedAt); "
                    + "it ends, or if its server is gone may be taken over, at \(hold.lapsesAt)."
            )
        }
        let receipt = Account.Receipt(
            revision: Int64(hold.id.rawValue.prefix { $0 != "." }) ?? account.revision,
            meter: hold.meter,
            amount: hold.amount,
            remaining: remaining(on: hold.meter, under: access),
            at: hold.reservedAt
        )
        return Account.Decision(answer: .held(receipt, hold.id))
    }

    mutating func capture(
        _ capture: Account.Command.Capture,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        let hold = account.holds.first { $0.id == capture.hold }
        if let receipt = try precedingReceipt(of: command) {
            // Another try at the same work was faster. It is counted once; what this one set aside goes back.
            guard let hold else { return Account.Decision(answer: .repeated(receipt)) }
            end(hold, as: .released)
            if let access = settle() { settle(hold.meter, under: access) }
            return Account.Decision(
                answer: .repeated(receipt),
                change: change(of: command, kind: .release, takingKey: false)
            )
        }
        let meter = hold?.meter ?? capture.meter
        let isLate = hold.map { $0.lapsesAt <= now } ?? true
        let access = try prepare(meter, sparing: hold, isEndOfWork: true)
        let before = remaining(on: meter, under: access)
        let held = account.holds.first { $0.id == capture.hold }
        if let held { perform(.holdEnded(held.id, .captured)) }
        var missing = capture.amount
        // The draft's own copy of the hold: settling may have moved it to the grant of a new period.
        for part in held?.parts ?? [] where missing > 0 {
            let taken = Part(grant: part.grant, amount: min(part.amount, missing))
            try draw(taken, of: meter, at: held?.reservedAt)
            missing -= taken.amount
        }
        if let held { closeFinished(after: held) }
        let overage = try drawWhatIsThere(missing, of: meter, under: access)
        settle(meter, under: access)
        let receipt = receipt(meter, amount: capture.amount, overage: overage, isLate: isLate, under: access)
        tellIfExhausted(meter, before: before, after: receipt.remaining)
        return Account.Decision(answer: .applied(receipt), change: change(of: command, receipt: receipt))
    }

    mutating func release(_ id: Account.Hold.ID, as command: Account.Command) -> Account.Decision {
        guard let hold = account.holds.first(where: { $0.id == id }) else {
            return Account.Decision(answer: .alreadyReleased)
        }
        perform(.holdEnded(id, .released))
        guard let access = settle() else { return Account.Decision(answer: .alreadyReleased) }
        closeFinished(after: hold)
        settle(hold.meter, under: access)
        let receipt = receipt(hold.meter, amount: hold.amount, under: access)
        return Account.Decision(
            answer: .applied(receipt),
            change: change(of: command, takingKey: false, receipt: receipt)
        )
    }

    // MARK: Steps

    /// Returns the receipt that the command's key has earned, if it has.
    func precedingReceipt(of command: Account.Command) throws(Account.DecisionError) -> Account.Receipt? {
        guard let precedent = facts.precedent else { return nil }
        guard precedent.fingerprint == command.fingerprint, let receipt = precedent.receipt else {
            throw keyReused(command.key)
        }
        return receipt
    }

    /// Makes sure that a key is not taken by work that is going on: it belongs to that from its beginning, although
    /// only its end uses it up.
    func checkKeyIsFree(_ key: Account.Key?) throws(Account.DecisionError) {
        if let key, account.holds.contains(where: { $0.key == key }) { throw keyReused(key) }
    }

    func keyReused(_ key: Account.Key?) -> Account.DecisionError {
        Account.DecisionError(
            .keyReused,
            "The key '\(key?.rawValue ?? "")' was used before for something else; give each piece of work its own."
        )
    }

    /// Brings the account and a meter up to now.
    ///
    /// - Parameters:
    ///   - meter: The meter, which must be in a catalog.
    ///   - hold: A hold that this command ends itself, so that it does not lapse before.
    ///   - isEndOfWork: Whether work is done that began earlier; its meter need not be in a catalog any more.
    /// - Returns: The access that the customer has.
    /// - Throws: `unknownMeter`, or `missing` when a catalog is.
    mutating func prepare(
        _ meter: Meter.ID,
        sparing hold: Account.Hold? = nil,
        isEndOfWork: Bool = false
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
        settle(meter, under: access)
        return access
    }

    /// Returns the grants that meet a demand, or `nil` when they do not suffice.
    func parts(of amount: Int64, on meter: Meter.ID, under access: Account.Access) -> [Part]? {
        if access.tier.allowance(of: meter) == .unlimited { return [Part(grant: nil, amount: amount)] }
        return account.balance(of: .meter(meter))?.parts(of: amount, at: now)
    }

    /// Draws what a part says, for work that counts at an instant; without one, for what happens now.
    mutating func draw(
        _ part: Part,
        of meter: Meter.ID,
        at instant: Timestamp? = nil
    ) throws(Account.DecisionError) {
        guard part.amount > 0 else { return }
        let used = account.period(of: meter)?.used ?? 0
        if used.addingReportingOverflow(part.amount).overflow { throw overflow(of: used, and: part.amount, on: meter) }
        perform(
            .drawn(
                Account.Draw(
                    meter: meter,
                    grant: part.grant,
                    source: account.grant(part.grant)?.source,
                    amount: part.amount,
                    at: instant ?? countingInstant(of: meter)
                )
            )
        )
    }

    /// Makes sure that units can be counted beside those that are used and set aside, so that work which has
    /// begun can end.
    func checkCount(adding amount: Int64, of meter: Meter.ID) throws(Account.DecisionError) {
        let used = account.period(of: meter)?.used ?? 0
        // Each hold was let in beside those before it, so their sum can be counted.
        let held = account.holds.reduce(0) { $0 + ($1.meter == meter ? $1.amount : 0) }
        let (counted, isFull) = used.addingReportingOverflow(held)
        if isFull || counted.addingReportingOverflow(amount).overflow {
            throw overflow(of: used, and: amount, on: meter)
        }
    }

    private func overflow(of counted: Int64, and amount: Int64, on meter: Meter.ID) -> Account.DecisionError {
        Account.DecisionError(
            .overflow,
            "\(counted) units of '\(meter)' are counted; \(amount) more are beyond what can be counted."
        )
    }

    /// Draws up to a number of units from what is left, and the rest from nothing.
    ///
    /// - Returns: The rest. It is recorded, never refused, because the work is done.
    private mutating func drawWhatIsThere(
        _ amount: Int64,
        of meter: Meter.ID,
        under access: Account.Access
    ) throws(Account.DecisionError) -> Int64 {
        guard amount > 0 else { return 0 }
        let available: Int64 =
            switch remaining(on: meter, under: access) {
            case .unlimited: amount
            case .units(let units): min(units, amount)
            }
        if available > 0 {
            let parts = parts(of: available, on: meter, under: access) ?? []
            for part in parts { try draw(part, of: meter) }
            for part in parts { closeIfFinished(part.grant) }
        }
        try draw(Part(grant: nil, amount: amount - available), of: meter)
        return amount - available
    }

    func remaining(on meter: Meter.ID, under access: Account.Access) -> Account.Remaining {
        if access.tier.allowance(of: meter) == .unlimited { return .unlimited }
        return .units(account.balance(of: .meter(meter))?.available(at: now) ?? 0)
    }

    func receipt(
        _ meter: Meter.ID,
        amount: Int64,
        overage: Int64 = 0,
        isLate: Bool = false,
        under access: Account.Access
    ) -> Account.Receipt {
        Account.Receipt(
            revision: revision,
            meter: meter,
            amount: amount,
            overage: overage,
            isLate: isLate,
            remaining: remaining(on: meter, under: access),
            at: now
        )
    }

    mutating func tellIfExhausted(
        _ meter: Meter.ID,
        before: Account.Remaining,
        after: Account.Remaining
    ) {
        if case .units(let units) = before, units > 0, after == .units(0) { notice(.exhausted(meter)) }
    }

    func denial(of amount: Int64, on meter: Meter.ID, under access: Account.Access) -> Account.Decision {
        let allowance = access.tier.allowance(of: meter)
        let balance = account.balance(of: .meter(meter))
        let left = balance?.available(at: now) ?? 0
        let fromOtherGrants = left - (account.grant(balance?.period?.grant)?.remaining ?? 0)
        let fits: (Allowance) -> Bool = { allowance in
            switch allowance {
            case .none, .level: false
            case .limited(let units, per: _, overage: _, rollover: _): units >= amount - fromOtherGrants
            case .unlimited: true
            }
        }
        return Account.Decision(
            answer: .denied(
                Account.Denial(
                    reason: allowance == .none && left == 0 ? .notIncluded : .exhausted,
                    meter: meter,
                    tier: access.tier.id,
                    allowance: allowance,
                    requested: amount,
                    remaining: left,
                    resetsAt: fits(allowance) ? balance?.period?.span.end : nil,
                    // Of the current catalog: these can be bought.
                    unlockedBy: catalogs.current.tiers
                        .filter { $0.rank > access.tier.rank && fits($0.allowance(of: meter)) }
                        .map(\.id)
                )
            )
        )
    }
}
