public import BillingKit
public import WebhookSignatures

/// One organization at Polar.
///
/// It verifies and reads Polar's webhooks. The customer's id of the host is Polar's `external_customer_id`;
/// give it to every checkout, with the host's reference for the purchase as metadata named `reference`.
///
/// ```swift
/// let polar = try PolarProvider(
///     webhookSecrets: [secret],
///     products: ["d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23": .pro]
/// )
/// ```
public struct PolarProvider: BillingProvider {
    /// The name of this organization in the store.
    public let id: ProviderID

    private let products: [String: Tier.ID]
    private let benefits: [String: Benefit.Gift]
    private let verifier: WebhookVerifier

    /// Creates the organization.
    ///
    /// - Parameters:
    ///   - id: The name of this organization in the store. Give sandbox and production names of their own.
    ///   - webhookSecrets: The secrets of the webhook endpoint, as Polar shows them: the present one, and
    ///     during a rotation the one before.
    ///   - keys: How the secrets become keys. Polar changed that in September 2026; by default both ways are
    ///     tried.
    ///   - products: The tier that each product stands for, by the product's id.
    ///   - benefits: What each benefit gives beside the tier, by the benefit's id: units, of which Polar's own number counts
    ///     where it says one, or a feature. Benefits that are not named are ignored.
    /// - Throws: `WebhookSecretError` when a secret cannot be one.
    public init(
        id: ProviderID = "polar",
        webhookSecrets: [String],
        keys: WebhookScheme.PolarKeys = .either,
        products: [String: Tier.ID],
        benefits: [String: Benefit.Gift] = [:]
    ) throws(WebhookSecretError) {
        self.id = id
        self.products = products
        self.benefits = benefits
        verifier = try WebhookVerifier(.polar(keys: keys), secrets: webhookSecrets)
    }

    /// The tiers that the products stand for.
    public var tiers: Set<Tier.ID> { Set(products.values) }

    /// Checks a webhook's signature and age by Polar's scheme.
    public func verify(_ body: [UInt8], at now: Timestamp, headers: (String) -> [String]) -> WebhookVerdict {
        verifier.verify(body, at: now.seconds, headers: headers)
    }

    /// Reads what an event of Polar says.
    public func event(from body: [UInt8]) throws(ProviderEventError) -> ProviderEvent {
        try PolarEventReader(provider: id, products: products, benefits: benefits).event(from: body)
    }
}
