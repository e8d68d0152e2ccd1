extension Upgrade {
    /// How far an attempt has come.
    public enum Stage: String, Hashable, Sendable, CaseIterable {
        /// A paywall offered it.
        case locked
        /// The customer asked for it.
        case clicked
        /// A checkout is open at the provider, or began a subscription that is yet to be paid for.
        case checkout
        /// The customer said that nothing shall come of it.
        case cancelled
        /// No checkout of it can be paid any more.
        case expired
        /// The money is in.
        case completed
    }

    /// How far an attempt has come, with what its end follows from.
    enum Standing {
        /// What an attempt expired by.
        enum Cause {
            case offer, click, checkout
        }

        case locked
        case clicked(Act)
        case checkout
        case cancelled
        case expired(at: Timestamp, by: Cause)
        case completed
    }

    /// Returns how far the attempt has come at an instant, by what is known of it.
    ///
    /// Money completes it, whatever else there is. Else a checkout that can be paid, else a click after the last end, else
    /// that end: a cancellation ends what was before it, and so does the expiry of the last checkout that was opened since.
    /// Then it is as it began: a paywall. A click and an offer last for a time that the catalog says.
    func standing(at now: Timestamp) -> Standing {
        if checkouts.contains(where: { $0.payment != nil }) { return .completed }
        let cancelledAt = cancelledAt
        let opened = checkouts.filter { $0.isOpenAfter(cancelledAt) }
        if opened.contains(where: { $0.end(at: now) == nil }) { return .checkout }
        let expired = opened.compactMap { $0.end(at: now) }.max()
        let end = [cancelledAt, expired].compactMap(\.self).max()
        if let click = acts.last(where: { $0.kind == .clicked }), end.map({ $0 < click.at }) ?? true {
            if let expiresAt = click.expiresAt, expiresAt <= now { return .expired(at: expiresAt, by: .click) }
            return .clicked(click)
        }
        if let end { return end == cancelledAt ? .cancelled : .expired(at: end, by: .checkout) }
        if let expiresAt = offerExpiresAt, expiresAt <= now { return .expired(at: expiresAt, by: .offer) }
        return .locked
    }

    func stage(at now: Timestamp) -> Stage {
        switch standing(at: now) {
        case .locked: .locked
        case .clicked: .clicked
        case .checkout: .checkout
        case .cancelled: .cancelled
        case .expired: .expired
        case .completed: .completed
        }
    }

    /// Returns since when the attempt is abandoned, or `nil` where it is not: a checkout of it was not paid in time, or
    /// nothing came of a click for a time that the catalog says.
    func abandonment(at now: Timestamp) -> Timestamp? {
        switch standing(at: now) {
        case .clicked(let click): click.abandonedAt.flatMap { $0 <= now ? $0 : nil }
        case .expired(let instant, by: .click):
            min(acts.last { $0.kind == .clicked }?.abandonedAt ?? instant, instant)
        case .expired(let instant, by: .checkout): instant
        case .expired(_, by: .offer), .locked, .checkout, .cancelled, .completed: nil
        }
    }

    /// When the attempt expires by time alone, or `nil` when it does not.
    public var expiresAt: Timestamp? {
        switch stage {
        case .locked: offerExpiresAt
        case .clicked: acts.last { $0.kind == .clicked }?.expiresAt
        case .checkout: lastCheckoutEndsAt
        case .cancelled, .expired, .completed: nil
        }
    }

    /// When the attempt expires, or hosts are to be told that it is abandoned; `nil` when neither happens by time alone.
    var dueAt: Timestamp? {
        guard stage == .clicked, abandonedAt == nil,
            let noticeAt = acts.last(where: { $0.kind == .clicked })?.abandonedAt
        else { return expiresAt }
        return min(noticeAt, expiresAt ?? noticeAt)
    }

    /// When what was offered, and not asked for, can no longer be, or `nil` when it always can.
    private var offerExpiresAt: Timestamp? {
        var last: Timestamp?
        for act in acts where act.kind == .locked || act.kind == .successSeen {
            guard let end = act.expiresAt else { return nil }
            last = max(last ?? end, end)
        }
        return last
    }

    private var lastCheckoutEndsAt: Timestamp? {
        var last: Timestamp?
        for checkout in checkouts where checkout.isOpenAfter(cancelledAt) && !checkout.isOver {
            guard let end = checkout.lastsUntil else { return nil }
            last = max(last ?? end, end)
        }
        return last
    }
}

extension Upgrade.Stage: Comparable {
    private var order: Int {
        switch self {
        case .locked: 0
        case .clicked: 1
        case .checkout: 2
        case .cancelled: 3
        case .expired: 4
        case .completed: 5
        }
    }

    /// Returns whether the first comes before the second.
    public static func < (left: Upgrade.Stage, right: Upgrade.Stage) -> Bool {
        left.order < right.order
    }
}
