public import WebhookSignatures

/// One account at a payment provider.
public protocol BillingProvider: Sendable {
    /// The name of the account. It is part of everything that is remembered of it, so it never changes.
    var id: ProviderID { get }

    /// The tiers that the provider's products stand for; each must be in the catalog.
    var tiers: Set<Tier.ID> { get }

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
}
