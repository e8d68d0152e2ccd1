extension BillingSystem {
    /// Records that a customer asked to buy a tier.
    ///
    /// Give the reference to the provider's checkout as metadata named `reference`; its webhooks then find the
    /// attempt again. A repeat for the same reference returns the attempt as it stands, paid or not; one that
    /// has expired begins anew.
    ///
    /// - Parameters:
    ///   - tier: The tier to buy.
    ///   - cycle: How often it is to be billed.
    ///   - customer: Who buys.
    ///   - member: Who asked.
    ///   - reference: The host's name for the work that the wish began from, 1 to 255 bytes. Without one there
    ///     is one attempt for each tier.
    /// - Returns: The attempt.
    /// - Throws: ``/BillingModel/Account/DecisionError`` for an unknown tier; ``StoreError``; ``BillingError``;
    ///   `CancellationError`.
    public func startUpgrade(
        to tier: Tier.ID,
        cycle: Recurrence? = nil,
        for customer: CustomerID,
        by member: MemberID? = nil,
        reference: String? = nil
    ) async throws -> Upgrade {
        let request = Account.Command.UpgradeRequest(tier: tier, cycle: cycle, reference: reference)
        let command = Account.Command(.startUpgrade(request), member: member)
        switch try await answer(to: command, for: customer) {
        case .upgrade(let upgrade): return upgrade
        case let other: throw unexpected(other)
        }
    }
}
