extension Account {
    /// The most live holds of an account.
    public static let maximumHolds = 10_000

    /// The most meters of one request.
    public static let maximumMeters = 16

    /// The most live grants of an account.
    public static let maximumGrants = 10_000

    /// The most events of one batch.
    public static let maximumEvents = 1_000

    /// How long the ids of events are remembered, so that an event that is told again within it is not counted
    /// again: 32 days.
    public static let eventMemory = Duration.seconds(32 * 86_400)

    /// The most bytes of the reason for a correction.
    public static let maximumReasonLength = 1_024

    /// The most subscriptions, the most benefits, and the most attempts to buy, that an account remembers.
    ///
    /// Of subscriptions and benefits those that have been over for ``memoryOfEnded`` give way to new ones.
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
        if isNew { try customer.validate() }
        try command.validate()
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
        try draft.checkKeyIsFree(for: command)
        let decision: Decision =
            switch command.action {
            case .consume(let consumption): try draft.consume(consumption, as: command)
            case .consumeAll(let uses): try draft.consumeAll(uses, as: command)
            case .record(let consumption): try draft.record(consumption, as: command)
            case .recordAll(let events): try draft.recordAll(events, as: command)
            case .reserve(let reservation): try draft.reserve(reservation, as: command)
            case .capture(let capture): try draft.capture(capture, as: command)
            case .extend(let hold, byMicroseconds: let time):
                draft.extend(hold, by: .microseconds(time), as: command)
            case .release(let hold): try draft.release(hold, as: command)
            case .refund(let refund): try draft.refund(refund, as: command)
            case .correct(let correction): try draft.correct(correction, as: command)
            case .setLevel(let level): try draft.setLevel(level, as: command)
            case .raise(let step): try draft.raise(step, as: command)
            case .lower(let step): try draft.lower(step, as: command)
            case .grant(let granting): try draft.grant(granting, as: command)
            case .grantPack(let granting): try draft.grantPack(granting, as: command)
            case .void(let grant): try draft.void(grant, as: command)
            case .startTrial: try draft.startTrial(as: command)
            case .override(let overrides): try draft.override(overrides, as: command)
            case .settle: draft.catchUp(as: command)
            case .examine(let folded): draft.examine(against: folded, as: command)
            case .repair(let finding): draft.repair(finding, as: command)
            case .startUpgrade(let request): try draft.startUpgrade(request, as: command)
            case .advanceUpgrade(let advance): try draft.advanceUpgrade(advance, as: command)
            case .changeSubscription(let change): try draft.plan(change)
            case .take(let snapshot): try draft.take(snapshot, as: command)
            }
        guard draft.needs.isEmpty else {
            throw DecisionError(.missing(draft.needs), "The decision needs facts that were not loaded.")
        }
        return decision
    }
}
