extension Account.Draft {
    private typealias Wish = Account.Command.SubscriptionChange.Wish
    private typealias Moment = Account.Command.SubscriptionChange.Moment

    /// Works out what becomes of a subscription that is changed as wished.
    mutating func plan(_ change: Account.Command.SubscriptionChange) throws(Account.DecisionError) -> Account.Decision {
        guard let access = settle() else { return Account.Decision(answer: .settled) }
        let key = change.subscription ?? access.subscription?.key
        guard let subscription = account.subscriptions.first(where: { $0.key == key }) else {
            return Account.Decision(answer: .planRefused(.noSubscription))
        }
        let present = subscription.snapshot
        guard !present.isOver(at: now) else { return Account.Decision(answer: .planRefused(.over)) }
        switch change.wish {
        case .cancel(let moment): return cancel(subscription, moment, as: change.wish)
        case .undoCancellation:
            guard present.endsWithPeriod else { return Account.Decision(answer: .planRefused(.nothingToUndo)) }
            return plan(subscription, change.wish, .now, estimate: nil) { $0.goOn() }
        case .dropPendingChange:
            guard present.pending != nil else { return Account.Decision(answer: .planRefused(.nothingToUndo)) }
            return plan(subscription, change.wish, .now, estimate: nil) { $0.pending = nil }
        case .pause(until: let end):
            guard !present.endsWithPeriod else { return Account.Decision(answer: .planRefused(.ends)) }
            return plan(subscription, change.wish, .periodEnd, estimate: nil) { asked in
                asked.pausesAtPeriodEnd = true
                asked.resumesAt = end
            } done: { done in
                done.status = .paused
                done.pausesAtPeriodEnd = false
            }
        case .resume: return resume(subscription, as: change.wish)
        case .change(to: let terms, let moment):
            return try self.change(subscription, to: terms, moment, as: change.wish)
        }
    }

    // MARK: Each wish

    private mutating func cancel(
        _ subscription: Subscription,
        _ moment: Moment,
        as wish: Wish
    ) -> Account.Decision {
        let present = subscription.snapshot
        if moment == .periodEnd {
            guard !present.cancelsAtPeriodEnd, present.endsAt == nil else {
                return Account.Decision(answer: .planRefused(.ends))
            }
            return plan(subscription, wish, .periodEnd, estimate: nil) { asked in
                asked.cancelsAtPeriodEnd = true
            } done: { done in
                done.status = .canceled
                done.endedAt = done.period.end
            }
        }
        let instant = now
        // Whether unused time is given back is the host's to say at the provider; this is what it is worth.
        var estimate: Account.Estimate?
        if let paid = paidTime(of: subscription),
            let credit = try? Account.Estimate.credit(
                for: paid,
                at: instant,
                refunded: refunded(of: subscription, in: paid)
            )
        {
            estimate = try? Account.Estimate(source: .kit, dueAt: instant, lines: [credit], in: paid.price.currency)
        }
        return plan(subscription, wish, .now, estimate: estimate) { asked in
            asked.status = .canceled
            asked.endedAt = instant
        }
    }

    private func resume(_ subscription: Subscription, as wish: Wish) -> Account.Decision {
        let present = subscription.snapshot
        guard present.status == .paused || present.pausesAtPeriodEnd else {
            return Account.Decision(answer: .planRefused(.nothingToUndo))
        }
        guard present.status == .paused else {
            return plan(subscription, wish, .now, estimate: nil) { asked in
                asked.pausesAtPeriodEnd = false
                asked.resumesAt = nil
            }
        }
        let period = present.nextPeriod(from: now)
        let estimate = price(of: present.tier, present.cycle, present.quantity, under: subscription)
            .flatMap { charge(present.tier, $0, for: period, at: now) }
        return plan(subscription, wish, .now, estimate: estimate) { asked in
            asked.status = .active
            asked.resumesAt = nil
            asked.period = period
        }
    }

    private mutating func change(
        _ subscription: Subscription,
        to terms: Account.Command.SubscriptionChange.Terms,
        _ moment: Moment?,
        as wish: Wish
    ) throws(Account.DecisionError) -> Account.Decision {
        let present = subscription.snapshot
        guard !present.endsWithPeriod else { return Account.Decision(answer: .planRefused(.ends)) }
        let tier = terms.tier ?? present.tier
        let (cycle, quantity) = (terms.cycle ?? present.cycle, terms.quantity ?? present.quantity)
        guard let target = catalogs.target(tier, of: subscription)?.tier else {
            throw Account.DecisionError(
                .unknownTier,
                "There is no tier '\(tier)' in catalog version \(catalogs.current.version)."
            )
        }
        let isNewCycle = cycle.map { new in present.cycle.map { !new.hasSameLength(as: $0) } ?? true } ?? false
        guard tier != present.tier || isNewCycle || quantity != present.quantity else {
            return Account.Decision(answer: .planRefused(.sameTerms))
        }
        let isMore = self.isMore(target, cycle, quantity, than: subscription)
        let price = self.price(of: tier, cycle, quantity, under: subscription)
        func adopt(_ report: inout SubscriptionSnapshot) {
            (report.tier, report.cycle, report.quantity, report.pending) = (tier, cycle, quantity, nil)
            report.price = price ?? report.price
        }
        guard moment ?? (isMore ? .now : .periodEnd) == .now else {
            let next = present.with(cycle: cycle).nextPeriod(from: present.period.end)
            let estimate = price.flatMap { charge(tier, $0, for: next, at: next.start) }
            return plan(subscription, wish, .periodEnd, estimate: estimate) { asked in
                asked.pending = Subscription.PendingChange(
                    tier: tier,
                    cycle: cycle,
                    quantity: quantity,
                    appliesAt: asked.period.end
                )
            } done: { done in
                adopt(&done)
                done.period = next
            }
        }
        // Another cycle begins a period of its own, another tier or number goes on in the running one.
        let period = isNewCycle ? present.with(cycle: cycle).nextPeriod(from: now) : present.period
        let instant = now
        var estimate: Account.Estimate?
        if let price, let old = paidTime(of: subscription) {
            let new = Account.Estimate.PaidTime(tier: tier, price: price, period: period)
            let refunded = refunded(of: subscription, in: old)
            estimate = try? Account.Estimate.change(from: old, to: new, at: instant, refunded: refunded)
        }
        return plan(subscription, wish, .now, estimate: estimate) { asked in
            adopt(&asked)
            asked.period = period
        }
    }

    // MARK: Parts

    private func plan(
        _ subscription: Subscription,
        _ wish: Wish,
        _ moment: Moment,
        estimate: Account.Estimate?,
        asking ask: (inout SubscriptionSnapshot) -> Void,
        done finish: ((inout SubscriptionSnapshot) -> Void)? = nil
    ) -> Account.Decision {
        var asked = subscription.snapshot
        // Newer than what is known, as the report will be.
        asked.version = asked.version.next(at: now)
        ask(&asked)
        var done = asked
        if let finish {
            done.version = asked.version.next(at: asked.period.end)
            finish(&done)
        }
        let appliesAt = moment == .now ? now : max(now, asked.period.end)
        return Account.Decision(
            answer: .planned(
                Account.Plan(
                    subscription: subscription.key,
                    wish: wish,
                    moment: moment,
                    appliesAt: appliesAt,
                    asked: asked,
                    done: done,
                    estimate: estimate
                )
            )
        )
    }

    /// Returns whether terms are more than the present ones: by the tier's rank, else by the cycle's length, else by number.
    private func isMore(
        _ tier: Tier,
        _ cycle: Recurrence?,
        _ quantity: Int64?,
        than subscription: Subscription
    ) -> Bool {
        let present = subscription.snapshot
        if let rank = catalogs[subscription.catalog]?.tier(present.tier)?.rank, tier.rank != rank {
            return tier.rank > rank
        }
        let start = present.period.start
        if let cycle, let old = present.cycle, !cycle.hasSameLength(as: old) {
            return old.boundary(1, from: start) < cycle.boundary(1, from: start)
        }
        return (present.quantity ?? 0) < (quantity ?? 0)
    }

    /// What the running period was paid with, or `nil` where that is not known or it was not paid.
    private func paidTime(of subscription: Subscription) -> Account.Estimate.PaidTime? {
        let present = subscription.snapshot
        guard present.status == .active, let paid = subscription.paid, now < paid.span.end else { return nil }
        let known = present.price ?? price(of: present.tier, present.cycle, present.quantity, under: subscription)
        return known.map { Account.Estimate.PaidTime(tier: present.tier, price: $0, period: paid.span) }
    }

    /// Returns what has been given back of the payments for a running period.
    private mutating func refunded(of subscription: Subscription, in paid: Account.Estimate.PaidTime) -> Money? {
        guard let orders = facts.orders[subscription.key] else {
            need(.orders(of: subscription.key))
            return nil
        }
        // A first order may be made a while before its period is said to begin.
        let start = paid.period.start.advanced(by: .seconds(-3_600))
        let given = orders.filter { $0.createdAt >= start && $0.total.currency == paid.price.currency }
            .reduce(Int64(0)) { $0.addingClamped(max(0, $1.refundedMinorUnits)) }
        return Money(minorUnits: given, currency: paid.price.currency)
    }

    /// Returns what a cycle of a tier costs by the catalog, in the currency that is paid in.
    private func price(
        of tier: Tier.ID,
        _ cycle: Recurrence?,
        _ quantity: Int64?,
        under subscription: Subscription
    ) -> Money? {
        guard let cycle, let prices = catalogs.target(tier, of: subscription)?.tier.prices else { return nil }
        let currency = subscription.snapshot.price?.currency
        let price = prices.first { price in
            price.cycle.hasSameLength(as: cycle) && currency.map { $0 == price.amount.currency } ?? true
        }
        return price.flatMap { price in try? price.amount * max(1, quantity ?? 1) }
    }

    private func charge(
        _ tier: Tier.ID,
        _ price: Money,
        for period: TimeSpan,
        at instant: Timestamp
    ) -> Account.Estimate? {
        let line = Account.Estimate.Line(kind: .time, tier: tier, span: period, amount: price)
        return try? Account.Estimate(source: .kit, dueAt: instant, lines: [line], in: price.currency)
    }
}

extension SubscriptionSnapshot {
    /// Whether nothing can be changed about it any more, or yet.
    fileprivate func isOver(at now: Timestamp) -> Bool {
        if let endedAt, endedAt <= now { return true }
        return [.canceled, .incomplete, .incompleteExpired].contains(status)
    }

    /// Whether it ends or pauses with the period, or at another instant that is set.
    fileprivate var endsWithPeriod: Bool { cancelsAtPeriodEnd || pausesAtPeriodEnd || endsAt != nil }

    fileprivate mutating func goOn() {
        (cancelsAtPeriodEnd, pausesAtPeriodEnd, endsAt, resumesAt) = (false, false, nil, nil)
    }

    fileprivate func with(cycle: Recurrence?) -> SubscriptionSnapshot {
        var other = self
        other.cycle = cycle
        return other
    }

    /// Returns a period that begins at an instant; as long as the present one where the cycle is not known.
    fileprivate func nextPeriod(from start: Timestamp) -> TimeSpan {
        let end =
            cycle?.boundary(1, from: start) ?? start.advanced(by: period.end.duration(since: period.start))
        return TimeSpan(from: start, to: end)
    }
}

extension ObjectVersion {
    /// A version after this one, of a report that is made at an instant.
    fileprivate func next(at instant: Timestamp) -> ObjectVersion {
        let after = max(object.advanced(by: .microseconds(1)), instant)
        return ObjectVersion(object: after, event: after)
    }
}
