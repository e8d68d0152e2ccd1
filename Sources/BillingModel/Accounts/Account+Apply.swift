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
        for effect in change.effects {
            apply(effect)
        }
        revision = change.revision
        instant = max(instant, change.recordedAt)
        return true
    }

    mutating func apply(_ effect: Effect) {
        switch effect {
        case .opened(let anchor): self.anchor = anchor
        case .tierEntered(let tier): self.tier = tier
        case .periodOpened(let period): put(period)
        case .periodExtended(let meter, let end): extendPeriod(of: meter, until: end)
        case .granted(let grant): put(grant)
        case .resized(let id, let delta): updateGrant(id) { $0.amount += delta }
        case .drawn(let meter, let grant, let amount, let instant):
            draw(amount, of: meter, from: grant, at: instant)
        case .moved(let meter, let from, let to, let amount): move(amount, of: meter, from: from, to: to)
        case .expired(let id, let amount):
            updateGrant(id) { $0.expired += amount }
            forgetAsCurrent(id)
        case .retired(let id):
            grants.removeAll { $0.id == id }
            forgetAsCurrent(id)
        case .held(let hold):
            Self.replace(hold, in: &holds, sameAs: { $0.id == hold.id }) {
                ($0.reservedAt, $0.id) < ($1.reservedAt, $1.id)
            }
            for part in hold.parts { updateGrant(part.grant) { $0.held += part.amount } }
        case .holdEnded(let id, _):
            guard let index = holds.firstIndex(where: { $0.id == id }) else { return }
            let hold = holds.remove(at: index)
            for part in hold.parts { updateGrant(part.grant) { $0.held -= part.amount } }
        case .subscribed(let subscription):
            Self.replace(subscription, in: &subscriptions, sameAs: { $0.id == subscription.id }) { $0.id < $1.id }
        case .upgraded(let upgrade):
            Self.replace(upgrade, in: &upgrades, sameAs: { $0.key == upgrade.key }, by: Self.precedes)
        case .ordered: break
        }
    }

    private mutating func put(_ period: Period) {
        Self.replace(period, in: &periods, sameAs: { $0.meter == period.meter }) { $0.meter < $1.meter }
    }

    private mutating func put(_ grant: Grant) {
        Self.replace(grant, in: &grants, sameAs: { $0.id == grant.id }, by: Grant.burnsBefore)
        if grant.source == .allowance { updatePeriod(of: grant.meter) { $0.grant = grant.id } }
    }

    private mutating func extendPeriod(of meter: Meter.ID, until end: Timestamp) {
        updatePeriod(of: meter) { $0.span = TimeSpan(from: $0.span.start, to: end) }
        guard let id = period(of: meter)?.grant, var grant = grants.first(where: { $0.id == id }) else { return }
        grant.span = TimeSpan(from: grant.span.start, to: end)
        put(grant)
    }

    private mutating func draw(_ amount: Int64, of meter: Meter.ID, from grant: Grant.ID?, at instant: Timestamp) {
        updateGrant(grant) { $0.used += amount }
        updatePeriod(of: meter) { period in
            period.lastUsed = max(period.lastUsed ?? instant, instant)
            // Work that began in an earlier period counts there, even when its end is told in this one.
            guard instant >= period.span.start else { return }
            period.used += amount
            if grant == nil { period.uncovered += amount }
        }
    }

    private mutating func move(_ amount: Int64, of meter: Meter.ID, from source: Grant.ID?, to target: Grant.ID?) {
        updateGrant(source) { $0.used -= amount }
        updateGrant(target) { $0.used += amount }
        updatePeriod(of: meter) { period in
            if source == nil { period.uncovered -= amount }
            if target == nil { period.uncovered += amount }
        }
    }

    private mutating func forgetAsCurrent(_ grant: Grant.ID) {
        guard let index = periods.firstIndex(where: { $0.grant == grant }) else { return }
        periods[index].grant = nil
    }

    private mutating func updateGrant(_ id: Grant.ID?, _ body: (inout Grant) -> Void) {
        guard let id, let index = grants.firstIndex(where: { $0.id == id }) else { return }
        body(&grants[index])
    }

    private mutating func updatePeriod(of meter: Meter.ID, _ body: (inout Period) -> Void) {
        guard let index = periods.firstIndex(where: { $0.meter == meter }) else { return }
        body(&periods[index])
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
    /// Returns the running period of a meter as it was last written down, or `nil` when it was never used.
    func period(of meter: Meter.ID) -> Period? {
        periods.first { $0.meter == meter }
    }

    /// Returns a live grant.
    func grant(_ id: Grant.ID?) -> Grant? {
        guard let id else { return nil }
        return grants.first { $0.id == id }
    }
}
