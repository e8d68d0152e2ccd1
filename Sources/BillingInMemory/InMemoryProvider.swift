public import BillingKit
public import WebhookSignatures

/// A payment provider in memory, for tests: it says what it is told to say.
///
/// Its webhooks are names of events, signed as Standard Webhooks are. It can say beforehand what a change of a subscription
/// will cost, as a provider may.
///
/// ```swift
/// let provider = try InMemoryProvider(tiers: [.pro])
/// provider.tell(.snapshot(purchase, customer: .customer("acme")), as: "purchase")
/// let webhook = try provider.webhook("purchase", id: "d1", at: clock.now())
/// await billing.webhooks.receive(webhook.body) { webhook.headers[$0].map { [$0] } ?? [] }
/// ```
public final class InMemoryProvider: BillingProvider {
    /// What a change of a subscription will cost, by the provider's own reckoning; `nil` where it cannot say.
    public typealias Quote = @Sendable (Account.Plan) throws -> Account.Estimate?

    private struct State {
        var events: [String: ProviderEvent] = [:]
        var quote: Quote?
    }

    /// The name of the account.
    public let id: ProviderID

    /// The tiers that the products stand for.
    public let tiers: Set<Tier.ID>

    /// The packs that the products stand for.
    public let packs: Set<Pack.ID>

    private let verifier: WebhookVerifier
    private let signer: WebhookSigner
    private let state = Lock(State())

    /// Creates a provider that has nothing to say yet.
    ///
    /// - Parameters:
    ///   - id: The name of the account.
    ///   - secret: The secret that its webhooks are signed with, as Standard Webhooks have it.
    ///   - tiers: The tiers that its products stand for.
    ///   - packs: The packs that its products stand for.
    /// - Throws: `WebhookSecretError` when the secret cannot be one.
    public init(
        id: ProviderID = "memory",
        secret: String = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        tiers: Set<Tier.ID> = [],
        packs: Set<Pack.ID> = []
    ) throws(WebhookSecretError) {
        self.id = id
        self.tiers = tiers
        self.packs = packs
        verifier = try WebhookVerifier(.standardWebhooks, secrets: [secret])
        signer = try WebhookSigner(.standardWebhooks, secrets: [secret])
    }

    /// Lets webhooks of a name tell of an event, in the place of what they told of before.
    public func tell(_ event: ProviderEvent, as name: String) {
        state.withLock { $0.events[name] = event }
    }

    /// Lets the provider say beforehand what changes of subscriptions will cost, or no more where it is `nil`.
    public func quote(_ quote: Quote?) {
        state.withLock { $0.quote = quote }
    }

    /// Returns a webhook of a name, signed at an instant.
    ///
    /// - Throws: `WebhookRejection` when the id cannot be one.
    public func webhook(
        _ name: String,
        id: String,
        at now: Timestamp
    ) throws(WebhookRejection) -> (body: [UInt8], headers: [String: String]) {
        let body = Array(name.utf8)
        return (body, try signer.sign(body, id: id, timestamp: now.seconds))
    }

    /// Checks a webhook's signature and age.
    public func verify(_ body: [UInt8], at now: Timestamp, headers: (String) -> [String]) -> WebhookVerdict {
        verifier.verify(body, at: now.seconds, headers: headers)
    }

    /// Returns the event that webhooks of a name tell of.
    public func event(from body: [UInt8]) throws(ProviderEventError) -> ProviderEvent {
        guard let event = state.withLock({ $0.events[String(decoding: body, as: UTF8.self)] }) else {
            throw ProviderEventError(.unreadable, "The provider was not told of an event of this name.")
        }
        return event
    }

    /// Returns what a change will cost, where the provider was given a way to say so.
    public func estimate(of plan: Account.Plan) async throws -> Account.Estimate? {
        try state.withLock { $0.quote }.flatMap { try $0(plan) }
    }
}
