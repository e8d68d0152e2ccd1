extension Upgrade {
    /// Returns the attempt as it is after a report about a checkout.
    ///
    /// The newest checkout counts, at its newest version; once an order has completed the attempt, only the
    /// order's own checkout does. So the order in which reports arrive leaves no trace, but that nothing may be
    /// known of the order's checkout beside its name.
    func merging(_ report: CheckoutSnapshot) -> Upgrade {
        var merged = self
        if stage == .completed {
            guard checkout == report.id else { return self }
        } else if let checkout, checkout != report.id {
            guard let at = checkoutAt, (at, checkout) < (report.createdAt, report.id) else { return self }
            merged.checkoutVersion = nil
        }
        if let version = merged.checkoutVersion, version >= report.version { return self }
        merged.checkout = report.id
        merged.checkoutAt = report.createdAt
        merged.checkoutVersion = report.version
        if stage != .completed {
            merged.stage = report.isExpired ? .expired : .checkout
            merged.tier = report.tier
        }
        return merged
    }

    /// Returns the attempt as it is after a paid order.
    ///
    /// Money completes an attempt whatever came before, and of two orders the earlier one did.
    func merging(_ order: Account.Order) -> Upgrade {
        if let completedAt, let name = self.order, (completedAt, name) <= (order.createdAt, order.id) { return self }
        var merged = self
        merged.stage = .completed
        merged.order = order.id
        merged.completedAt = order.createdAt
        // What was bought decides, whatever was clicked.
        if let tier = order.tier { merged.tier = tier }
        if merged.checkout != order.checkout {
            merged.checkout = order.checkout
            merged.checkoutAt = nil
            merged.checkoutVersion = nil
        }
        return merged
    }
}
