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
    ///
    /// - Complexity: O(log *n*) for one that is there and began when it did, else O(*n*).
    mutating func replace(_ upgrade: Upgrade) {
        firstUpgradeExpiry.value = .unknown
        // What is noted of an attempt seldom changes when it began.
        let index = placeOfUpgrade(after: upgrade)
        if index < upgrades.endIndex, upgrades[index].key == upgrade.key {
            upgrades[index] = upgrade
            return
        }
        upgrades.removeAll { $0.key == upgrade.key }
        upgrades.insert(upgrade, at: placeOfUpgrade(after: upgrade))
    }

    /// Forgets the attempt of a key.
    mutating func forget(_ key: Upgrade.Key) {
        upgrades.removeAll { $0.key == key }
        firstUpgradeExpiry.value = .unknown
    }

    /// Returns the place of the first attempt that another one does not come after.
    private func placeOfUpgrade(after upgrade: Upgrade) -> Int {
        var places = upgrades.startIndex..<upgrades.endIndex
        while !places.isEmpty {
            let middle = places.lowerBound + places.count / 2
            if Self.precedes(upgrades[middle], upgrade) {
                places = (middle + 1)..<places.upperBound
            } else {
                places = places.lowerBound..<middle
            }
        }
        return places.lowerBound
    }

    /// The earliest instant at which an attempt expires by time alone, or `nil` when none does.
    var upgradesDueAt: Timestamp? {
        if case .known(let instant) = firstUpgradeExpiry.value { instant } else { Self.firstExpiry(among: upgrades) }
    }

    /// Finds out beforehand when the first attempt expires, once a change has been taken in.
    mutating func lookAheadAtUpgrades() {
        if case .unknown = firstUpgradeExpiry.value {
            firstUpgradeExpiry.value = .known(Self.firstExpiry(among: upgrades))
        }
    }

    /// Returns the attempt that a word has become part of, of those of the key that it is of where there are several.
    func upgrade(of family: Upgrade.Key, holding word: Upgrade.Word) -> Upgrade? {
        let own = upgrades.filter { $0.key.family == family }
        return own.last { $0.holds(word) } ?? upgrades.last { $0.holds(word) } ?? own.last
    }
}

extension Account {
    /// When the first attempt expires by time alone.
    ///
    /// It is looked for once for all that a change does to attempts, and not for each of them.
    enum UpgradeExpiry: Sendable {
        case known(Timestamp?)
        case unknown
    }
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
