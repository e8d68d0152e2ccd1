import BillingKit
import BillingPolar
import BillingSQLite

extension Meter.ID { static let jobDescriptions = Meter.ID("job_descriptions") }
extension Tier.ID { static let (free, pro) = (Tier.ID("free"), Tier.ID("pro")) }

func makeBilling(store: SQLiteStore, secret: String, product: String) async throws -> BillingSystem {
    let meters = [Meter(.jobDescriptions, name: "Job descriptions")]
    let free = Tier(.free, rank: 0, name: "Free", allowances: [.jobDescriptions: .limited(10, per: .month)])
    let pro = Tier(.pro, rank: 1, name: "Pro", allowances: [.jobDescriptions: .limited(50, per: .month)])
    let catalog = try Catalog(version: 1, meters: meters, tiers: [free, pro], fallback: .free)
    let polar = try PolarProvider(webhookSecrets: [secret], products: [product: .pro])
    return try await BillingSystem(catalog: catalog, store: store, provider: polar)
}

func write(job: String, for organisation: CustomerID, with billing: BillingSystem) async throws -> String {
    switch try await billing.metered(.jobDescriptions, for: organisation, key: .job(job), { "We are looking for …" }) {
    case .done(let text, let receipt): "\(text) (\(receipt.remaining) left)"
    case .denied(let denial) where denial.unlockedBy.isEmpty: "Used up until \(denial.resetsAt?.description ?? "…")."
    case .denied(let denial): "This takes \(denial.unlockedBy.map(\.rawValue).joined(separator: " or "))."
    case .alreadyDone: "Job \(job) was written before."
    }
}
