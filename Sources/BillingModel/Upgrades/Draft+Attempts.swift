extension Account.Draft {
    /// Takes word of an attempt in.
    ///
    /// - Parameters:
    ///   - word: What is told.
    ///   - key: The attempt that the word itself says it is of.
    /// - Returns: The attempt as it then is, or `nil` when there is no room for another one. What was paid for is never
    ///   refused for want of a note about it.
    @discardableResult
    mutating func note(_ word: Upgrade.Word, of key: Upgrade.Key) -> Upgrade? {
        let key = word.checkout.map { place(checkout: $0, saidToBeOf: key) } ?? key
        let known = account.upgrade(key)
        guard known != nil || makeRoom() else { return nil }
        let before = known ?? Upgrade(key: key)
        var after = before
        after.take(word)
        after.stage = after.stage(at: now)
        if known == nil {
            if case .locked = word {
                perform(.upgraded(after, .started))
                return after
            }
            perform(.upgraded(before, .started))
        }
        if after != before { perform(.upgraded(after, Self.step(from: before, to: after, by: word))) }
        return after
    }

    /// Returns the attempt that a checkout belongs to, and brings it there.
    ///
    /// Word of one checkout may come with the host's reference or without: then it was thought to be of the attempt to buy
    /// its tier, or of none that is known. It belongs to the attempt that the word which says most says.
    private mutating func place(checkout id: String, saidToBeOf key: Upgrade.Key) -> Upgrade.Key {
        guard !id.isEmpty, var holder = account.upgrade(checkout: id), holder.key != key else { return key }
        guard key.precedes(holder.key) else { return holder.key }
        let known = account.upgrade(key)
        guard known != nil || makeRoom(sparing: holder.key), let checkout = holder.remove(checkout: id) else {
            return holder.key
        }
        if holder.isEmpty {
            perform(.upgradeForgotten(holder.key))
        } else {
            let before = holder.stage
            holder.stage = holder.stage(at: now)
            perform(.upgraded(holder, holder.stage == .expired && before != .expired ? .expired : .noted))
        }
        var attempt = known ?? Upgrade(key: key)
        attempt.take(checkout)
        attempt.stage = attempt.stage(at: now)
        let isCompleted = attempt.stage == .completed && known?.stage != .completed
        if known == nil { perform(.upgraded(Upgrade(key: key), .started)) }
        perform(.upgraded(attempt, isCompleted ? .completed : .noted))
        return key
    }

    /// Forgets the attempt that is least worth remembering where there are as many as there may be, and returns whether
    /// there is room for another one.
    private mutating func makeRoom(sparing spared: Upgrade.Key? = nil) -> Bool {
        guard account.upgrades.count >= Account.maximumSubscriptions else { return true }
        // What is over first, then what never began in earnest; what was paid for is known from its order too.
        let order: [Upgrade.Stage] = [.cancelled, .expired, .locked, .clicked, .completed]
        for stage in order {
            if let oldest = account.upgrades.first(where: { $0.stage == stage && $0.key != spared }) {
                perform(.upgradeForgotten(oldest.key))
                return true
            }
        }
        return false
    }

    private static func step(from before: Upgrade, to after: Upgrade, by word: Upgrade.Word) -> Upgrade.Step {
        switch word {
        case .clicked: .clicked
        case .cancelled: .cancelled
        case .locked, .successSeen: .noted
        case .paid: after.stage == .completed && before.stage != .completed ? .completed : .noted
        case .opened, .report:
            if after.stage == .expired, before.stage != .expired {
                .expired
            } else {
                word.checkout.flatMap { before.checkout($0) } == nil ? .checkoutOpened : .noted
            }
        }
    }
}
