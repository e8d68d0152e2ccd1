import BillingModel

extension Ledger {
    /// Tells that something happened to an attempt, at the instant or before it.
    @discardableResult
    mutating func advance(
        _ key: Upgrade.Key,
        _ step: Account.Command.UpgradeAdvance.Step,
        toldAt: Timestamp? = nil,
        by member: MemberID? = nil,
        at now: Timestamp
    ) throws -> Upgrade {
        let advance = Account.Command.UpgradeAdvance(step, of: key, at: toldAt)
        return try upgrade(by: Account.Command(.advanceUpgrade(advance), member: member), at: now)
    }

    /// Tells that a paywall offered something.
    @discardableResult
    mutating func lock(
        _ request: Account.Command.UpgradeRequest,
        by member: MemberID? = nil,
        at now: Timestamp
    ) throws -> Upgrade {
        try upgrade(by: Account.Command(.advanceUpgrade(.init(locking: request)), member: member), at: now)
    }

    /// Tells that the customer asked for something.
    @discardableResult
    mutating func click(
        _ request: Account.Command.UpgradeRequest,
        by member: MemberID? = nil,
        at now: Timestamp
    ) throws -> Upgrade {
        try upgrade(by: Account.Command(.startUpgrade(request), member: member), at: now)
    }

    private mutating func upgrade(by command: Account.Command, at now: Timestamp) throws -> Upgrade {
        guard case .upgrade(let upgrade) = try send(command, at: now).answer else { throw Fixture.Missing() }
        return upgrade
    }

    /// The attempt of a reference, or `nil` when there is none.
    func upgrade(_ reference: String) -> Upgrade? { account.upgrade(.reference(reference)) }

    /// What happened to attempts, in the journal's words.
    var steps: [Upgrade.Step] {
        journal.flatMap(\.effects).compactMap { if case .upgraded(_, let step) = $0 { step } else { nil } }
    }
}
