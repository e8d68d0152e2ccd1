public import WebhookSignatures

/// One account at a payment provider.
public protocol BillingProvider: Sendable {
    /// The name of the account. It is part of everything that is remembered of it, so it never changes.
    var id: ProviderID { get }

    /// The tiers that the provider's products stand for; each must be in the catalog.
    var tiers: Set<Tier.ID> { get }

    /// The packs that the provider's products stand for; each must be in the catalog.
    var packs: Set<Pack.ID> { get }

    /// Checks a webhook's signature and age.
    ///
    /// - Parameters:
    ///   - body: The body, byte for byte as received.
    ///   - now: The instant that its age is judged at.
    ///   - headers: Returns all values of a header, whose name is given in lower case.
    /// - Returns: The verified webhook, or why it cannot be trusted.
    func verify(_ body: [UInt8], at now: Timestamp, headers: (String) -> [String]) -> WebhookVerdict

    /// Reads what a verified webhook says.
    ///
    /// - Parameter body: The body of a verified webhook. It may be anything all the same.
    /// - Returns: What it says, and about whom.
    /// - Throws: ``ProviderEventError`` when it cannot be read.
    func event(from body: [UInt8]) throws(ProviderEventError) -> ProviderEvent

    /// Asks the provider what a change of a subscription will cost, where it can say so beforehand.
    ///
    /// What it says is preferred to the kit's own estimate, because it is what will be charged. A provider that cannot say it
    /// need not have this.
    ///
    /// - Parameter plan: What becomes of the subscription, with the kit's estimate.
    /// - Returns: The provider's own, with ``/BillingModel/Account/Estimate/Source/provider`` as its source, or `nil`.
    /// - Throws: Whatever went wrong; the kit's estimate is then given.
    func estimate(of plan: Account.Plan) async throws -> Account.Estimate?
}

extension BillingProvider {
    /// No packs.
    public var packs: Set<Pack.ID> { [] }

    /// Returns `nil`: the provider cannot say beforehand what it will charge.
    public func estimate(of plan: Account.Plan) async throws -> Account.Estimate? { nil }
}
