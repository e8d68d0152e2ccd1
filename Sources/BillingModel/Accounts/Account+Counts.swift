extension Account {
    /// The largest revision, and the most units that one number of a grant can be: no two of them add up beyond 64 bits.
    package static let maximumCount = Int64.max / 2

    /// Whether every number is one that the kit can have written, as far as they must be for none to overflow.
    ///
    /// What a hand has changed may be wrong all the same; that is for an examination to find.
    package var isCountable: Bool {
        balances.allSatisfy(\.isCountable) && holds.allSatisfy(\.isCountable) && windows.allSatisfy { $0.used >= 0 }
            && levels.allSatisfy { (0...Self.maximumCount).contains($0.units) }
    }
}

extension Account.Balance {
    fileprivate var isCountable: Bool {
        grants.allSatisfy(\.isCountable) && (period.map { $0.used >= 0 && $0.uncovered >= 0 } ?? true)
    }
}

extension Account.Grant {
    /// Whether the numbers are ones that the kit can have written, as far as they must be for none to overflow.
    package var isCountable: Bool {
        let gone = [used, held, expired, voided, moved]
        return ([amount] + gone).allSatisfy { (0...Account.maximumCount).contains($0) }
            && Int64(exactly: gone.reduce(Int128(amount)) { $0 - Int128($1) }) != nil
    }
}

extension Account.Hold {
    fileprivate var isCountable: Bool {
        guard allParts.allSatisfy({ $0.amount >= 0 }), (credits?.units ?? 0) >= 0 else { return false }
        let units = parts.reduce(Int128(credits?.units ?? 0)) { $0 + Int128($1.amount) }
        let all = allParts.reduce(Int128(0)) { $0 + Int128($1.amount) }
        return Int64(exactly: units) != nil && Int64(exactly: all) != nil
    }
}
