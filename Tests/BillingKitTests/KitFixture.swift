import BillingInMemory
import BillingKit
import WebhookSignatures

enum KitFixture {
    static let documents = Meter.ID("documents")
    static let free = Tier.ID("free")
    static let pro = Tier.ID("pro")
    static let start = Timestamp(seconds: 1_796_115_600)

    static func catalog(version: Catalog.Version = 1, free units: Int64 = 10, pro: Int64 = 50) throws -> Catalog {
        try Catalog(
            version: version,
            meters: [Meter(documents, name: "Documents")],
            tiers: [
                Tier(free, rank: 0, name: "Free", allowances: [documents: .limited(units, per: .month)]),
                Tier(self.pro, rank: 1, name: "Pro", allowances: [documents: .limited(pro, per: .month)]),
            ],
            fallback: free
        )
    }

    static func subscription(
        modifiedAt: Timestamp = start,
        status: SubscriptionStatus = .active,
        id: String = "sub_1"
    ) -> SubscriptionSnapshot {
        SubscriptionSnapshot(
            provider: "fake",
            id: id,
            version: ObjectVersion(object: modifiedAt, event: modifiedAt),
            tier: pro,
            status: status,
            cycle: .month,
            period: Recurrence.month.span(containing: start, from: start)
        )
    }
}

/// A provider whose events are told by the test: each body is a name that stands for an event.
struct FakeProvider: BillingProvider {
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    let id: ProviderID = "fake"
    let tiers: Set<Tier.ID> = [KitFixture.pro]
    var events: [String: ProviderEvent] = [:]

    func verify(_ body: [UInt8], at now: Timestamp, headers: (String) -> [String]) -> WebhookVerdict {
        do {
            return try WebhookVerifier(.standardWebhooks, secrets: [Self.secret])
                .verify(body, at: now.seconds, headers: headers)
        } catch {
            return .rejected(.noMatchingSignature)
        }
    }

    func event(from body: [UInt8]) throws(ProviderEventError) -> ProviderEvent {
        guard let event = events[String(decoding: body, as: UTF8.self)] else {
            throw ProviderEventError(.unreadable, "an event that the test did not tell")
        }
        return event
    }

    /// The event of a purchase by a customer.
    static func purchase(
        by customer: CustomerID,
        modifiedAt: Timestamp = KitFixture.start,
        id: String = "sub_1"
    ) -> ProviderEvent {
        .snapshot(
            ProviderSnapshot(
                provider: "fake",
                subscriptions: [KitFixture.subscription(modifiedAt: modifiedAt, id: id)]
            ),
            customer: .customer(customer)
        )
    }
}

extension BillingSystem {
    /// Receives an event of the fake provider.
    func receive(_ name: String, id: String, at now: Timestamp = KitFixture.start) async throws -> WebhookAnswer {
        let body = Array(name.utf8)
        let headers = try WebhookSigner(.standardWebhooks, secrets: [FakeProvider.secret])
            .sign(body, id: id, timestamp: now.seconds)
        return await webhooks.receive(body) { name in headers[name].map { [$0] } ?? [] }
    }
}
