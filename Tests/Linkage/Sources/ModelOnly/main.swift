import BillingModel

// A decision with no engine around it, so that the linker keeps the model.
let documents = Meter.ID("documents")
let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [documents: .limited(1, per: .month)])
let catalog = try Catalog(
    version: 1,
    meters: [Meter(documents, name: "Documents")],
    tiers: [free],
    fallback: free.id
)
let command = Account.Command(.consume(.init(meter: documents, amount: 1)), key: "request:1")
print(try Account(customer: "org_acme").decide(command, at: Timestamp(seconds: 0), in: catalog).answer)
