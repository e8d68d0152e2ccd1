extension Account.Draft {
    /// Writes down what time alone has changed: so that notices come when they are due, and not when somebody looks.
    mutating func catchUp(as command: Account.Command) -> Account.Decision {
        // A customer of whom nothing is known has nothing that could be due.
        guard !account.isNew, let access = settle() else { return Account.Decision(answer: .settled) }
        settleAll(under: access)
        warn(under: access)
        // That a grant has started, or one that is used up would have ended, changes nothing but when something is due
        // next: it is written down too, or it would be due for ever.
        let isDue = base.dueAt(in: catalogs.current).map { $0 <= now } ?? false
        return Account.Decision(
            answer: .settled,
            change: effects.isEmpty && !isDue ? nil : change(of: command, takingKey: false)
        )
    }
}
