import BillingInMemory
import BillingKit
import BillingPolar
import Foundation
import WebhookSignatures

extension Meter.ID {
    static let documents = Meter.ID("documents")
}

extension Tier.ID {
    static let free = Tier.ID("free")
    static let pro = Tier.ID("pro")
    static let enterprise = Tier.ID("enterprise")
}

/// The recorded deliveries and a system that receives them.
struct PolarFixture {
    struct Item: Decodable {
        let headers: [String: String]
        let body: String

        var bytes: [UInt8] { Array(body.utf8) }
        var id: String { headers["webhook-id"] ?? "" }
        var sentAt: Timestamp {
            // The signed time is in whole seconds; what the event tells of happened within that second.
            Timestamp(seconds: (headers["webhook-timestamp"].flatMap { Int64($0) } ?? 0) + 1)
        }
    }

    private struct File: Decodable {
        let secret: String
        let deliveries: [Item]
    }

    static let opening = Timestamp(seconds: 1_796_112_000)
    static let products: [String: Tier.ID] = [
        "d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23": .pro,
        "1dbfc517-0bbf-4301-9ba8-555ca42b9737": .enterprise,
    ]

    let secret: String
    let items: [Item]

    init() throws {
        guard
            let url = Bundle.module.url(
                forResource: "lifecycle-legacy-key",
                withExtension: "json",
                subdirectory: "Deliveries"
            )
        else { throw CocoaError(.fileNoSuchFile) }
        let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
        secret = file.secret
        items = file.deliveries
    }

    static func catalog(version: Catalog.Version = 1) throws -> Catalog {
        try Catalog(
            version: version,
            meters: [Meter(.documents, name: "documents")],
            tiers: [
                Tier(.free, rank: 0, name: "Free", allowances: [.documents: .limited(100, per: .month)]),
                Tier(.pro, rank: 1, name: "Pro", allowances: [.documents: .limited(500, per: .month)]),
                Tier(.enterprise, rank: 2, name: "Enterprise", allowances: [.documents: .unlimited]),
            ],
            fallback: .free,
            packs: [Pack(hundred, name: "A hundred", contents: .units(100, of: .documents))]
        )
    }

    static let hundred = Pack.ID("hundred")

    func system(
        on store: any BillingStore = InMemoryStore(),
        clock: ManualClock,
        products: [String: Tier.ID] = Self.products,
        packs: [String: Pack.ID] = [:]
    ) async throws -> BillingSystem {
        try await BillingSystem(
            catalog: Self.catalog(),
            store: store,
            provider: PolarProvider(webhookSecrets: [secret], products: products, packs: packs),
            clock: clock,
            entropy: SeededEntropy(seed: 1)
        )
    }

    /// Signs a body as the provider would, for a time.
    func signed(_ body: [UInt8], id: String, at now: Timestamp) throws -> [String: String] {
        try WebhookSigner(.polar, secrets: [secret]).sign(body, id: id, timestamp: now.seconds)
    }
}

extension BillingSystem {
    /// Receives a webhook with headers of one value each.
    func receive(_ body: [UInt8], headers: [String: String]) async -> WebhookAnswer {
        await webhooks.receive(body) { name in headers[name].map { [$0] } ?? [] }
    }
}
