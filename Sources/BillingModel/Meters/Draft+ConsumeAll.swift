extension Account.Draft {
    /// Uses up units of several meters, all or none.
    mutating func consumeAll(
        _ uses: [Account.Command.Consumption],
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        if let receipt = try precedingReceipt(of: command) { return Account.Decision(answer: .repeated(receipt)) }
        var access: Account.Access?
        for use in uses { access = try prepare(use.meter) }
        guard let access else { throw Account.DecisionError(.malformedRequest, "A request names at least one meter.") }
        try checkKeyIsFree(command.key)
        var drawn: [(meter: Meter.ID, before: Account.Remaining, parts: [Part])] = []
        for use in uses {
            guard let parts = parts(of: use.amount, on: use.meter, under: access) else {
                return denial(of: use.amount, on: use.meter, under: access)
            }
            try checkCount(adding: use.amount, of: use.meter)
            drawn.append((use.meter, remaining(on: use.meter, under: access), parts))
        }
        var lines: [Account.Receipt] = []
        for (use, (meter, before, parts)) in zip(uses, drawn) {
            for part in parts { try draw(part, of: meter) }
            for part in parts { closeIfFinished(part.grant) }
            let line = receipt(meter, amount: use.amount, under: access)
            tellIfExhausted(meter, before: before, after: line.remaining)
            lines.append(line)
        }
        let receipt = lines.dropFirst().reduce(lines[0]) { $0.adding($1) }
        return Account.Decision(answer: .applied(receipt), change: change(of: command, receipt: receipt))
    }
}
