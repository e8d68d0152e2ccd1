extension BillingSystem {
    /// Records that a customer asked to buy a tier.
    ///
    /// Open a checkout at the provider with what ``/BillingModel/Upgrade/checkoutRequest(for:)`` says: its metadata lets
    /// the provider's webhooks find the attempt again. A repeat for the same reference returns the attempt as it stands,
    /// paid or not, with what was asked for last; one that has expired or was cancelled begins anew. Without a reference the
    /// first click after a payment begins an attempt of its own.
    ///
    /// - Parameters:
    ///   - tier: The tier to buy.
    ///   - cycle: How often it is to be billed.
    ///   - customer: Who buys.
    ///   - member: Who asked.
    ///   - reference: The host's name for the work that the wish began from, 1 to 255 bytes. Without one there
    ///     is one attempt at a time for each tier.
    ///   - promoCode: The promo code that the customer gave, 1 to 255 bytes.
    ///   - denial: The refusal that prompted it.
    ///   - attribution: Where the customer came from.
    ///   - instant: When it happened, for a click that is told late; one after now counts as now.
    /// - Returns: The attempt.
    /// - Throws: ``/BillingModel/Account/DecisionError`` for an unknown tier; ``StoreError``; ``BillingError``;
    ///   `CancellationError`.
    public func startUpgrade(
        to tier: Tier.ID,
        cycle: Recurrence? = nil,
        for customer: CustomerID,
        by member: MemberID? = nil,
        reference: String? = nil,
        promoCode: String? = nil,
        denial: Account.Denial? = nil,
        attribution: Upgrade.Attribution? = nil,
        at instant: Timestamp? = nil
    ) async throws -> Upgrade {
        let request = Account.Command.UpgradeRequest(
            .tier(tier),
            cycle: cycle,
            reference: reference,
            promoCode: promoCode,
            denial: denial,
            attribution: attribution,
            at: instant
        )
        return try await startUpgrade(request, for: customer, by: member)
    }

    /// Records that a customer asked to buy a tier or a pack.
    ///
    /// - Parameters:
    ///   - request: What the customer wants, and from where.
    ///   - customer: Who buys.
    ///   - member: Who asked.
    /// - Returns: The attempt.
    /// - Throws: ``/BillingModel/Account/DecisionError`` for an unknown tier or pack; ``StoreError``; ``BillingError``;
    ///   `CancellationError`.
    public func startUpgrade(
        _ request: Account.Command.UpgradeRequest,
        for customer: CustomerID,
        by member: MemberID? = nil
    ) async throws -> Upgrade {
        try await upgrade(by: Account.Command(.startUpgrade(request), key: keyOfCall, member: member), for: customer)
    }

    /// Records that a paywall offered a tier or a pack, which nobody has asked for yet.
    ///
    /// - Parameters:
    ///   - request: What was offered, for which work, and the refusal that led to it.
    ///   - customer: To whom.
    ///   - member: Who saw it.
    /// - Returns: The attempt, at the stage that it has: one that is further stays there.
    /// - Throws: ``/BillingModel/Account/DecisionError`` for an unknown tier or pack; ``StoreError``; ``BillingError``;
    ///   `CancellationError`.
    public func recordPaywall(
        _ request: Account.Command.UpgradeRequest,
        for customer: CustomerID,
        by member: MemberID? = nil
    ) async throws -> Upgrade {
        let advance = Account.Command.UpgradeAdvance(locking: request)
        return try await upgrade(
            by: Account.Command(.advanceUpgrade(advance), key: keyOfCall, member: member),
            for: customer
        )
    }

    /// Records a checkout that was opened at the provider, so that the page that leads there and the attempt's end are
    /// known before the provider says anything.
    ///
    /// - Parameters:
    ///   - checkout: The checkout.
    ///   - attempt: The attempt that it was opened for.
    ///   - customer: Whose attempt.
    ///   - instant: When it was opened, for one that is told late; one after now counts as now.
    /// - Returns: The attempt.
    /// - Throws: ``/BillingModel/Account/DecisionError``, with `malformedIdentifier` for an id or an address that cannot
    ///   be; ``StoreError``; ``BillingError``; `CancellationError`.
    public func recordCheckout(
        _ checkout: Upgrade.Opening,
        of attempt: Upgrade.Key,
        for customer: CustomerID,
        at instant: Timestamp? = nil
    ) async throws -> Upgrade {
        try await advance(.checkoutOpened(checkout), of: attempt, for: customer, at: instant)
    }

    /// Records that the customer has seen the page that the provider leads to after payment.
    ///
    /// It proves nothing: anybody can open the page. Show what the attempt's stage says.
    ///
    /// - Parameters:
    ///   - attempt: The attempt, by what the host itself knows; not by what the page's address says.
    ///   - customer: Whose attempt.
    ///   - instant: When it was seen, where that is told late; one after now counts as now.
    /// - Returns: The attempt.
    /// - Throws: ``/BillingModel/Account/DecisionError``; ``StoreError``; ``BillingError``; `CancellationError`.
    public func recordSuccessPage(
        of attempt: Upgrade.Key,
        for customer: CustomerID,
        at instant: Timestamp? = nil
    ) async throws -> Upgrade {
        try await advance(.successSeen, of: attempt, for: customer, at: instant)
    }

    /// Records that nothing shall come of an attempt.
    ///
    /// A checkout that is open at the provider can still be paid there; if it is, the attempt is completed.
    ///
    /// - Parameters:
    ///   - attempt: The attempt.
    ///   - customer: Whose attempt.
    ///   - member: Who said so.
    ///   - instant: When it was said, where that is told late; one after now counts as now.
    /// - Returns: The attempt.
    /// - Throws: ``/BillingModel/Account/DecisionError``; ``StoreError``; ``BillingError``; `CancellationError`.
    public func cancelUpgrade(
        _ attempt: Upgrade.Key,
        for customer: CustomerID,
        by member: MemberID? = nil,
        at instant: Timestamp? = nil
    ) async throws -> Upgrade {
        try await advance(.cancelled, of: attempt, for: customer, by: member, at: instant)
    }

    /// Returns the attempt to buy of a key, or `nil` when the customer has none.
    ///
    /// - Throws: ``StoreError``; ``BillingError``; ``/BillingModel/Account/DecisionError``.
    public func upgrade(_ attempt: Upgrade.Key, of customer: CustomerID) async throws -> Upgrade? {
        try await overview(of: customer).upgrade(attempt)
    }

    /// Returns the attempt to buy that has had a checkout, whichever of its checkouts it was, or `nil` when none has.
    ///
    /// - Throws: ``StoreError``; ``BillingError``; ``/BillingModel/Account/DecisionError``.
    public func upgrade(checkout id: String, of customer: CustomerID) async throws -> Upgrade? {
        try await overview(of: customer).upgrade(checkout: id)
    }

    private func advance(
        _ step: Account.Command.UpgradeAdvance.Step,
        of attempt: Upgrade.Key,
        for customer: CustomerID,
        by member: MemberID? = nil,
        at instant: Timestamp?
    ) async throws -> Upgrade {
        let advance = Account.Command.UpgradeAdvance(step, of: attempt, at: instant)
        return try await upgrade(
            by: Account.Command(.advanceUpgrade(advance), key: keyOfCall, member: member),
            for: customer
        )
    }

    private func upgrade(by command: Account.Command, for customer: CustomerID) async throws -> Upgrade {
        switch try await answer(to: command, for: customer) {
        case .upgrade(let upgrade): return upgrade
        case let other: throw unexpected(other)
        }
    }
}
