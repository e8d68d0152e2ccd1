import BillingKit

extension Fixture {
    static let images = Meter.ID("images")
    static let pages = Meter.ID("pages")
    static let calls = Meter.ID("calls")
    static let seats = Meter.ID("seats")
    static let credits = CreditPool.ID("credits")
    static let hundred = Pack.ID("hundred")

    /// A catalog that has something of everything that a gate acts on.
    ///
    /// On the free tier: 10 images a month and then 2 credits for each, pages for 5 credits each, 100 credits a month,
    /// 5 calls a day and 3 beyond them but 4 a minute at most, 100 seats.
    static func makeSalesCatalog() throws(CatalogError) -> Catalog {
        try Catalog(
            version: 1,
            meters: [
                Meter(images, name: "Images", draw: .init(on: credits, cost: 2)),
                Meter(pages, name: "Pages", draw: .init(on: credits, cost: 5)),
                Meter(calls, name: "Calls"),
                Meter(seats, name: "Seats", kind: .gauge),
            ],
            pools: [CreditPool(credits, name: "Credits")],
            tiers: [
                Tier(
                    free,
                    rank: 0,
                    name: "Free",
                    allowances: [
                        images: .limited(10, per: .month), pages: .none,
                        calls: .limited(5, per: .day, overage: .counted(upTo: 3)), seats: .level(100),
                    ],
                    rates: [calls: [.init(4, per: .minute)]],
                    credits: [credits: .init(100, per: .month)]
                ),
                Tier(
                    pro,
                    rank: 1,
                    name: "Pro",
                    allowances: [
                        images: .limited(50, per: .month), pages: .limited(20, per: .month), calls: .unlimited,
                        seats: .unlimited,
                    ],
                    credits: [credits: .init(1_000, per: .month)]
                ),
            ],
            fallback: free,
            packs: [
                Pack(
                    hundred,
                    name: "A hundred credits",
                    contents: .credits(100, of: credits),
                    life: .init(every: 90, .day)
                )
            ],
            trial: .init(days: 14, gives: .tier(pro)),
            settings: .init(lowBalance: [], holdLength: .seconds(120))
        )
    }
}
