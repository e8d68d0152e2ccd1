extension Account.Draft {
    /// Puts terms in place of the tier's, and of all that were put there before.
    mutating func override(
        _ overrides: [Account.Override],
        as command: Account.Command
    ) throws(Account.DecisionError) -> Account.Decision {
        if let precedent = facts.precedent {
            guard precedent.fingerprint == command.fingerprint else { throw keyReused(command.key) }
            return Account.Decision(answer: .overridden)
        }
        let problems = catalogs.current.problems(in: overrides)
        guard problems.isEmpty else {
            throw Account.DecisionError(.malformedTerms, problems.map(\.description).joined(separator: " "))
        }
        guard settle() != nil else { return Account.Decision(answer: .settled) }
        let live = overrides.filter { $0.isLive(at: now) }
        if live != account.overrides { perform(.overridden(live)) }
        guard let access = settle() else { return Account.Decision(answer: .settled) }
        settleAll(under: access)
        warn(under: access)
        return Account.Decision(answer: .overridden, change: change(of: command))
    }
}
