extension Account.Draft {
    /// Uses units up: all or none, or as many as are let through.
    mutating func consume(
        _ use: Account.Command.Consumption,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        if let receipt = try precedingReceipt(of: command) { return Account.Decision(answer: .repeated(receipt)) }
        let access = try prepare(use.meter)
        let amount = use.isPartial ? min(use.amount, permitted(on: use.meter, under: access)) : use.amount
        guard amount > 0, let supply = supply(of: amount, on: use.meter, under: access) else {
            let least = use.isPartial ? 1 : use.amount
            return denial(of: use.amount, needing: least, on: use.meter, for: command, under: access)
        }
        try checkCount(adding: amount, of: use.meter)
        try draw(supply, of: use.meter)
        let line = line(use.meter, amount: amount, overage: overage(of: supply, on: use.meter, under: access), access)
        return applied(receipt(line), to: command, under: access)
    }

    /// Uses up units of several meters, all or none.
    ///
    /// One after the other, because they may draw on the same credits; where one is refused, nothing of what was
    /// drafted comes to be.
    mutating func consumeAll(
        _ uses: [Account.Command.Consumption],
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        if let receipt = try precedingReceipt(of: command) { return Account.Decision(answer: .repeated(receipt)) }
        var last: Account.Access?
        for use in uses { last = try prepare(use.meter) }
        guard let access = last else { throw Account.DecisionError(.malformedRequest, "A request names a meter.") }
        var overages: [Int64] = []
        for use in uses {
            guard let supply = supply(of: use.amount, on: use.meter, under: access) else {
                return denial(of: use.amount, on: use.meter, for: command, under: access)
            }
            try checkCount(adding: use.amount, of: use.meter)
            try draw(supply, of: use.meter)
            overages.append(overage(of: supply, on: use.meter, under: access))
        }
        let lines = zip(uses, overages).map { line($0.meter, amount: $0.amount, overage: $1, access) }
        return applied(receipt(lines), to: command, under: access)
    }

    /// Counts units that were used already: what is not there is recorded as overage, never refused.
    mutating func record(
        _ use: Account.Command.Consumption,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        if let receipt = try precedingReceipt(of: command) { return Account.Decision(answer: .repeated(receipt)) }
        let access = try prepare(use.meter)
        let overage = try drawRegardless(use.amount, of: use.meter, under: access)
        return applied(
            receipt(line(use.meter, amount: use.amount, overage: overage, access)),
            to: command,
            under: access
        )
    }

    /// Counts events that were not counted before, added up by meter.
    mutating func recordAll(
        _ events: [Account.Command.Event],
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        if let receipt = try precedingReceipt(of: command) { return Account.Decision(answer: .repeated(receipt)) }
        var seen = facts.knownEvents
        seen.reserveCapacity(seen.count + events.count)
        var counted: [Account.EventID] = []
        counted.reserveCapacity(events.count)
        var sums: [(meter: Meter.ID, amount: Int64)] = []
        var place = 0
        for event in events {
            // A meter is named, and has to exist, whether or not its event is counted.
            if !sums.indices.contains(place) || sums[place].meter != event.meter {
                place = sums.firstIndex { $0.meter == event.meter } ?? sums.endIndex
                if place == sums.endIndex { sums.append((event.meter, 0)) }
            }
            guard seen.insert(event.id).inserted else { continue }
            let (sum, isTooMuch) = sums[place].amount.addingReportingOverflow(event.amount)
            if isTooMuch { throw overflow(of: sums[place].amount, and: event.amount, on: event.meter) }
            sums[place].amount = sum
            counted.append(event.id)
        }
        var last: Account.Access?
        for sum in sums { last = try prepare(sum.meter) }
        guard let access = last else { throw Account.DecisionError(.malformedRequest, "A batch names an event.") }
        var overages: [Int64] = []
        for sum in sums { overages.append(try drawRegardless(sum.amount, of: sum.meter, under: access)) }
        let lines = zip(sums, overages).map { line($0.meter, amount: $0.amount, overage: $1, access) }
        let receipt = receipt(lines, skipped: Int64(events.count - counted.count))
        return applied(receipt, to: command, under: access, events: counted)
    }
}
