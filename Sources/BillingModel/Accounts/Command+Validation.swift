extension Account.Command {
    /// Makes sure that what is asked is within its bounds, whatever the account.
    func validate() throws(Account.DecisionError) {
        if let key { try Self.check(key.rawValue, "key", maximum: String.maximumKeyLength) }
        if let member { try Self.check(member.rawValue, "member id") }
        if let reference { try Self.check(reference, "reference") }
        switch action {
        case .consume(let use), .record(let use), .raise(let use), .lower(let use): try Self.check(use.amount, 1...)
        case .consumeAll(let uses): try Self.check(uses)
        case .recordAll(let events): try Self.check(events)
        case .reserve(let use): try check(use)
        case .capture(let use):
            // Its end uses the work's key up: so it is counted once.
            try Self.check(key?.rawValue ?? "", "key", maximum: String.maximumKeyLength)
            try Self.check(use.amount, 0...)
        case .extend(_, byMicroseconds: let time): try Self.check(time, 1..., Self.longestHold)
        case .refund(let refund):
            try Self.check(refund.key.rawValue, "key to refund", maximum: String.maximumKeyLength)
            if let amount = refund.amount { try Self.check(amount, 1...) }
        case .correct(let correction): try check(correction)
        case .setLevel(let level): try Self.check(level.units, 0..., Catalog.Limits.units)
        case .startUpgrade(let request): try request.validate()
        case .advanceUpgrade(let advance): try advance.validate()
        case .grant(let granting): try Self.check(granting.amount, 1..., Catalog.Limits.units)
        case .changeSubscription(let change):
            if case .change(to: let terms, _) = change.wish, let quantity = terms.quantity {
                try Self.check(quantity, 1..., Catalog.Limits.units)
            }
        case .take(let snapshot): try snapshot.validate()
        case .release, .void, .grantPack, .startTrial, .override, .settle, .examine, .repair: break
        }
    }

    private static let longestHold = Catalog.Limits.days * 86_400 * Timestamp.microsecondsPerSecond

    private func check(_ use: Reservation) throws(Account.DecisionError) {
        // The hold is found again by its key alone.
        try Self.check(key?.rawValue ?? "", "key", maximum: String.maximumKeyLength)
        try Self.check(use.attempt, "attempt")
        try Self.check(use.amount, 1...)
        if let time = use.lapsesAfterMicroseconds { try Self.check(time, 1..., Self.longestHold) }
    }

    private func check(_ correction: Correction) throws(Account.DecisionError) {
        guard correction.amount != 0, correction.amount != .min else {
            throw Account.DecisionError(.amountOutOfBounds, "A correction is by so many units, up or down; not by 0.")
        }
        try Self.check(correction.reason, "reason", maximum: Account.maximumReasonLength)
        guard member != nil else {
            throw Account.DecisionError(
                .malformedRequest,
                "A correction names its author: give the member who makes it."
            )
        }
    }

    static func check(
        _ text: String,
        _ what: String,
        maximum: Int = String.maximumIdentifierLength
    ) throws(Account.DecisionError) {
        guard !text.isWellFormed(within: maximum) else { return }
        throw Account.DecisionError(
            .malformedIdentifier,
            "The \(what) has \(text.utf8.count) bytes\(text.utf8.contains(0) ? ", NUL among them" : ""); "
                + "1 to \(maximum) bytes without NUL are allowed."
        )
    }

    private static func check(_ uses: [Consumption]) throws(Account.DecisionError) {
        guard (1...Account.maximumMeters).contains(uses.count), Set(uses.map(\.meter)).count == uses.count,
            !uses.contains(where: \.isPartial)
        else {
            throw Account.DecisionError(
                .malformedRequest,
                "A request names 1 to \(Account.maximumMeters) meters, each once, and asks for a whole number of each."
            )
        }
        for use in uses { try check(use.amount, 1...) }
    }

    /// Returns whether events are of no more meters than a request may name.
    private static func areFew(_ events: [Event]) -> Bool {
        var meters: [Meter.ID] = []
        // Most often all are of one meter, and hashing each would take longer than all else that is done with it.
        for event in events where event.meter != meters.last && !meters.contains(event.meter) {
            guard meters.count < Account.maximumMeters else { return false }
            meters.append(event.meter)
        }
        return true
    }

    private static func check(_ events: [Event]) throws(Account.DecisionError) {
        guard (1...Account.maximumEvents).contains(events.count),
            Self.areFew(events)
        else {
            throw Account.DecisionError(
                .malformedRequest,
                "A batch has \(events.count) events; 1 to \(Account.maximumEvents) of at most "
                    + "\(Account.maximumMeters) meters are allowed."
            )
        }
        for event in events {
            try check(event.id.rawValue, "event id")
            try check(event.amount, 1...)
        }
    }

    private static func check(
        _ number: Int64,
        _ bounds: PartialRangeFrom<Int64>,
        _ most: Int64 = .max
    ) throws(Account.DecisionError) {
        guard !bounds.contains(number) || number > most else { return }
        throw Account.DecisionError(
            .amountOutOfBounds,
            "The amount or duration is \(number) where \(bounds.lowerBound) or more"
                + "\(most < .max ? ", and \(most) or less," : "") is allowed."
        )
    }
}

extension CustomerID {
    /// Makes sure that a customer can have this id.
    package func validate() throws(Account.DecisionError) {
        try Account.Command.check(rawValue, "customer id")
    }
}
