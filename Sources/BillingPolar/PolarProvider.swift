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
///
/// Polar publishes no way to ask beforehand what a change of a subscription will cost, so the kit's estimates stand.
public struct PolarProvider: BillingProvider {
    /// The name of this organization in the store.
    public let id: ProviderID

    private let products: [String: Upgrade.Target]
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
    ///   - packs: The pack that each product stands for that is bought once, by the product's id. What is in a pack is given
    ///     for its paid order; so a benefit that credits the same units at Polar is left out of `benefits`. A product that
    ///     is among the tiers too is a tier's.
    ///   - benefits: What each benefit gives beside the tier, by the benefit's id: units, of which Polar's own number counts
    ///     where it says one, or a feature. Benefits that are not named are ignored.
    /// - Throws: `WebhookSecretError` when a secret cannot be one.
    public init(
        id: ProviderID = "polar",
        webhookSecrets: [String],
        keys: WebhookScheme.PolarKeys = .either,
        products: [String: Tier.ID],
        packs: [String: Pack.ID] = [:],
        benefits: [String: Benefit.Gift] = [:]
    ) throws(WebhookSecretError) {
        self.id = id
        self.products = packs.mapValues { .pack($0) }.merging(products.mapValues { .tier($0) }) { $1 }
        self.benefits = benefits
        verifier = try WebhookVerifier(.polar(keys: keys), secrets: webhookSecrets)
    }

    /// The tiers that the products stand for.
    public var tiers: Set<Tier.ID> { Set(products.values.compactMap(\.tier)) }

    /// The packs that the products stand for.
    public var packs: Set<Pack.ID> { Set(products.values.compactMap(\.pack)) }

    /// Checks a webhook's signature and age by Polar's scheme.
    public func verify(_ body: [UInt8], at now: Timestamp, headers: (String) -> [String]) -> WebhookVerdict {
        verifier.verify(body, at: now.seconds, headers: headers)
    }

    /// Reads what an event of Polar says.
    public func event(from body: [UInt8]) throws(ProviderEventError) -> ProviderEvent {
        try PolarEventReader(provider: id, products: products, benefits: benefits).event(from: body)
    }
}

extension Upgrade.Target {
    /// The tier, where it is one.
    var tier: Tier.ID? {
        if case .tier(let tier) = self { tier } else { nil }
    }

    /// The pack, where it is one.
    var pack: Pack.ID? {
        if case .pack(let pack) = self { pack } else { nil }
    }
}
