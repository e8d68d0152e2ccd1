extension Account {
    /// Takes in a change that was decided on this very state.
    ///
    /// The change is applied in place: a consume touches a counter or two and copies nothing. A change for
    /// another customer or another revision is not applied.
    ///
    /// - Returns: Whether the change was the next one and has been applied.
    /// - Complexity: O(effects), each O(live grants, holds, subscriptions or attempts) at worst.
    @discardableResult
    public mutating func apply(_ change: Change) -> Bool {
        guard change.customer == customer, change.revision == revision + 1 else { return false }
        let effects = change.effects
        let lent = effects.span
        for index in lent.indices {
            // The most frequent at once: an effect that is handed on is copied.
            if case .drawn(let draw) = lent[index] { take(draw) } else { apply(lent[index]) }
        }
        revision = change.revision
        instant = max(instant, change.recordedAt)
        for index in balances.indices { balances[index].lookAhead(from: instant) }
        lookAheadAtUpgrades()
        return true
    }

    mutating func apply(_ effect: Effect) {
        switch effect {
        case .drawn(let draw): take(draw)
        case .returned(let back): take(back: back.draw)
        case .opened(let anchor): self.anchor = anchor
        case .tierEntered(let standing): self.standing = standing
        case .periodOpened(let period): updateBalance(of: period.subject) { $0.open(period) }
        case .periodExtended(let subject, let end): updateBalance(of: subject) { $0.extendPeriod(until: end) }
        case .granted, .resized, .moved, .carried, .expired, .voided, .retired, .restored: applyToGrants(effect)
        case .held(let hold):
            Self.replace(hold, in: &holds, sameAs: { $0.id == hold.id }) {
                ($0.reservedAt, $0.id) < ($1.reservedAt, $1.id)
            }
            for part in hold.allParts { count(in: part.grant) { $0.held.add(part.amount) } }
        case .holdExtended(let id, let end):
            guard let index = holds.firstIndex(where: { $0.id == id }) else { return }
            holds[index] = holds[index].replacing(lapsesAt: end)
        case .holdEnded(let id, _):
            guard let index = holds.firstIndex(where: { $0.id == id }) else { return }
            let hold = holds.remove(at: index)
            for part in hold.allParts { count(in: part.grant) { $0.held.take(part.amount) } }
        case .levelled(let meter, let units): level(meter, at: units)
        case .windowOpened(let window):
            Self.replace(window, in: &windows, sameAs: { $0.place == window.place }) { $0.place < $1.place }
        case .warned(let warning): Self.replace(warning, in: &warnings, sameAs: { $0 == warning }, by: <)
        case .recovered(let warning): warnings.removeAll { $0 == warning }
        case .trialChanged(let trial): self.trial = trial
        case .purchased(let instant): firstPurchaseAt = instant
        case .overridden(let overrides): self.overrides = overrides
        case .subscribed(let subscription):
            Self.replace(subscription, in: &subscriptions, sameAs: { $0.key == subscription.key }) { $0.key < $1.key }
        case .benefited(let benefit):
            Self.replace(benefit, in: &benefits, sameAs: { $0.key == benefit.key }) { $0.key < $1.key }
        case .subscriptionForgotten(let subscription): subscriptions.removeAll { $0.key == subscription.key }
        case .benefitForgotten(let benefit): benefits.removeAll { $0.key == benefit.key }
        case .upgraded(let upgrade, _): replace(upgrade)
        case .upgradeForgotten(let key): forget(key)
        case .ordered: break
        }
    }

    private mutating func applyToGrants(_ effect: Effect) {
        switch effect {
        case .granted(let grant):
            updateBalance(of: grant.subject) { balance in
                balance.insert(grant)
                if grant.source == .allowance { balance.countInPeriod { $0.grant = grant.id } }
            }
        case .restored(let grant): updateBalance(of: grant.subject) { $0.restore(grant) }
        case .resized(let id, let delta): count(in: id) { $0.amount.add(delta) }
        case .moved(let subject, let from, let to, let amount): move(amount, of: subject, from: from, to: to)
        case .carried(let id, let amount): count(in: id) { $0.moved.add(amount) }
        case .expired(let id, let amount):
            count(in: id) { $0.expired.add(amount) }
            forgetAsCurrent(id)
        case .voided(let id, let amount, let instant):
            for index in balances.indices where balances[index].void(id, amount, at: instant) { return }
        case .retired(let grant):
            guard let index = balanceIndex(of: grant.subject) else { return }
            _ = balances[index].remove(grant.id)
            if balances[index].period == nil, balances[index].grantCount == 0 { balances.remove(at: index) }
        default: break
        }
    }

    private mutating func take(_ draw: borrowing Draw) {
        // By index, and each part on its own: this is done with every use, and a draw is much to copy.
        let subject = draw.subject
        let index = balanceIndex(of: subject) ?? insertBalance(of: subject)
        balances[index].take(draw)
        if !windows.isEmpty, draw.pool == nil { count(draw) }
    }

    private mutating func take(back draw: Draw) {
        updateBalance(of: draw.subject) { balance in
            if let grant = draw.grant { _ = balance.count(in: grant) { $0.used.take(draw.amount) } }
            balance.countInPeriod { period in
                guard draw.at >= period.span.start else { return }
                period.used.take(draw.amount)
                if draw.cover == .nothing { period.uncovered.take(draw.amount) }
            }
        }
        // What the work ran on was used all the same, so a rate's window gets nothing back.
    }

    private mutating func count(_ draw: borrowing Draw) {
        for index in windows.indices where windows[index].meter == draw.meter {
            // Whatever began since then: where the provider's clock is ahead, work counts later than it is done.
            if draw.at >= windows[index].start { windows[index].used.add(draw.amount) }
        }
    }

    private mutating func level(_ meter: Meter.ID, at units: Int64) {
        levels.removeAll { $0.meter == meter }
        guard units != 0 else { return }
        let index = levels.firstIndex { meter < $0.meter } ?? levels.endIndex
        levels.insert(Level(meter: meter, units: units), at: index)
    }

    private mutating func move(
        _ amount: Int64,
        of subject: Balance.Subject,
        from source: Grant.ID?,
        to target: Grant.ID?
    ) {
        count(in: source) { $0.used.take(amount) }
        count(in: target) { $0.used.add(amount) }
        updateBalance(of: subject) { balance in
            balance.countInPeriod { period in
                if source == nil { period.uncovered.take(amount) }
                if target == nil { period.uncovered.add(amount) }
            }
        }
    }

    private mutating func forgetAsCurrent(_ grant: Grant.ID) {
        guard let index = balances.firstIndex(where: { $0.period?.grant == grant }) else { return }
        balances[index].countInPeriod { $0.grant = nil }
    }

    private mutating func count(in id: Grant.ID?, _ body: (inout Grant) -> Void) {
        guard let id else { return }
        for index in balances.indices where balances[index].count(in: id, body) { return }
    }

    private mutating func updateBalance(of subject: Balance.Subject, _ body: (inout Balance) -> Void) {
        body(&balances[balanceIndex(of: subject) ?? insertBalance(of: subject)])
    }

    private mutating func insertBalance(of subject: Balance.Subject) -> Int {
        let index = balances.firstIndex { subject < $0.subject } ?? balances.endIndex
        balances.insert(Balance(subject: subject), at: index)
        return index
    }

    /// Puts an element in the place of its predecessor and where the order wants it.
    private static func replace<Element>(
        _ element: Element,
        in list: inout [Element],
        sameAs isSame: (Element) -> Bool,
        by precedes: (Element, Element) -> Bool
    ) {
        list.removeAll(where: isSame)
        let index = list.firstIndex { precedes(element, $0) } ?? list.endIndex
        list.insert(element, at: index)
    }
}

extension Account {
    /// Returns what is held of a subject, or `nil` when there never was anything.
    func balance(of subject: Balance.Subject) -> Balance? {
        balanceIndex(of: subject).map { balances[$0] }
    }

    /// Returns the place of a subject's balance; by index, because a balance that is taken out is copied.
    func balanceIndex(of subject: Balance.Subject) -> Int? {
        balances.indices.first { balances[$0].subject == subject }
    }

    /// Returns the running period of a meter or pool as it was last written down, or `nil` when it was never used.
    func period(of subject: Balance.Subject) -> Period? {
        balance(of: subject)?.period
    }

    /// Returns a live grant.
    func grant(_ id: Grant.ID?) -> Grant? {
        guard let id else { return nil }
        for balance in balances {
            if let grant = balance.grant(id) { return grant }
        }
        return nil
    }

    /// Returns where a gauge stands.
    func level(of meter: Meter.ID) -> Int64 {
        levels.first { $0.meter == meter }?.units ?? 0
    }
}

extension Int64 {
    /// Adds a number.
    ///
    /// What was decided always fits; what somebody has written into a journal by hand may not, and must not trap.
    mutating func add(_ other: Int64) {
        self = addingClamped(other)
    }

    /// Takes a number away, as ``add(_:)`` adds it.
    mutating func take(_ other: Int64) {
        let (difference, overflow) = subtractingReportingOverflow(other)
        self = overflow ? (other < 0 ? .max : .min) : difference
    }
}
