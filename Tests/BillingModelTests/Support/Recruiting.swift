import BillingModel

extension Meter.ID {
    static let jobDescriptions = Meter.ID("job_descriptions")
    static let screenings = Meter.ID("screenings")
    static let seats = Meter.ID("seats")
}

extension CreditPool.ID {
    static let ai = CreditPool.ID("ai")
}

extension Feature.ID {
    static let singleSignOn = Feature.ID("single_sign_on")
    static let support = Feature.ID("support")
}

extension Tier.ID {
    static let starter = Tier.ID("starter")
    static let growth = Tier.ID("growth")
}

extension Pack.ID {
    static let thousandCredits = Pack.ID("thousand_credits")
}

/// The catalog of the article on tiers and meters.
enum Recruiting {
    static let meters = [
        Meter(.jobDescriptions, name: "Job descriptions", draw: .init(on: .ai, cost: 10)),
        Meter(.screenings, name: "Screenings", unit: "screening", draw: .init(on: .ai)),
        Meter(.seats, name: "Seats", kind: .gauge),
    ]

    static let starter = Tier(
        .starter,
        rank: 0,
        name: "Starter",
        allowances: [.jobDescriptions: .limited(5, per: .month), .seats: .level(1)]
    )

    static func growth(costing monthly: Money, orYearly yearly: Money) -> Tier {
        Tier(
            .growth,
            rank: 1,
            name: "Growth",
            description: "For teams that hire all year.",
            allowances: [
                .jobDescriptions: .limited(50, per: .month, overage: .counted(upTo: 10)),
                .screenings: .unlimited,
                .seats: .level(5, overage: .countedWithoutCap),
            ],
            features: [.singleSignOn: true, .support: "phone"],
            rates: [.screenings: [.init(60, per: .minute)]],
            credits: [.ai: .init(1_000, per: .month, rollover: .upTo(500))],
            prices: [
                .init(monthly, per: .month, products: ["polar": "prod_g_month", "polar_sandbox": "test_g_month"]),
                .init(yearly, per: .year, products: ["polar": "prod_g_year"]),
            ]
        )
    }

    static func catalog(growth: Tier, packFor price: Money) throws(CatalogError) -> Catalog {
        try Catalog(
            version: 1,
            meters: meters,
            pools: [CreditPool(.ai, name: "AI credits")],
            features: [
                Feature(.singleSignOn, name: "Single sign-on"),
                Feature(.support, name: "Support", kind: .text),
            ],
            tiers: [starter, growth],
            fallback: .starter,
            packs: [
                Pack(
                    .thousandCredits,
                    name: "1,000 credits",
                    contents: .credits(1_000, of: .ai),
                    life: .year,
                    prices: [.init(price, products: ["polar": "prod_1000"])]
                )
            ],
            trial: .init(days: 14, gives: .tier(.growth)),
            settings: .init(lowBalance: [.percent(20), .percent(5)])
        )
    }

    static func termsOfTheirOwn(until end: Timestamp) -> [Account.Override] {
        [
            Account.Override(.allowance(.level(25), of: .seats)),
            Account.Override(.feature(.singleSignOn, true), until: end),
        ]
    }
}
