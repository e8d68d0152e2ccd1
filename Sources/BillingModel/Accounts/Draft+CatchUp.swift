extension Account.Draft {
    /// Writes down what time alone has changed: so that notices come when they are due, and not when somebody looks.
    mutating func catchUp(as command: Account.Command) -> Account.Decision {
        // A customer of whom nothing is known has nothing that could be due.
        guard !account.isNew, let access = settle() else { return Account.Decision(answer: .settled) }
        settleAll(under: access)
        warn(under: access)
        return Account.Decision(
            answer: .settled,
            change: effects.isEmpty ? nil : change(of: command, takingKey: false)
        )
    }
}
