import BillingModel

extension Meter.ID {
    static let desks = Meter.ID("desks")
}

extension Pack.ID {
    static let credits = Pack.ID("credits")
    static let documents = Pack.ID("documents")
}

/// A catalog that has everything a catalog can have, in numbers small enough to be met.
enum Lab {
    static let meters = [
        Meter(.documents, name: "Documents", draw: .init(on: .ai, cost: 10)),
        Meter(.searches, name: "Searches", draw: .init(on: .ai, cost: 3), tierChange: .startsOver),
        Meter(.desks, name: "Desks", kind: .gauge),
    ]

    static let tiers = [
        Tier(
            .free,
            rank: 0,
            name: "Free",
            allowances: [.documents: .limited(10, per: .month), .searches: .limited(3, per: .day), .desks: .level(2)]
        ),
        Tier(
            .pro,
            rank: 1,
            name: "Pro",
            allowances: [
                .documents: .limited(50, per: .month, overage: .counted(upTo: 8), rollover: .upTo(20)),
                .searches: .limited(6, per: .week, overage: .countedWithoutCap),
                .desks: .level(5, overage: .counted(upTo: 2)),
            ],
            rates: [.searches: [.init(8, per: .hour), .init(20, per: .day)]],
            credits: [.ai: .init(100, per: .month, rollover: .upTo(50))]
        ),
        Tier(
            .enterprise,
            rank: 2,
            name: "Enterprise",
            allowances: [.documents: .unlimited, .searches: .unlimited, .desks: .unlimited],
            rates: [.searches: [.init(20, per: .hour)]],
            credits: [.ai: .init(300, per: .week)]
        ),
    ]

    static let packs = [
        Pack(.credits, name: "Credits", contents: .credits(120, of: .ai), life: .month),
        Pack(.documents, name: "Documents", contents: .units(20, of: .documents)),
    ]

    /// The catalog with everything, or with other allowances of the free tier.
    static func catalog(
        version: Catalog.Version = 1,
        allowances: [Meter.ID: Allowance]? = nil,
        trial gift: Catalog.Trial.Gift = .tier(.pro),
        refunds: Catalog.RefundPolicy = .expire
    ) throws(CatalogError) -> Catalog {
        try catalog(
            version: version,
            free: allowances ?? tiers[0].allowances,
            trial: .init(days: 14, gives: gift, reminderDays: [7, 3]),
            settings: .init(lowBalance: [.percent(20), .units(2)], refunds: refunds)
        )
    }
}
