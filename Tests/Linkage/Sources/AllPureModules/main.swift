import BillingInMemory
import BillingKit
import WebhookSignatures

// A whole system on the in-memory store.
let documents = Meter.ID("documents")
let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [documents: .limited(1, per: .month)])
let catalog = try Catalog(
    version: 1,
    meters: [Meter(documents, name: "Documents")],
    tiers: [free],
    fallback: free.id
)
let billing = try await BillingSystem(catalog: catalog, store: InMemoryStore())
print(try await billing.consume(of: documents, for: "org_acme", key: .once))
print(SHA256.hash([]))
