public import BillingKit

/// The catalog of the engine's benchmarks: one meter, of which there is enough.
package enum EngineFixture {
    package static let meter: Meter.ID = Meter.ID("job_descriptions")
    package static let member = MemberID("member-1")

    package static func catalog() throws -> Catalog {
        let free = Tier(
            Tier.ID("free"),
            rank: 0,
            name: "Free",
            allowances: [meter: .limited(1_000_000_000, per: .month)]
        )
        return try Catalog(
            version: 1,
            meters: [Meter(meter, name: "Job descriptions")],
            tiers: [free],
            fallback: free.id
        )
    }
}
