extension Account.Draft {
    /// Sets units aside for work that begins.
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
        guard let supply = supply(of: reservation.amount, on: reservation.meter, under: access) else {
            return denial(of: reservation.amount, on: reservation.meter, for: command, under: access)
        }
        try checkCount(adding: reservation.amount, of: reservation.meter)
        let length = reservation.lapsesAfterMicroseconds ?? catalogs.current.settings.holdSeconds * 1_000_000
        let hold = Account.Hold(
            id: Account.Hold.ID(nextName()),
            meter: reservation.meter,
            parts: supply.parts,
            credits: supply.credits,
            key: key,
            attempt: reservation.attempt,
            member: command.member,
            reservedAt: countingInstant(of: .meter(reservation.meter)),
            lapsesAt: now.advanced(by: .microseconds(length))
        )
        perform(.held(hold))
        let line = line(reservation.meter, amount: reservation.amount, access)
        // The key is used up by the work's end, not by its beginning: failed work may be tried again.
        let decision = applied(receipt(line), to: command, under: access, takingKey: false)
        return Account.Decision(answer: .held(receipt(line), hold.id), change: decision.change)
    }

    /// Answers a reservation whose key has a live hold already.
    private func resume(
        _ hold: Account.Hold,
        for reservation: Account.Command.Reservation,
        under access: Account.Access
    ) throws(Account.DecisionError) -> Account.Decision {
        guard hold.meter == reservation.meter, hold.amount == reservation.amount else { throw keyReused(hold.key) }
        guard hold.attempt.hasSameBytes(as: reservation.attempt) else {
            throw Account.DecisionError(
                .workInProgress(until: hold.lapsesAt),
                "The work of key '\(hold.key)' is going on since \(hold.reservedAt); "
                    + "it ends, or if its server is gone may be taken over, at \(hold.lapsesAt)."
            )
        }
        let receipt = Account.Receipt(
            revision: Int64(hold.id.rawValue.prefix { $0 != "." }) ?? account.revision,
            line: line(hold.meter, amount: hold.amount, access),
            at: hold.reservedAt
        )
        return Account.Decision(answer: .held(receipt, hold.id))
    }

    /// Uses up what was set aside, or more, or less, because the work is done.
    mutating func capture(
        _ capture: Account.Command.Capture,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        let hold = account.holds.first { $0.id == capture.hold }
        if let receipt = try precedingReceipt(of: command) {
            // Another try at the same work was faster. It is counted once; what this one set aside goes back.
            guard let hold, now < hold.lapsesAt else { return Account.Decision(answer: .repeated(receipt)) }
            return giveBack(hold, as: command, answering: .repeated(receipt))
        }
        guard case .meter(let named) = capture.subject else {
            throw Account.DecisionError(.malformedRequest, "Work is done on a meter, not on \(capture.subject).")
        }
        if let hold, hold.key != command.key {
            throw Account.DecisionError(
                .malformedRequest,
                "Hold '\(hold.id)' is of the work '\(hold.key)'; end it under that key, so that it is counted once."
            )
        }
        let meter = hold?.meter ?? named
        let isLate = hold.map { $0.lapsesAt <= now } ?? true
        // A hold that has lapsed is gone, whether or not anyone has looked since.
        let access = try prepare(meter, sparing: isLate ? nil : hold, isEndOfWork: true)
        var overage: Int64 = 0
        var missing = capture.amount
        // The draft's own copy of the hold: settling may have moved it to the grant of a new period.
        if let held = account.holds.first(where: { $0.id == capture.hold }) {
            perform(.holdEnded(held.id, .captured))
            let taken = held.supply.prefix(capture.amount)
            try draw(taken, of: meter, at: held.reservedAt)
            missing -= taken.amount
            overage = self.overage(of: taken, on: meter, under: access)
            closeFinished(held.allParts)
        }
        overage += try drawRegardless(missing, of: meter, under: access, isEndOfWork: true)
        settle(meter, under: access)
        let receipt = receipt(line(meter, amount: capture.amount, overage: overage, access), isLate: isLate)
        return applied(receipt, to: command, under: access)
    }

    /// Gives work more time.
    mutating func extend(
        _ id: Account.Hold.ID,
        by duration: Duration,
        as command: Account.Command
    ) -> Account.Decision {
        guard let access = settle(), let hold = account.holds.first(where: { $0.id == id }) else {
            return Account.Decision(answer: .alreadyReleased)
        }
        let end = now.advanced(by: duration)
        guard end > hold.lapsesAt else { return Account.Decision(answer: .extended(until: hold.lapsesAt)) }
        perform(.holdExtended(id, until: end))
        warn(under: access)
        return Account.Decision(answer: .extended(until: end), change: change(of: command, takingKey: false))
    }

    /// Gives back what was set aside, because the work failed.
    ///
    /// A key of its own tells a retry from another one's release; the work's own key stays free.
    mutating func release(
        _ id: Account.Hold.ID,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        if let precedent = facts.precedent, precedent.fingerprint == command.fingerprint,
            let receipt = precedent.receipt
        {
            return Account.Decision(answer: .repeated(receipt))
        }
        guard let hold = account.holds.first(where: { $0.id == id }), now < hold.lapsesAt else {
            return Account.Decision(answer: .alreadyReleased)
        }
        if let key = command.key, key != hold.key {
            // Whether it was used up or belongs to other work that is going on.
            let isTaken = facts.precedent != nil || account.holds.contains { $0.key == key && now < $0.lapsesAt }
            guard !isTaken else { throw keyReused(key) }
        }
        return giveBack(hold, as: command, answering: nil)
    }

    /// Ends a live hold that nothing came of.
    private mutating func giveBack(
        _ hold: Account.Hold,
        as command: Account.Command,
        answering answer: Account.Answer?
    ) -> Account.Decision {
        guard let access = settle(sparing: hold.id) else { return Account.Decision(answer: .alreadyReleased) }
        settle(hold, under: access)
        if let hold = account.holds.first(where: { $0.id == hold.id }) { end(hold, as: .released) }
        settle(hold, under: access)
        guard let answer else {
            return applied(
                receipt(line(hold.meter, amount: hold.amount, access)),
                to: command,
                under: access,
                takingKey: command.key != hold.key
            )
        }
        warn(under: access)
        return Account.Decision(answer: answer, change: change(of: command, kind: .release, takingKey: false))
    }
}
