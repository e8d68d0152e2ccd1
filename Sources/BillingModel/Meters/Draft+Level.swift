extension Account.Draft {
    /// Lets a gauge stand at a level: lower always, higher only as far as the tier lets it.
    mutating func setLevel(
        of meter: Meter.ID,
        as command: Account.Command,
        to level: (Int64) throws(Account.DecisionError) -> Int64
    ) throws(Account.DecisionError) -> Account.Decision {
        if let receipt = try precedingReceipt(of: command) { return Account.Decision(answer: .repeated(receipt)) }
        let access = try prepare(meter, kind: .gauge)
        let before = account.level(of: meter)
        let after = try level(before)
        let allowance = access.tier.allowance(of: meter)
        if after > before, after > allowance.highestLevel {
            return denial(of: after - before, reaching: after, on: meter, for: command, under: access)
        }
        if after != before { perform(.levelled(meter, at: after)) }
        let overage = allowance == .unlimited ? 0 : max(0, after - allowance.limit)
        return applied(receipt(line(meter, amount: after, overage: overage, access)), to: command, under: access)
    }

    mutating func setLevel(
        _ level: Account.Level,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        try setLevel(of: level.meter, as: command) { _ in level.units }
    }

    mutating func raise(
        _ step: Account.Command.Consumption,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        let meter = step.meter
        return try setLevel(of: meter, as: command) { (level) throws(Account.DecisionError) in
            let (sum, isTooMuch) = level.addingReportingOverflow(step.amount)
            guard !isTooMuch else {
                throw Account.DecisionError(
                    .overflow,
                    "'\(meter)' stands at \(level); \(step.amount) more are beyond what can be counted."
                )
            }
            return sum
        }
    }

    mutating func lower(
        _ step: Account.Command.Consumption,
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        let meter = step.meter
        return try setLevel(of: meter, as: command) { (level) throws(Account.DecisionError) in
            guard step.amount <= level else {
                throw Account.DecisionError(
                    .amountOutOfBounds,
                    "'\(meter)' stands at \(level) and cannot be lowered by \(step.amount); set it to 0 to empty it."
                )
            }
            return level - step.amount
        }
    }
}

extension Allowance {
    /// The units that a tier gives; none where it gives none or no limit.
    fileprivate var limit: Int64 {
        switch self {
        case .limited(let units, per: _, overage: _, rollover: _), .level(let units, overage: _): units
        case .none, .unlimited: 0
        }
    }

    /// The highest level that a gauge may be raised to.
    fileprivate var highestLevel: Int64 {
        switch self {
        case .unlimited: .max
        case .level(let limit, let overage): limit.addingClamped(overage.cap)
        case .none, .limited: 0
        }
    }
}
