extension Account {
    /// The most live holds of an account.
    public static let maximumHolds = 10_000

    /// The most meters of one request.
    public static let maximumMeters = 16

    /// The most live grants of an account.
    public static let maximumGrants = 10_000

    /// The most subscriptions, and the most attempts to buy, that an account remembers.
    public static let maximumSubscriptions = 1_000

    /// Decides a command.
    ///
    /// A pure function: the same state, command, facts, instant and catalog always lead to the same decision.
    /// A preview is this function without the commit, a replay is this function again.
    ///
    /// - Parameters:
    ///   - command: What is asked.
    ///   - facts: What the live state does not hold and the command names: what its key was used for, the
    ///     order it speaks of, whom the provider's names belong to.
    ///   - now: The instant. One before the account's last instant counts as that one.
    ///   - catalog: The current catalog. A subscription that was bought under another one needs that in the
    ///     facts.
    /// - Returns: The answer, and the change to commit before the answer is given.
    /// - Throws: ``DecisionError``; with ``DecisionError/Code/missing(_:)`` the command can be decided again
    ///   with more facts.
    public func decide(
        _ command: Command,
        facts: Facts = Facts(),
        at now: Timestamp,
        in catalog: Catalog
    ) throws(DecisionError) -> Decision {
        try validate(command)
        if case .consume(let use) = command.action, !use.isPartial,
            let decision = consumeAtOnce(use, as: command, facts: facts, at: now, in: catalog)
        {
            return decision
        }
        return try decideStepByStep(command, facts: facts, at: now, in: catalog)
    }

    /// Decides a command the long way, which every command can take.
    package func decideStepByStep(
        _ command: Command,
        facts: Facts,
        at now: Timestamp,
        in catalog: Catalog
    ) throws(DecisionError) -> Decision {
        var draft = Draft(self, for: command, facts: facts, now: now, catalog: catalog)
        let decision: Decision =
            switch command.action {
            case .consume(let consumption): try draft.consume(consumption, as: command)
            case .consumeAll(let uses): try draft.consumeAll(uses, as: command)
            case .record(let consumption): try draft.record(consumption, as: command)
            case .reserve(let reservation): try draft.reserve(reservation, as: command)
            case .capture(let capture): try draft.capture(capture, as: command)
            case .release(let hold): draft.release(hold, as: command)
            case .grant(let granting): try draft.grant(granting, as: command)
            case .void(let grant): try draft.void(grant, as: command)
            case .startUpgrade(let request): try draft.startUpgrade(request, as: command)
            case .take(let snapshot): try draft.take(snapshot, as: command)
            }
        guard draft.needs.isEmpty else {
            throw DecisionError(.missing(draft.needs), "The decision needs facts that were not loaded.")
        }
        return decision
    }

    private func validate(_ command: Command) throws(DecisionError) {
        if isNew { try Self.check(customer.rawValue, "customer id") }
        if let key = command.key { try Self.check(key.rawValue, "key", maximum: String.maximumKeyLength) }
        if let member = command.member { try Self.check(member.rawValue, "member id") }
        switch command.action {
        case .consumeAll(let uses): try Self.check(uses)
        case .consume(let use), .record(let use): try Self.check(use.amount, within: 1...)
        case .reserve(let use):
            // The hold is found again by its key alone.
            try Self.check(command.key?.rawValue ?? "", "key", maximum: String.maximumKeyLength)
            try Self.check(use.amount, within: 1...)
            try Self.check(use.lapsesAfterMicroseconds, within: 1...)
        case .capture(let use): try Self.check(use.amount, within: 0...)
        case .startUpgrade(let request): if let text = request.reference { try Self.check(text, "reference") }
        case .grant(let granting):
            try Self.check(granting.amount, within: 1...)
            guard granting.amount <= Catalog.Limits.units else {
                throw DecisionError(
                    .amountOutOfBounds,
                    "\(granting.amount) is given where \(Catalog.Limits.units) or less is allowed."
                )
            }
        case .release, .void, .take: break
        }
    }

    private static func check(
        _ text: String,
        _ what: String,
        maximum: Int = String.maximumIdentifierLength
    ) throws(DecisionError) {
        guard !text.isWellFormed(within: maximum) else { return }
        throw DecisionError(
            .malformedIdentifier,
            "The \(what) has \(text.utf8.count) bytes\(text.utf8.contains(0) ? ", NUL among them" : ""); "
                + "1 to \(maximum) bytes without NUL are allowed."
        )
    }

    private static func check(_ uses: [Command.Consumption]) throws(DecisionError) {
        guard (1...maximumMeters).contains(uses.count), Set(uses.map(\.meter)).count == uses.count,
            !uses.contains(where: \.isPartial)
        else {
            throw DecisionError(
                .malformedRequest,
                "A request names 1 to \(maximumMeters) meters, each once, and asks for a whole number of each."
            )
        }
        for use in uses { try check(use.amount, within: 1...) }
    }

    private static func check(_ number: Int64, within bounds: PartialRangeFrom<Int64>) throws(DecisionError) {
        guard !bounds.contains(number) else { return }
        throw DecisionError(
            .amountOutOfBounds,
            "The amount or duration is \(number) where \(bounds.lowerBound) or more is allowed."
        )
    }
}
