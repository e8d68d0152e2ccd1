extension Subscription {
    /// When access that this subscription gives ends or ended, or `nil` when it has given none so far.
    ///
    /// What the provider says of the end decides; where it says nothing, the end is the paid period's end plus
    /// the catalog's grace, so that a renewal reported late takes nothing away and one that never comes does.
    func accessEnd(grace: Catalog.Grace) -> Timestamp? {
        guard let paid else { return nil }
        let said = [snapshot.endedAt, snapshot.endsAt].compactMap(\.self).min()
        switch snapshot.status {
        case .active, .trialing:
            return said ?? paidEnd(of: paid).advanced(by: .seconds(goesOn ? grace.renewalSeconds : 0))
        case .pastDue:
            let limit = dueSince.advanced(by: .seconds(grace.pastDueSeconds))
            return said.map { min($0, limit) } ?? limit
        case let status where status.givesNothing:
            // Said at the very instant of the payment, it is no loss after it.
            let lostAt = lostAt ?? snapshot.version.object
            return snapshot.endedAt ?? min(snapshot.endsAt ?? lostAt, lostAt)
        default:
            // A status newer than this code: what was paid for is kept to its end, and nothing beyond.
            return said ?? paid.span.end
        }
    }

    /// Returns why this subscription gives access at an instant before its end, and since when for that reason.
    func reason(at now: Timestamp) -> (Account.Access.Reason, since: Timestamp)? {
        guard let paid else { return nil }
        let isSaid = snapshot.endedAt != nil || snapshot.endsAt != nil
        switch snapshot.status {
        case .pastDue: return (.paymentDue, dueSince)
        case .active, .trialing:
            let end = paidEnd(of: paid)
            if !isSaid, end <= now { return (.renewalExpected, end) }
            if isSaid || !goesOn { return (.ending, paid.span.start) }
            return (snapshot.status == .trialing ? .providerTrial : .paid, paid.span.start)
        case let status where status.givesNothing: return (.ending, paid.span.start)
        default: return (.unknownStatus, paid.span.start)
        }
    }

    /// A Boolean value indicating whether a payment is to follow the running period.
    private var goesOn: Bool { !snapshot.cancelsAtPeriodEnd && !snapshot.pausesAtPeriodEnd }

    /// Since when a payment is due; where the provider does not say, the period's start is an instant that does not
    /// move.
    private var dueSince: Timestamp { snapshot.pastDueAt ?? snapshot.period.start }

    /// When what is paid for ends: of a trial that the provider runs, the trial.
    private func paidEnd(of paid: PaidPeriod) -> Timestamp {
        snapshot.status == .trialing ? snapshot.trialEnd ?? paid.span.end : paid.span.end
    }

    /// Returns the access that this subscription gives at an instant, or `nil` where it gives none.
    ///
    /// A change to a lower tier is made at its instant, whether or not its report has come; one to a higher tier has to
    /// be paid first, and the report says so.
    func access(at now: Timestamp, under catalog: Catalog, in catalogs: Catalogs) -> Account.Access? {
        guard let end = accessEnd(grace: catalog.grace), now < end, let reason = reason(at: now),
            let tier = catalog.tier(snapshot.tier)
        else { return nil }
        func access(_ tier: Tier, _ catalog: Catalog, _ quantity: Int64?, until end: Timestamp) -> Account.Access {
            Account.Access(
                tier: tier.giving(quantity, of: catalog.meters),
                subscription: self,
                trial: nil,
                until: end,
                reason: reason.0,
                since: reason.since,
                catalog: catalog
            )
        }
        guard let pending = snapshot.pending, let target = catalogs.target(pending.tier, of: self) else {
            return access(tier, catalog, snapshot.quantity, until: end)
        }
        let isLower = target.tier.rank < tier.rank
        let fewer = pending.quantity.flatMap { fewer in snapshot.quantity.flatMap { fewer < $0 ? fewer : nil } }
        let quantity = fewer ?? snapshot.quantity
        guard isLower || fewer != nil else {
            return access(tier, catalog, snapshot.quantity, until: end)
        }
        if now < pending.appliesAt {
            return access(tier, catalog, snapshot.quantity, until: min(end, pending.appliesAt))
        }
        return isLower
            ? access(target.tier, target.catalog, quantity, until: end)
            : access(tier, catalog, quantity, until: end)
    }
}

extension Tier {
    /// Returns the tier as it is for who has paid for a number of seats or units: meters that count by the seat give
    /// that many times what they give for one.
    func giving(_ quantity: Int64?, of meters: [Meter]) -> Tier {
        guard let quantity, quantity > 1, meters.contains(where: \.isPerSeat) else { return self }
        var own = allowances
        for meter in meters where meter.isPerSeat { own[meter.id] = own[meter.id]?.multiplied(by: quantity) }
        return replacing(allowances: own)
    }
}

extension Allowance {
    /// Returns so many times the allowance, as far as there can be so much.
    fileprivate func multiplied(by factor: Int64) -> Allowance {
        func units(_ units: Int64) -> Int64 {
            let (product, overflow) = units.multipliedReportingOverflow(by: factor)
            return overflow ? Catalog.Limits.units : min(product, Catalog.Limits.units)
        }
        return switch self {
        case .none, .unlimited: self
        case .limited(let number, let recurrence, let overage, let rollover):
            .limited(units(number), per: recurrence, overage: overage, rollover: rollover)
        case .level(let number, let overage): .level(units(number), overage: overage)
        }
    }
}
