import BillingModel

/// What the examples of the article on credits ask for again and again.
extension Account.Command.Action {
    /// Gives credits for AI.
    static func credits(
        _ amount: Int64,
        from source: Account.Grant.Source = .promotion,
        priority: Int64 = 0,
        until end: Timestamp? = nil
    ) -> Self {
        .grant(.init(amount, of: .pool(.ai), from: source, priority: priority, expiry: end))
    }

    /// Uses units of a meter up.
    static func use(_ amount: Int64, of meter: Meter.ID) -> Self {
        .consume(.init(meter: meter, amount: amount))
    }
}

extension Story {
    /// Returns the credits for AI that are left.
    func credits(at now: Timestamp) throws -> Int64? {
        try overview(at: now)[.ai]?.remaining
    }

    /// Returns the live grants of credits for AI, in the order that they are drawn on.
    func creditGrants(at now: Timestamp) throws -> [Account.Grant] {
        try overview(at: now).grants.filter { $0.subject == .pool(.ai) }
    }
}
