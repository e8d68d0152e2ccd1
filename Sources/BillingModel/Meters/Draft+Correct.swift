extension Account.Draft {
    /// Puts the count of the running period right: a person says by how much and why.
    mutating func correct(
        _ correction: Account.Command.Correction,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        if let receipt = try precedingReceipt(of: command) { return Account.Decision(answer: .repeated(receipt)) }
        let meter = correction.meter
        let access = try prepare(meter)
        var overage: Int64 = 0
        if correction.amount > 0 {
            overage = try drawRegardless(correction.amount, of: meter, under: access)
        } else {
            try takeBack(-correction.amount, of: meter)
            settle(meter, under: access)
        }
        let line = line(meter, amount: abs(correction.amount), overage: overage, access)
        return applied(receipt(line), to: command, under: access, reason: correction.reason)
    }

    /// Counts fewer units in the running period: those beyond the limit first, then those of the allowance.
    private mutating func takeBack(_ amount: Int64, of meter: Meter.ID) throws(Account.DecisionError) {
        guard let period = account.period(of: .meter(meter)) else { return }
        let grant = account.grant(period.grant)
        let own = period.uncovered + (grant?.used ?? 0)
        guard amount <= own else {
            throw Account.DecisionError(
                .amountOutOfBounds,
                "Of the \(period.used) units of '\(meter)' that are counted since \(period.span.start), \(own) are of "
                    + "the allowance or beyond it and can be taken back. Refund the work, or give units as an adjustment."
            )
        }
        // Counted at the period's start: should another period turn out to have begun since, what is taken back of this
        // one is none of that one's.
        func draw(_ units: Int64, _ cover: Account.Draw.Cover) -> Account.Draw {
            Account.Draw(meter: meter, cover: cover, amount: units, at: period.span.start)
        }
        let uncovered = min(amount, period.uncovered)
        if uncovered > 0 { perform(.returned(Account.Return(draw(uncovered, .nothing), of: nil))) }
        if let grant, amount > uncovered {
            let back = draw(amount - uncovered, .grant(grant.id, .allowance))
            perform(.returned(Account.Return(back, of: nil)))
        }
        shrinkRenewal(of: .meter(meter), by: amount)
    }
}
