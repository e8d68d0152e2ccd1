extension ProviderSnapshot {
    /// The most reports of subscriptions, and the most of benefits, in one snapshot.
    public static let maximumReports = 1_000

    /// The most bytes of the reference that an order brings back.
    public static let maximumReferenceLength = 2_048

    /// Makes sure that every text fits every store and every number is within its bounds.
    ///
    /// Names that are claimed for the customer have rules of their own and are checked when they are. What an order only
    /// mentions is left out where it cannot be kept: a payment is not refused because of it.
    ///
    /// - Throws: ``Account/DecisionError`` that says which text it is, and never the text.
    func validate() throws(Account.DecisionError) {
        try Self.check(provider.rawValue, "provider account")
        guard subscriptions.count <= Self.maximumReports, benefits.count <= Self.maximumReports else {
            throw Account.DecisionError(
                .malformedRequest,
                "A snapshot tells of \(subscriptions.count) subscriptions and \(benefits.count) benefits; "
                    + "\(Self.maximumReports) of each are allowed."
            )
        }
        for report in subscriptions { try Self.check(report, from: provider) }
        for report in benefits { try Self.check(report, from: provider) }
        if let order { try Self.check(order, from: provider) }
    }

    private static func check(
        _ report: SubscriptionSnapshot,
        from provider: ProviderID
    ) throws(Account.DecisionError) {
        try check(report.provider, isThatOf: provider, "subscription")
        try check(report.tier.rawValue, "tier of a subscription")
        try check(report.status.rawValue, "status of a subscription")
        try check(report.discount, "discount of a subscription")
        try check(report.quantity, within: Catalog.Limits.units, "quantity of a subscription")
        try check(report.price?.minorUnits, within: Catalog.Limits.minorUnits, "price of a subscription in minor units")
        try check(
            report.pending?.quantity,
            within: Catalog.Limits.units,
            "quantity that a subscription is to change to"
        )
        try check(report.pending?.tier.rawValue, "tier that a subscription is to change to")
    }

    private static func check(_ report: BenefitSnapshot, from provider: ProviderID) throws(Account.DecisionError) {
        try check(report.key.provider, isThatOf: provider, "benefit")
        try check(report.subscription, "subscription of a benefit")
        switch report.gift {
        case .feature(let feature): try check(feature.rawValue, "feature of a benefit")
        case .units(let units, of: let subject, rollsOver: _):
            try check(subject.name, "meter or pool of a benefit")
            guard (1...Catalog.Limits.units).contains(units) else {
                throw Account.DecisionError(
                    .amountOutOfBounds,
                    "A benefit gives \(units) units; 1 to \(Catalog.Limits.units) are allowed."
                )
            }
        }
    }

    private static func check(_ order: Account.Order, from provider: ProviderID) throws(Account.DecisionError) {
        try check(order.provider, isThatOf: provider, "order")
        try check(order.status, "status of an order")
        try check(order.tier?.rawValue, "tier of an order")
        try check(order.pack?.rawValue, "pack of an order")
        let most = Catalog.Limits.minorUnits
        // Less than nothing is credit, such as for a change to less.
        try check(order.total.minorUnits, from: -most, within: most, "total of an order in minor units")
        try check(order.refundedMinorUnits, within: most, "sum that was paid back of an order in minor units")
    }

    private static func check(_ text: String?, _ what: String) throws(Account.DecisionError) {
        if let text { try Account.Command.check(text, what) }
    }

    private static func check(
        _ number: Int64?,
        from least: Int64 = 0,
        within most: Int64,
        _ what: String
    ) throws(Account.DecisionError) {
        guard let number, !(least...most).contains(number) else { return }
        throw Account.DecisionError(
            .amountOutOfBounds,
            "The \(what) is \(number); \(least) to \(most) are allowed."
        )
    }

    private static func check(
        _ own: ProviderID,
        isThatOf provider: ProviderID,
        _ what: String
    ) throws(Account.DecisionError) {
        guard own != provider else { return }
        throw Account.DecisionError(
            .malformedRequest,
            "A snapshot of provider account '\(provider)' tells of a \(what) of another one."
        )
    }
}

extension Account.Order {
    /// The order without those of the names that it mentions which no store could keep.
    var keepable: Account.Order {
        func kept(_ text: String?, within maximum: Int = String.maximumIdentifierLength) -> String? {
            text.flatMap { $0.isWellFormed(within: maximum) ? $0 : nil }
        }
        let (own, mentioned) = (kept(subscription), kept(checkout))
        let reference = kept(reference, within: ProviderSnapshot.maximumReferenceLength)
        guard own != subscription || mentioned != checkout || reference != self.reference else { return self }
        return Account.Order(
            provider: provider,
            id: id,
            version: version,
            status: status,
            isPaid: isPaid,
            purpose: purpose,
            createdAt: createdAt,
            total: total,
            refundedMinorUnits: refundedMinorUnits,
            tier: tier,
            pack: pack,
            subscription: own,
            checkout: mentioned,
            reference: reference
        )
    }
}
