#if SQLite
import BillingKit

/// What the crash tests sell.
enum CrashCatalog {
    static let documents = Meter.ID("documents")
    static let seats = Meter.ID("seats")
    static let start = Timestamp(seconds: 1_796_115_600)

    static func make() throws(CatalogError) -> Catalog {
        let free = Tier(
            Tier.ID("free"),
            rank: 0,
            name: "Free",
            allowances: [documents: .limited(1_000_000, per: .month), seats: .level(1_000)]
        )
        return try Catalog(
            version: 1,
            meters: [Meter(documents, name: "Documents"), Meter(seats, name: "Seats", kind: .gauge)],
            tiers: [free],
            fallback: free.id
        )
    }
}
#endif
