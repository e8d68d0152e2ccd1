import BillingKit

extension Meter.ID {
    static let jobDescriptions = Meter.ID("job_descriptions")
    static let candidateScreenings = Meter.ID("candidate_screenings")
}

extension Tier.ID {
    static let free = Tier.ID("free")
    static let pro = Tier.ID("pro")
    static let enterprise = Tier.ID("enterprise")
}

/// What the assistant sells.
enum Recruiting {
    static func catalog() throws -> Catalog {
        try Catalog(
            version: 1,
            meters: [
                Meter(.jobDescriptions, name: "job descriptions"),
                Meter(.candidateScreenings, name: "candidate screenings"),
            ],
            tiers: [
                Tier(
                    .free,
                    rank: 0,
                    name: "Free",
                    allowances: [
                        .jobDescriptions: .limited(10, per: .month), .candidateScreenings: .limited(50, per: .month),
                    ]
                ),
                Tier(
                    .pro,
                    rank: 1,
                    name: "Pro",
                    allowances: [
                        .jobDescriptions: .limited(50, per: .month), .candidateScreenings: .limited(500, per: .month),
                    ]
                ),
                Tier(
                    .enterprise,
                    rank: 2,
                    name: "Enterprise",
                    allowances: [.jobDescriptions: .unlimited, .candidateScreenings: .unlimited]
                ),
            ],
            fallback: .free
        )
    }

    /// The tiers that the products at Polar stand for.
    static let products: [String: Tier.ID] = [
        "d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23": .pro,
        "1dbfc517-0bbf-4301-9ba8-555ca42b9737": .enterprise,
    ]

    static let acme: CustomerID = "org_acme"

    /// Writes a job description: the work that is metered.
    static func write(_ title: String, failing: Bool = false) async throws -> String {
        if failing { throw ModelUnavailable() }
        return "We are looking for a \(title) who …"
    }

    /// What the writing model throws when it cannot be reached.
    struct ModelUnavailable: Error {}
}
