extension Account {
    /// Which tier a customer is on, and why.
    public struct Access: Hashable, Sendable {
        /// The tier.
        public let tier: Tier

        /// The subscription that gives it, or `nil` on the fallback tier and in a trial.
        public let subscription: Subscription?

        /// The span of the trial that gives it, or `nil` where it is none.
        public let trial: TimeSpan?

        /// When it ends unless news comes, or `nil` on the fallback tier.
        public let until: Timestamp?

        /// Why it is given.
        public let reason: Reason

        /// Since when it is given for that reason, or `nil` for a customer of whom nothing is known.
        public let since: Timestamp?

        /// The catalog that the tier is taken from.
        let catalog: Catalog

        /// Returns whether this access is to be given rather than another: the higher tier, of equal ones the one
        /// that is being paid for, then the one with the newer period, then the greater id.
        func isBetter(than other: Access) -> Bool {
            place > other.place
        }

        private var place: (Int, Int, Timestamp, String, String) {
            (
                tier.rank, subscription?.snapshot.isPaid == true ? 1 : 0,
                subscription?.paid?.span.start ?? Timestamp(microseconds: .min), subscription?.id ?? "",
                subscription?.key.provider.rawValue ?? ""
            )
        }
    }

    /// The catalog versions that the account's access hangs on.
    var catalogVersions: [Catalog.Version] {
        let trial = runningTrial == nil ? nil : trial
        return subscriptions.flatMap(\.catalogVersions) + [trial?.catalog].compactMap(\.self)
    }

    /// Returns which tier the customer is on at an instant: the highest that a subscription or the trial gives, or
    /// the fallback; with the customer's own terms in place of the tier's.
    ///
    /// - Returns: `nil` when a catalog that a subscription or the trial was given under is not among the given ones.
    func access(at now: Timestamp, in catalogs: Catalogs) -> Access? {
        guard var candidates = accessBySubscription(at: now, in: catalogs) else { return nil }
        let giving = benefits.isEmpty ? [] : candidates.compactMap { $0.subscription?.key }
        if let trial, let span = runningTrial, case .tier(let id) = trial.gift {
            guard let catalog = catalogs[trial.catalog] else { return nil }
            if span.contains(now), let tier = catalog.tier(id) {
                candidates.append(
                    Access(
                        tier: tier,
                        subscription: nil,
                        trial: span,
                        until: span.end,
                        reason: .trial,
                        since: span.start,
                        catalog: catalog
                    )
                )
            }
        }
        var best = candidates.first
        for access in candidates.dropFirst() where best.map(access.isBetter) ?? true { best = access }
        guard let access = best ?? fallbackAccess(at: now, in: catalogs) else { return nil }
        let own = benefits.isEmpty ? access : access.applying(benefits, while: giving)
        return overrides.isEmpty ? own : own.applying(overrides, at: now)
    }

    /// Returns the access that each subscription gives at an instant, those that give none left out.
    ///
    /// - Returns: `nil` when a catalog that a subscription was bought under is not among the given ones.
    func accessBySubscription(at now: Timestamp, in catalogs: Catalogs) -> [Access]? {
        var found: [Access] = []
        for subscription in subscriptions {
            guard let catalog = catalogs[subscription.catalog],
                subscription.catalogVersions.allSatisfy({ catalogs[$0] != nil })
            else { return nil }
            if let access = subscription.access(at: now, under: catalog, in: catalogs) { found.append(access) }
        }
        return found
    }

    private func fallbackAccess(at now: Timestamp, in catalogs: Catalogs) -> Access? {
        let current = catalogs.current
        guard let tier = current.tier(current.fallback) else { return nil }
        let since = lastEnd(before: now, in: catalogs) ?? (isNew ? nil : anchor)
        return Access(
            tier: tier,
            subscription: nil,
            trial: nil,
            until: nil,
            reason: .fallback,
            since: since,
            catalog: current
        )
    }

    /// Returns when access that was paid for or tried last ended, or `nil` when none has.
    private func lastEnd(before now: Timestamp, in catalogs: Catalogs) -> Timestamp? {
        var ends = subscriptions.compactMap { subscription in
            catalogs[subscription.catalog].flatMap { subscription.accessEnd(grace: $0.grace) }
        }
        // A trial of nothing but units leaves the tier, and its periods, as they are.
        if let trial, case .tier = trial.gift {
            // Once noticed, its end stays: a purchase that is told later does not charge the trial to what followed.
            ends.append(trial.endedAt ?? trial.span(firstPurchase: firstPurchaseAt).end)
        }
        return ends.filter { $0 <= now }.max()
    }

    /// Returns the period of a meter or pool that an instant falls into, under an access.
    ///
    /// A trial sets it, counted from its start. Else the subscription that gives access does: the provider's period as
    /// given where the allowance has the same length, else intervals of the allowance within it. Without one, intervals
    /// of the allowance count from the account's opening, and the first one begins when paid access ended.
    func meteringSpan(
        of subject: Balance.Subject,
        at now: Timestamp,
        under access: Access,
        in catalogs: Catalogs
    ) -> TimeSpan {
        let recurrence: Recurrence? =
            if case .limited(_, let recurrence, _, _) = access.allowance(of: subject) { recurrence } else { nil }
        if let trial = access.trial {
            let span = (recurrence ?? .month).span(containing: now, from: trial.start)
            return TimeSpan(from: span.start, to: min(span.end, trial.end))
        }
        guard let subscription = access.subscription, let paid = subscription.metered?.span, let until = access.until
        else {
            let span = (recurrence ?? .month).span(containing: now, from: anchor)
            let lastEnd = lastEnd(before: now, in: catalogs)
            return TimeSpan(from: lastEnd.map { max($0, span.start) } ?? span.start, to: span.end)
        }
        var span = paid
        if let recurrence, let fit = recurrence.fit(in: paid, billedEvery: subscription.meteredCycle) {
            switch fit {
            case .whole: break
            case .several:
                let lastInstant = Timestamp(microseconds: paid.end.microseconds - 1)
                let part = recurrence.span(containing: max(paid.start, min(now, lastInstant)), from: paid.start)
                span = TimeSpan(from: part.start, to: min(part.end, paid.end))
            case .longer:
                // One renewal after the other must not each give what is meant for all of them.
                return recurrence.span(containing: now, from: anchor)
            }
        }
        // Past its end the paid period runs on until news comes or access ends: a renewal that is told late
        // takes nothing away.
        return now < span.end ? span : TimeSpan(from: span.start, to: until)
    }
}

extension Recurrence {
    /// How an allowance's interval lies to a paid period.
    fileprivate enum Fit {
        /// They are of the same length.
        case whole
        /// The period has room for several.
        case several
        /// The interval is longer than the period.
        case longer
    }

    /// Returns how the interval lies to a paid period, or `nil` for an empty period.
    ///
    /// Providers' months are 28 to 31 days, so where the cycle is not told, lengths within a third of each other
    /// are the same.
    fileprivate func fit(in period: TimeSpan, billedEvery cycle: Recurrence?) -> Fit? {
        guard period.start < period.end else { return nil }
        if let cycle, hasSameLength(as: cycle) { return .whole }
        let interval = boundary(1, from: period.start).duration(since: period.start)
        let length = period.end.duration(since: period.start)
        if cycle == nil, interval * 3 <= length * 4, length * 3 <= interval * 4 { return .whole }
        return interval < length ? .several : .longer
    }
}
