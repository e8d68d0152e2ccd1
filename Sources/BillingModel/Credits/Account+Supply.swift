extension Account {
    /// What meets a demand for units of a meter: its own grants, then credits, then nothing.
    struct Supply: Hashable {
        /// Units of the meter's own grants, and such as no grant covers.
        var parts: [Hold.Part] = []

        /// The credits for what those do not cover.
        var credits: Hold.Credits?

        /// The units of the meter.
        var amount: Int64 { parts.reduce(credits?.units ?? 0) { $0 + $1.amount } }

        /// The units of the meter that nothing covers.
        var uncovered: Int64 { parts.reduce(0) { $0 + ($1.grant == nil ? $1.amount : 0) } }

        /// Returns what meets the first units of the demand: of own grants first, then of credits, then of none.
        func prefix(_ units: Int64) -> Supply {
            var missing = units
            func take(_ parts: [Hold.Part]) -> [Hold.Part] {
                parts.compactMap { part in
                    let taken = min(part.amount, missing)
                    missing -= taken
                    return taken > 0 ? Hold.Part(grant: part.grant, amount: taken) : nil
                }
            }
            let own = take(parts.filter { $0.grant != nil })
            let credits = credits.flatMap { $0.prefix(min($0.units, missing)) }
            missing -= credits?.units ?? 0
            return Supply(parts: own + take(parts.filter { $0.grant == nil }), credits: credits)
        }
    }
}

extension Account.Hold.Credits {
    /// Returns the credits for the first units, or `nil` for none.
    ///
    /// Every unit costs the same, so the cost follows from the whole.
    func prefix(_ units: Int64) -> Self? {
        guard units > 0 else { return nil }
        var missing = units * (amount / self.units)
        let parts = parts.compactMap { part in
            let taken = min(part.amount, missing)
            missing -= taken
            return taken > 0 ? Account.Hold.Part(grant: part.grant, amount: taken) : nil
        }
        return Self(pool: pool, units: units, parts: parts)
    }
}
