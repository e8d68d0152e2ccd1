import BillingModel

/// A catalog with something of everything: documents that draw on credits, seats as a gauge, features, prices in two
/// cycles at two accounts, a pack and a trial.
struct Shop {
    static let seats = Meter.ID("seats")
    static let ai = CreditPool.ID("ai")
    static let sso = Feature.ID("sso")
    static let regions = Feature.ID("regions")
    static let support = Feature.ID("support")
    static let pack = Pack.ID("hundred")

    var version: Catalog.Version = 1
    var meters = [
        Meter(.documents, name: "Documents", unit: "document", decimals: 2, draw: .init(on: ai, cost: 5)),
        Meter(seats, name: "Seats", kind: .gauge),
    ]
    var pools = [CreditPool(ai, name: "AI credits")]
    var features = [
        Feature(sso, name: "Single sign-on"), Feature(regions, name: "Regions", kind: .number),
        Feature(support, name: "Support", kind: .text),
    ]
    var free = Tier(.free, rank: 0, name: "Free", allowances: [.documents: .limited(10, per: .month)])
    var pro = Shop.pro()
    var more: [Tier] = []
    var fallback = Tier.ID.free
    var packs = [Shop.pack()]
    var trial: Catalog.Trial? = .init(days: 14, gives: .tier(.pro))
    var settings = Catalog.Settings()

    static func pro(
        rank: Int = 1,
        name: String = "Pro",
        description: String = "For teams.",
        allowances: [Meter.ID: Allowance] = [.documents: .limited(500, per: .month), seats: .level(5)],
        features: [Feature.ID: Feature.Value] = [sso: true, regions: 3, support: "email"],
        rates: [Meter.ID: [Tier.Rate]] = [.documents: [.init(60, per: .minute), .init(600, per: .hour)]],
        credits: [CreditPool.ID: Tier.Credits] = [ai: .init(1_000, per: .month, rollover: .upTo(500))],
        prices: [Tier.Price]? = nil
    ) -> Tier {
        Tier(
            .pro,
            rank: rank,
            name: name,
            description: description,
            allowances: allowances,
            features: features,
            rates: rates,
            credits: credits,
            prices: prices ?? [
                price(2_900, per: .month, ["polar": "prod_month", "polar_sandbox": "test_month"]),
                price(29_000, per: .year, ["polar": "prod_year"]),
            ]
        )
    }

    static func pack(
        name: String = "A hundred credits",
        contents: Pack.Contents = .credits(100, of: ai),
        prices: [Pack.Price]? = nil
    ) -> Pack {
        Pack(
            pack,
            name: name,
            contents: contents,
            life: .year,
            prices: prices ?? [Pack.Price(money(990), products: ["polar": "prod_pack"])]
        )
    }

    static func price(
        _ minorUnits: Int64,
        per cycle: Recurrence,
        _ products: [ProviderID: String] = [:],
        in currency: Currency = .eur
    ) -> Tier.Price {
        Tier.Price(money(minorUnits, in: currency), per: cycle, products: products)
    }

    static func money(_ minorUnits: Int64, in currency: Currency = .eur) -> Money {
        Money(minorUnits: minorUnits, currency: currency)
    }

    func catalog() throws(CatalogError) -> Catalog {
        try Catalog(
            version: version,
            meters: meters,
            pools: pools,
            features: features,
            tiers: [free, pro] + more,
            fallback: fallback,
            packs: packs,
            trial: trial,
            settings: settings
        )
    }

    static func catalog() throws(CatalogError) -> Catalog {
        try Shop().catalog()
    }

    /// Returns what is wrong with a catalog that differs from this one in a part, as sentences.
    static func problems(_ change: (inout Shop) -> Void) -> [String] {
        var shop = Shop()
        change(&shop)
        do throws(CatalogError) {
            _ = try shop.catalog()
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }
}
