extension Account {
    /// Returns the attempt to buy of a key, or `nil` when there is none.
    ///
    /// Of a tier or a pack that was bought more than once without a reference it is the newest attempt.
    public func upgrade(_ key: Upgrade.Key) -> Upgrade? {
        upgrades.attempt(of: key)
    }

    /// Returns the attempt to buy that has had a checkout, whichever of its checkouts it was, or `nil` when none has.
    public func upgrade(checkout id: String) -> Upgrade? {
        upgrades.attempt(checkout: id)
    }

    /// Returns the earliest instant at which an attempt expires by time alone, or `nil` when none does.
    static func firstExpiry(among upgrades: [Upgrade]) -> Timestamp? {
        upgrades.compactMap(\.dueAt).min()
    }

    static func precedes(_ left: Upgrade, _ right: Upgrade) -> Bool {
        let (one, other) = (left.begunAt, right.begunAt)
        return one == other ? left.key.precedes(right.key) : one < other
    }

    /// Puts an attempt in the place of the one with its key, or among the others.
    mutating func replace(_ upgrade: Upgrade) {
        upgrades.removeAll { $0.key == upgrade.key }
        let index = upgrades.firstIndex { Self.precedes(upgrade, $0) } ?? upgrades.endIndex
        upgrades.insert(upgrade, at: index)
        firstUpgradeExpiry.value = Self.firstExpiry(among: upgrades)
    }

    /// Forgets the attempt of a key.
    mutating func forget(_ key: Upgrade.Key) {
        upgrades.removeAll { $0.key == key }
        firstUpgradeExpiry.value = Self.firstExpiry(among: upgrades)
    }

    /// The earliest instant at which an attempt expires by time alone, or `nil` when none does.
    var upgradesDueAt: Timestamp? { firstUpgradeExpiry.value }
}

extension Account.Overview {
    /// Returns the attempt to buy of a key, or `nil` when there is none.
    ///
    /// Of a tier or a pack that was bought more than once without a reference it is the newest attempt.
    public func upgrade(_ key: Upgrade.Key) -> Upgrade? {
        upgrades.attempt(of: key)
    }

    /// Returns the attempt to buy that has had a checkout, whichever of its checkouts it was, or `nil` when none has.
    public func upgrade(checkout id: String) -> Upgrade? {
        upgrades.attempt(checkout: id)
    }
}

extension [Upgrade] {
    fileprivate func attempt(of key: Upgrade.Key) -> Upgrade? {
        // They are in the order in which they began.
        key.family == key ? last { $0.key.family == key } : first { $0.key == key }
    }

    fileprivate func attempt(checkout id: String) -> Upgrade? {
        id.isProviderName ? first { $0.checkout(id) != nil } : nil
    }
}

extension Account.Order {
    /// What was bought, where the order says.
    public var target: Upgrade.Target? { pack.map { .pack($0) } ?? tier.map { .tier($0) } }
}
