import BillingKit

/// What the customers of a world can have: every kind of meter, a soft limit and a hard one, credits, a pack, a trial.
enum Shop {
    static let images = Meter.ID("images")
    static let pages = Meter.ID("pages")
    static let seats = Meter.ID("seats")
    static let credits = CreditPool.ID("credits")
    static let pack = Pack.ID("hundred")
    static let free = Tier.ID("free")
    static let pro = Tier.ID("pro")

    /// When a world begins.
    static let opening = Timestamp(seconds: 1_800_000_000)

    static func catalog() throws -> Catalog {
        try Catalog(
            version: 1,
            meters: [
                Meter(images, name: "Images", draw: .init(on: credits, cost: 2)),
                Meter(pages, name: "Pages", draw: .init(on: credits, cost: 3)),
                Meter(seats, name: "Seats", kind: .gauge),
            ],
            pools: [CreditPool(credits, name: "Credits")],
            tiers: [
                Tier(
                    free,
                    rank: 0,
                    name: "Free",
                    allowances: [
                        images: .limited(20, per: .day, overage: .counted(upTo: 5), rollover: .upTo(10)),
                        pages: .limited(30, per: .week),
                        seats: .level(10, overage: .counted(upTo: 2)),
                    ],
                    rates: [pages: [.init(25, per: .hour)]],
                    credits: [credits: .init(40, per: .week, rollover: .upTo(20))]
                ),
                Tier(
                    pro,
                    rank: 1,
                    name: "Pro",
                    allowances: [images: .unlimited, pages: .limited(60, per: .week), seats: .unlimited],
                    credits: [credits: .init(80, per: .month)]
                ),
            ],
            fallback: free,
            packs: [Pack(pack, name: "A hundred", contents: .credits(100, of: credits), life: .init(every: 10, .day))],
            trial: .init(days: 3, gives: .tier(pro), reminderDays: [1]),
            settings: .init(refunds: .extend(byDays: 5), holdLength: .seconds(3_600))
        )
    }
}
