extension Account.Draft {
    /// Takes word of an attempt in.
    ///
    /// - Parameters:
    ///   - word: What is told.
    ///   - key: The attempt that the word itself says it is of.
    /// - Returns: The attempt that it turned out to be of, as that then is, or `nil` when there is no room for another one.
    ///   What was paid for is never refused for want of a note about it.
    @discardableResult
    mutating func note(_ word: Upgrade.Word, of key: Upgrade.Key) -> Upgrade? {
        var book = AttemptBook(account.upgrades)
        let family = book.take(word, of: key)
        let told = book.attempts.sorted(by: Account.precedes)
        // What time has ended makes room before anything that still goes on. What turns out to be paid has not ended.
        settleAttempts(sparing: Set(told.filter { $0.paid != nil }.map(\.key)))
        let known = account.upgrades.filter { book.hasTouched($0.key.family) }
        var before: [Upgrade.Key: Upgrade] = [:]
        for upgrade in known { before[upgrade.key] = upgrade }
        var attempts = AbandonmentBook(known).telling(told)
        for index in attempts.indices { attempts[index] = following(attempts[index]) }
        let changed = attempts.filter { $0 != before[$0.key] }
        let kept = Set(attempts.map(\.key))
        let gone = known.map(\.key).filter { !kept.contains($0) }
        guard let surplus = surplus(after: gone, changing: changed) else { return nil }
        for key in gone + surplus { perform(.upgradeForgotten(key)) }
        for attempt in changed {
            write(attempt, instead: before[attempt.key], after: attempt.holds(word) ? word : nil)
        }
        return account.upgrade(of: family, holding: word)
    }

    /// Writes down what time alone has done to attempts: those that have expired, and those that are abandoned.
    ///
    /// - Parameter spared: Attempts that are left as they are.
    mutating func settleAttempts(sparing spared: Set<Upgrade.Key> = []) {
        guard let due = account.upgradesDueAt, due <= now else { return }
        for upgrade in account.upgrades where !spared.contains(upgrade.key) {
            guard let due = upgrade.dueAt, due <= now else { continue }
            write(following(upgrade), instead: upgrade, after: nil)
        }
    }

    /// Writes an attempt down in the place of what it was, or as one that begins, and tells of one that is abandoned.
    mutating func write(_ attempt: Upgrade, instead known: Upgrade?, after word: Upgrade.Word?) {
        var attempt = attempt
        if attempt.abandonedAt == nil, let instant = attempt.abandonment(at: now) {
            attempt.abandonedAt = instant
            notice(.upgradeAbandoned(attempt.key))
        }
        let before = known ?? Upgrade(key: attempt.key)
        if known == nil {
            if case .act(let act)? = word, act.kind == .locked, attempt.stage == .locked {
                return perform(.upgraded(attempt, .started))
            }
            perform(.upgraded(before, .started))
        }
        perform(.upgraded(attempt, Self.step(from: before, to: attempt, by: word)))
    }

    /// Returns the attempts that are least worth remembering where there are more than there may be, or `nil` where too
    /// few can be forgotten.
    private func surplus(after gone: [Upgrade.Key], changing changed: [Upgrade]) -> [Upgrade.Key]? {
        let spared = Set(changed.map(\.key)).union(gone)
        let others = account.upgrades.filter { !spared.contains($0.key) }
        let count = others.count + changed.count
        let excess = count - max(Account.maximumSubscriptions, min(account.upgrades.count, count))
        guard excess > 0 else { return [] }
        // What is over first, then what never began in earnest; what was paid for is known from its order too.
        let order: [Upgrade.Stage] = [.cancelled, .expired, .locked, .clicked, .completed]
        let worthless = order.flatMap { stage in others.filter { $0.stage == stage }.map(\.key) }
        return worthless.count < excess ? nil : Array(worthless.prefix(excess))
    }

    /// Returns what happened to an attempt, by the name that the journal has for it: only what was true of its stage.
    private static func step(from before: Upgrade, to after: Upgrade, by word: Upgrade.Word?) -> Upgrade.Step {
        if after.stage == .completed { return before.stage == .completed ? .noted : .completed }
        switch word {
        case .act(let act)? where act.kind == .clicked:
            // The first click is one although a checkout is open already, of which the provider spoke first.
            return after.stage == .clicked || before.clickedAt == nil ? .clicked : .noted
        case .act(let act)? where act.kind == .cancelled && after.stage == .cancelled && before.stage != .cancelled:
            return .cancelled
        default: break
        }
        if after.stage == .expired, before.stage != .expired { return .expired }
        switch word {
        case .opened?, .report?:
            return word?.checkout.flatMap { before.checkout($0) } == nil ? .checkoutOpened : .noted
        default: return .noted
        }
    }
}

extension Upgrade {
    /// Returns whether the attempt is made of a word, among others.
    func holds(_ word: Word) -> Bool {
        switch word {
        case .act(let act): acts.contains { $0.kind == act.kind && $0.at == act.at }
        case .opened, .report, .paid, .began: word.checkout.map { checkout($0) != nil } ?? false
        }
    }
}
