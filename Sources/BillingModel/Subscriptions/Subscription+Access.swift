extension Subscription {
    /// When access that this subscription gives ends or ended, or `nil` when it has given none so far.
    ///
    /// It lasts as long as the paid period and the catalog's grace, so that a renewal reported late takes nothing
    /// away and one that never comes does. What the provider says of the end makes it earlier and never later: for
    /// time beyond that nobody has paid.
    func accessEnd(grace: Catalog.Grace) -> Timestamp? {
        guard let paid else { return nil }
        // When it has ended is more than when it was to end.
        let said = snapshot.endedAt ?? snapshot.endsAt
        func noLater(than end: Timestamp) -> Timestamp { said.map { min($0, end) } ?? end }
        switch snapshot.status {
        case .active: return noLater(than: silentEnd(of: paid.span, grace: grace))
        case .trialing: return noLater(than: trialEnd(paid.span, grace: grace))
        case .pastDue: return noLater(than: dueEnd(grace: grace))
        case let status where status.givesNothing:
            // Said at the very instant of the payment, it is no loss after it.
            let lostAt = lostAt ?? snapshot.version.object
            // What was lost by an earlier word does not come back with an end that is said after it.
            let isFirst = lostAt == snapshot.version.object
            let over = isFirst ? snapshot.endedAt ?? lostAt : lostAt
            return noLater(than: min(over, endBeforeLoss(of: paid, grace: grace)))
        default:
            // A status newer than this code: what was paid for is kept to its end, and nothing beyond.
            let end = silentEnd(of: snapshot.period, grace: grace)
            return noLater(than: paidEnd.map { min($0, end) } ?? end)
        }
    }

    /// Returns when access would have ended had no word come that nothing is given.
    ///
    /// Such a word may come after that, and then moves nothing: the fallback tier's period has begun, and would begin
    /// once more.
    private func endBeforeLoss(of paid: PaidPeriod, grace: Catalog.Grace) -> Timestamp {
        // A report from before the trial's end told of the trial.
        let isTrial = snapshot.trialEnd.map { paid.version.object < $0 } ?? false
        let silentEnd = isTrial ? trialEnd(paid.span, grace: grace) : silentEnd(of: paid.span, grace: grace)
        guard !dues.isEmpty else { return silentEnd }
        let end = dueEnd(grace: grace)
        // Of the period whose payment was due, nothing is known any more once the next one has begun.
        guard dueSince < snapshot.period.start, let paidEnd else { return end }
        return min(end, paidEnd.advanced(by: .seconds(goesOn ? grace.renewalSeconds : 0)))
    }

    /// Returns when access ends that is given for a trial of the provider's where no more is heard.
    private func trialEnd(_ span: TimeSpan, grace: Catalog.Grace) -> Timestamp {
        (snapshot.trialEnd ?? span.end).advanced(by: .seconds(goesOn ? grace.renewalSeconds : 0))
    }

    /// Returns when access ends while a payment is due: with the host's grace from its failure on, and not before the
    /// end of what was paid for.
    ///
    /// It never lasts longer than had the payment not failed: not beyond what the period would give if it were paid.
    private func dueEnd(grace: Catalog.Grace) -> Timestamp {
        let limit = dueSince.advanced(by: .seconds(grace.pastDueSeconds))
        var end = paidEnd.map { max($0, limit) } ?? limit
        // What fails after the period is for the next one, of which nothing else is known yet.
        if dueSince < snapshot.period.end || !goesOn { end = min(end, silentEnd(of: snapshot.period, grace: grace)) }
        return end
    }

    /// Returns when access ends that is given for a paid period where no more is heard.
    ///
    /// A grace for failed payments that is longer than the period holds for who has paid as well, counted from the
    /// last instant at which the period's payment could have failed: nobody has less for having paid.
    private func silentEnd(of span: TimeSpan, grace: Catalog.Grace) -> Timestamp {
        guard goesOn else { return span.end }
        let unpaid = span.start.advanced(by: Self.renewalFailsWithin).advanced(by: .seconds(grace.pastDueSeconds))
        return max(span.end.advanced(by: .seconds(grace.renewalSeconds)), unpaid)
    }

    /// Returns why this subscription gives access at an instant before its end, and since when for that reason.
    func reason(at now: Timestamp) -> (Account.Access.Reason, since: Timestamp)? {
        guard let paid else { return nil }
        let isSaid = snapshot.endedAt != nil || snapshot.endsAt != nil
        switch snapshot.status {
        case .pastDue: return (.paymentDue, dueSince)
        case .active, .trialing:
            if let end = paidEnd, end <= now { return (.renewalExpected, end) }
            if isSaid || !goesOn { return (.ending, paid.span.start) }
            return (snapshot.status == .trialing ? .providerTrial : .paid, paid.span.start)
        case let status where status.givesNothing: return (.ending, paid.span.start)
        default: return (.unknownStatus, paid.span.start)
        }
    }

    /// A Boolean value indicating whether a payment is to follow the running period.
    private var goesOn: Bool { !snapshot.cancelsAtPeriodEnd && !snapshot.pausesAtPeriodEnd }

    /// When what has been paid for ends, by all that is known: of a trial that the provider runs, the trial.
    private var paidEnd: Timestamp? {
        guard let paid else { return nil }
        switch snapshot.status {
        case .active: return paid.span.end
        case .trialing: return snapshot.trialEnd ?? paid.span.end
        default: break
        }
        // Of a period whose own payment is due, nothing has been paid.
        if isRenewalDue { return paid.span.start }
        var end = paid.span.end
        // A report from before the trial's end told of the trial.
        if let trialEnd = snapshot.trialEnd, paid.version.object < trialEnd { end = min(end, trialEnd) }
        // Where the provider has begun another period since, the paid one went no further.
        return paid.span.start < snapshot.period.start ? min(end, snapshot.period.start) : end
    }

    /// The catalog versions that what the subscription gives is taken from.
    var catalogVersions: [Catalog.Version] {
        guard let paid = metered?.terms.catalog, paid != catalog else { return [catalog] }
        return [catalog, paid]
    }

    /// What a subscription gives for as long as it does.
    private struct Given {
        let tier: Tier
        let quantity: Int64?
        let catalog: Catalog
    }

    /// Returns what is given, changes set for later left out.
    ///
    /// A report that is no payment may name more than was paid for: then no more is given than that.
    private func given(under catalog: Catalog, in catalogs: Catalogs) -> Given? {
        let reported = catalog.tier(snapshot.tier)
        guard !snapshot.isPaid, let terms = metered?.terms else {
            return reported.map { Given(tier: $0, quantity: snapshot.quantity, catalog: catalog) }
        }
        guard let paidCatalog = catalogs[terms.catalog], let paid = paidCatalog.tier(terms.tier) else { return nil }
        let isFewer = (terms.quantity ?? 1) < (snapshot.quantity ?? 1)
        let quantity = isFewer ? terms.quantity : snapshot.quantity
        if let reported, reported.rank < paid.rank {
            return Given(tier: reported, quantity: quantity, catalog: catalog)
        }
        return Given(tier: paid, quantity: quantity, catalog: paidCatalog)
    }

    /// Returns the access that this subscription gives at an instant, or `nil` where it gives none.
    ///
    /// A change to a lower tier is made at its instant, whether or not its report has come; one to a higher tier has to
    /// be paid first, and the report says so.
    func access(at now: Timestamp, under catalog: Catalog, in catalogs: Catalogs) -> Account.Access? {
        guard let end = accessEnd(grace: catalog.grace), now < end, let reason = reason(at: now),
            let terms = given(under: catalog, in: catalogs)
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
        let (tier, given) = (terms.tier, terms.quantity)
        guard let pending = snapshot.pending, let target = catalogs.target(pending.tier, of: self) else {
            return access(tier, terms.catalog, given, until: end)
        }
        let isLower = target.tier.rank < tier.rank
        let fewer = pending.quantity.flatMap { fewer in given.flatMap { fewer < $0 ? fewer : nil } }
        guard isLower || fewer != nil else {
            return access(tier, terms.catalog, given, until: end)
        }
        if now < pending.appliesAt {
            return access(tier, terms.catalog, given, until: min(end, pending.appliesAt))
        }
        return isLower
            ? access(target.tier, target.catalog, fewer ?? given, until: end)
            : access(tier, terms.catalog, fewer ?? given, until: end)
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
