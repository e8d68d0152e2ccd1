extension Account {
    /// Which tier a customer is on, and why.
    public struct Access: Hashable, Sendable {
        /// The tier.
        public let tier: Tier

        /// The subscription that gives it, or `nil` on the fallback tier.
        public let subscription: Subscription?

        /// When it ends unless news comes, or `nil` on the fallback tier.
        public let until: Timestamp?

        /// The catalog that the tier is taken from.
        let catalog: Catalog
    }

    /// Returns which tier the customer is on at an instant: the highest that a subscription gives, or the
    /// fallback.
    ///
    /// - Returns: `nil` when a catalog that a subscription was bought under is not among the given ones.
    func access(at now: Timestamp, in catalogs: Catalogs) -> Access? {
        var best: Access?
        for subscription in subscriptions {
            guard let catalog = catalogs[subscription.catalog] else { return nil }
            guard
                let end = subscription.accessEnd(grace: catalog.grace), now < end,
                let tier = catalog.tier(subscription.snapshot.tier)
            else { continue }
            if let best, best.tier.rank >= tier.rank { continue }
            best = Access(tier: tier, subscription: subscription, until: end, catalog: catalog)
        }
        if let best { return best }
        let current = catalogs.current
        guard let tier = current.tier(current.fallback) else { return nil }
        return Access(tier: tier, subscription: nil, until: nil, catalog: current)
    }

    /// Returns the period of a meter that an instant falls into, under an access.
    ///
    /// The subscription that gives access sets it: the provider's period as given where the allowance has the
    /// same length, else intervals of the allowance within it. Without one, intervals of the allowance count
    /// from the account's opening, and the first one begins when paid access ended.
    func meteringSpan(of meter: Meter.ID, at now: Timestamp, under access: Access, in catalogs: Catalogs) -> TimeSpan {
        let recurrence: Recurrence? =
            if case .limited(_, let recurrence, _, _) = access.tier.allowance(of: meter) { recurrence } else { nil }
        guard let subscription = access.subscription, let paid = subscription.paid?.span, let until = access.until
        else {
            let span = (recurrence ?? .month).span(containing: now, from: anchor)
            let lastEnd = subscriptions.compactMap { subscription in
                catalogs[subscription.catalog].flatMap { subscription.accessEnd(grace: $0.grace) }
            }.filter { $0 <= now }.max()
            return TimeSpan(from: lastEnd.map { max($0, span.start) } ?? span.start, to: span.end)
        }
        var span = paid
        if let recurrence, let cycle = subscription.snapshot.cycle, !recurrence.hasSameLength(as: cycle),
            paid.start < paid.end
        {
            let lastInstant = Timestamp(microseconds: paid.end.microseconds - 1)
            let part = recurrence.span(containing: max(paid.start, min(now, lastInstant)), from: paid.start)
            span = TimeSpan(from: part.start, to: min(part.end, paid.end))
        }
        // Past its end the paid period runs on until news comes or access ends: a renewal that is told late
        // takes nothing away.
        return now < span.end ? span : TimeSpan(from: span.start, to: until)
    }
}
