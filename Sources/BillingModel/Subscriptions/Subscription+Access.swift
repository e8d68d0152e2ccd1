extension Subscription {
    /// When access that this subscription gives ends or ended, or `nil` when it has given none so far.
    ///
    /// It lasts as long as the paid period and the catalog's grace, so that a renewal reported late takes nothing
    /// away and one that never comes does. What the provider says of the end makes it earlier and never later: for
    /// time beyond that nobody has paid.
    ///
    /// No word that was said after an end moves that to later, but that of a payment: the fallback tier's period has begun
    /// then, and would begin once more.
    func accessEnd(grace: Catalog.Grace) -> Timestamp? {
        guard let paid, metered != nil else { return nil }
        var end =
            switch snapshot.status {
            case .active: silentEnd(of: snapshot.period, grace: grace)
            case .trialing: trialEnd(snapshot.period, grace: grace)
            case .pastDue: dueEnd(of: paid, grace: grace)
            default: endWithoutWord(of: paid, grace: grace)
            }
        if let unknownAt { end = min(end, max(unknownAt, paidEnd ?? unknownAt)) }
        if let over { end = min(end, over) }
        // When it has ended is more than when it was to end.
        return (snapshot.endedAt ?? snapshot.endsAt).map { min($0, end) } ?? end
    }

    /// When the provider first used a word, after the newest payment, that is newer than this code, or `nil` when it has
    /// not: what was paid for is kept to its end, and nothing is given beyond.
    private var unknownAt: Timestamp? { unknowns.first ?? snapshot.unknowns.first }

    /// When what was paid for was over by the provider's word, or `nil` when it has not said so since the newest payment.
    private var over: Timestamp? {
        // Said at the very instant of the payment, it is no loss after it.
        let own = snapshot.losses
        guard let first = losses.first ?? own.first else { return nil }
        // What was lost by an earlier word does not come back with an end that is said after it.
        return own.contains(first) ? snapshot.endedAt ?? first : first
    }

    /// Returns when access would end by what was said before a word that nothing is given, or that is not known.
    private func endWithoutWord(of paid: PaidPeriod, grace: Catalog.Grace) -> Timestamp {
        dues.isEmpty ? endInSilence(after: paid, grace: grace) : dueEnd(of: paid, grace: grace)
    }

    /// Returns when access ends that is given for a trial of the provider's where no more is heard.
    private func trialEnd(_ span: TimeSpan, grace: Catalog.Grace) -> Timestamp {
        (snapshot.trialEnd ?? span.end).advanced(by: .seconds(goesOn ? grace.renewalSeconds : 0))
    }

    /// Returns when access ends while a payment is due: with the end of what was paid for, or the host's grace from its
    /// failure on, whichever is later.
    ///
    /// The grace never lasts longer than had the payment not failed: not beyond what the period would give if it were paid.
    /// And what fails, or is heard of, when access has lapsed already gives none back.
    private func dueEnd(of paid: PaidPeriod, grace: Catalog.Grace) -> Timestamp {
        let silence = endInSilence(after: paid, grace: grace)
        guard dueSince < silence else { return silence }
        let own = isTrial(paid) ? snapshot.trialEnd ?? paid.span.end : paid.span.end
        var end = dueSince.advanced(by: .seconds(grace.pastDueSeconds))
        if dueSince < own, dueStart == nil || isNewestUnpaid { end = min(end, silence) }
        // What fails after what was paid for is the next period's, and a period's fails within its first two days.
        if let start = dueSince < own ? dueStart : own {
            let last = start.advanced(by: Self.renewalFailsWithin).advanced(by: .seconds(grace.pastDueSeconds))
            end = min(end, last)
        }
        // What fails after the period is for the next one, of which nothing else is known yet.
        if dueSince < snapshot.period.end { end = min(end, silentEnd(of: snapshot.period, grace: grace)) }
        end = paidEnd.map { max($0, end) } ?? end
        if dueHeardOf >= silence { end = min(end, silence) }
        return goesOn ? end : min(end, snapshot.period.end)
    }

    /// Returns when access ends after the newest payment, or the trial, where no more is heard.
    private func endInSilence(after paid: PaidPeriod, grace: Catalog.Grace) -> Timestamp {
        isTrial(paid) ? trialEnd(paid.span, grace: grace) : silentEnd(of: paid.span, grace: grace)
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
        guard let paid = metered else { return nil }
        switch snapshot.status {
        case .active: return snapshot.period.end
        case .trialing: return snapshot.trialEnd ?? snapshot.period.end
        default: break
        }
        var end = paid.span.end
        if isTrial(paid), let trialEnd = snapshot.trialEnd { end = min(end, trialEnd) }
        // What was lost after it is not given back by a period that was not paid.
        if let lost = told.first(where: { $0.kind == .lost && paid.version.object < $0.at }), isNewestUnpaid {
            end = min(end, lost.at)
        }
        return end
    }

    /// The catalog versions that what the subscription gives is taken from.
    var catalogVersions: [Catalog.Version] {
        bounds.map(\.catalog).reduce(into: [catalog]) { if !$0.contains($1) { $0.append($1) } }
    }

    /// What a report that is no payment adds nothing to: what was paid for, and where the newest period is not paid, what
    /// that names too.
    private var bounds: [Terms] { [metered, isNewestUnpaid ? paid : nil].compactMap(\.?.terms) }

    /// What a subscription gives for as long as it does.
    private struct Given {
        let tier: Tier
        let quantity: Int64?
        let catalog: Catalog
    }

    /// Returns what is given, changes set for later left out.
    ///
    /// A report that is no payment may name more than was paid for: then no more is given than that. One of a tier that no
    /// catalog is known to have had takes nothing away: what was paid for goes on.
    private func given(under catalog: Catalog, in catalogs: Catalogs) -> Given? {
        let reported = catalog.tier(snapshot.tier)
        if snapshot.isPaid, let reported {
            return Given(tier: reported, quantity: snapshot.quantity, catalog: catalog)
        }
        var quantity = snapshot.quantity
        for terms in bounds where (terms.quantity ?? 1) < (quantity ?? 1) { quantity = terms.quantity }
        func known(_ terms: Terms) -> Given? {
            guard let own = catalogs[terms.catalog], let tier = own.tier(terms.tier) else { return nil }
            return Given(tier: tier, quantity: quantity, catalog: own)
        }
        let own = reported.map { Given(tier: $0, quantity: quantity, catalog: catalog) }
        return (bounds.compactMap(known) + [own].compactMap(\.self)).min { $0.tier.rank < $1.tier.rank }
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
