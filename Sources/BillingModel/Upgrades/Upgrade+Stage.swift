extension Upgrade {
    /// How far an attempt has come.
    public enum Stage: String, Hashable, Sendable, CaseIterable {
        /// A paywall offered it.
        case locked
        /// The customer asked for it.
        case clicked
        /// A checkout is open at the provider.
        case checkout
        /// The customer said that nothing shall come of it.
        case cancelled
        /// No checkout of it can be paid any more.
        case expired
        /// The money is in.
        case completed
    }

    /// Returns how far the attempt has come at an instant, by what is known of it.
    ///
    /// Money completes it, whatever else there is. Else a checkout that can be paid, else a click after the last end, else
    /// that end: a cancellation ends what was before it, and so does the expiry of the last checkout that was opened since.
    /// Then it is as it began: a paywall.
    func stage(at now: Timestamp) -> Stage {
        if checkouts.contains(where: { $0.payment != nil }) { return .completed }
        if checkouts.contains(where: { $0.isOpenAfter(cancelledAt) && $0.end(at: now) == nil }) { return .checkout }
        let expired = checkouts.filter { $0.isOpenAfter(cancelledAt) }.compactMap { $0.end(at: now) }.max()
        let end = [cancelledAt, expired].compactMap(\.self).max()
        if clickedAt != nil, let asked = wish?.at, end.map({ $0 < asked }) ?? true { return .clicked }
        guard let end else { return .locked }
        return end == cancelledAt ? .cancelled : .expired
    }

    /// When time alone makes the attempt expire, or `nil` when it does not.
    var dueAt: Timestamp? {
        guard stage == .checkout else { return nil }
        var last: Timestamp?
        for checkout in checkouts where checkout.isOpenAfter(cancelledAt) && !checkout.isExpired {
            guard let end = checkout.expiresAt else { return nil }
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
