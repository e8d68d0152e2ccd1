import BillingModel
import Testing

/// What can be wrong with what a catalog sells and gives away, and with the operator's numbers.
@Suite struct CatalogSalesProblemTests {
    private static let mostUnits = 1_000_000_000_000_000_000

    @Test func `prices are bounded, and one for each cycle and currency`() {
        func problems(_ prices: [Tier.Price]) -> [String] {
            Shop.problems { $0.pro = Shop.pro(prices: prices) }
        }
        #expect(problems([Shop.price(0, per: .month), Shop.price(1_000_000_000_000_000, per: .year)]) == [])
        #expect(problems([Shop.price(1, per: .month), Shop.price(1, per: .month, in: .usd)]) == [])
        #expect(
            problems([Shop.price(-1, per: .year), Shop.price(1, per: .init(every: 12, .month))]) == [
                "tiers[1].prices[0].amount (of 'pro'): -1 is not between 0 and 1000000000000000.",
                "tiers[1].prices[1] (of 'pro'): 'EUR per year' is there before.",
            ]
        )
        #expect(
            Shop.problems { shop in
                let prices = [1, 2].map { Shop.money($0) }.map { Pack.Price($0) }
                shop.packs = [Shop.pack(prices: prices)]
            } == ["packs[0].prices[1] (of 'hundred'): 'EUR' is there before."]
        )
    }

    @Test func `a product buys one thing`() {
        let euro = Shop.money(1)
        #expect(
            Shop.problems { shop in
                shop.more = [
                    Tier(.team, rank: 2, name: "Team", prices: [Shop.price(1, per: .month, ["polar": "prod_month"])])
                ]
                shop.packs = [Shop.pack(prices: [.init(euro, products: ["polar": "prod_year"])])]
            } == [
                "tiers[2].prices[0].products.polar (of 'team'): "
                    + "'prod_month' is already the product of tier 'pro' per month.",
                "packs[0].prices[0].products.polar (of 'hundred'): "
                    + "'prod_year' is already the product of tier 'pro' per year.",
            ]
        )
        let cycles = [Shop.price(1, per: .month, ["polar": "x"]), Shop.price(2, per: .year, ["polar": "x"])]
        #expect(
            Shop.problems { $0.pro = Shop.pro(prices: cycles) } == [
                "tiers[1].prices[1].products.polar (of 'pro'): 'x' is already the product of tier 'pro' per month."
            ]
        )
    }

    @Test func `a product may be sold in two currencies, and under one name at two providers`() {
        let prices = [
            Shop.price(1, per: .month, ["polar": "x"]), Shop.price(1, per: .month, ["polar": "x"], in: .usd),
            Shop.price(1, per: .year, ["stripe": "x"]),
        ]
        #expect(Shop.problems { $0.pro = Shop.pro(prices: prices) } == [])
    }

    @Test func `products have ids`() {
        #expect(
            Shop.problems { $0.pro = Shop.pro(prices: [Shop.price(1, per: .month, ["polar": "", "": "x"])]) } == [
                #"tiers[1].prices[0].products[''] (of 'pro'): the text is not 1 to 255 bytes without NUL."#,
                "tiers[1].prices[0].products.polar (of 'pro'): the text is not 1 to 255 bytes without NUL.",
            ]
        )
    }

    @Test func `the fallback is one of the tiers, and free of charge`() {
        #expect(Shop.problems { $0.fallback = .team } == ["fallback: no tier is called 'team'."])
        let prices = [Shop.price(0, per: .month), Shop.price(1, per: .year)]
        #expect(
            Shop.problems { $0.free = Tier(.free, rank: 0, name: "Free", prices: prices) }
                == ["tiers[0].prices[1] (of 'free'): the fallback is free of charge, and this price is not."]
        )
    }

    @Test func `a pack has something in it`() {
        #expect(
            Shop.problems { $0.packs = [Shop.pack(contents: .credits(0, of: .init("gold")))] } == [
                "packs[0].contents.pool (of 'hundred'): no credit pool is called 'gold'.",
                "packs[0].contents.units (of 'hundred'): 0 is not between 1 and \(Self.mostUnits).",
            ]
        )
        #expect(
            Shop.problems { $0.packs = [Shop.pack(contents: .units(1, of: .calls))] }
                == ["packs[0].contents.meter (of 'hundred'): no meter is called 'calls'."]
        )
    }

    @Test func `a trial gives something for a time and reminds within it`() {
        func problems(_ trial: Catalog.Trial) -> [String] { Shop.problems { $0.trial = trial } }
        #expect(problems(.init(days: 1, gives: .credits(5, of: Shop.ai))) == [])
        #expect(problems(.init(days: 366, gives: .units(5, of: .documents), reminderDays: [365, 1])) == [])
        #expect(problems(.init(days: 0, gives: .tier(.pro))) == ["trial.days: 0 is not between 1 and 366."])
        #expect(problems(.init(days: 367, gives: .tier(.pro))) == ["trial.days: 367 is not between 1 and 366."])
        #expect(problems(.init(days: 7, gives: .tier(.team))) == ["trial.gives.tier: no tier is called 'team'."])
        #expect(
            problems(.init(days: 7, gives: .tier(.free))) == ["trial.gives.tier: 'free' is not above the fallback."]
        )
        #expect(
            problems(.init(days: 7, gives: .credits(0, of: .init("gold")), reminderDays: [0, 7, 3, 3])) == [
                "trial.gives.pool: no credit pool is called 'gold'.",
                "trial.gives.units: 0 is not between 1 and \(Self.mostUnits).",
                "trial.reminder_days[0]: 0 is not between 1 and 366.",
                "trial.reminder_days[1]: 7 days before the end of a trial of 7 is not within it.",
                "trial.reminder_days[3]: '3' is there before.",
            ]
        )
    }

    @Test func `the operator's numbers are within their bounds`() {
        func problems(_ settings: Catalog.Settings) -> [String] { Shop.problems { $0.settings = settings } }
        #expect(problems(.init(grace: .init(renewal: .zero, pastDue: .days(366)), lowBalance: [])) == [])
        #expect(
            problems(.init(grace: .init(renewal: .seconds(-1), pastDue: .days(366) + .seconds(1)))) == [
                "settings.grace.renewal_seconds: -1 is not between 0 and 31622400.",
                "settings.grace.past_due_seconds: 31622401 is not between 0 and 31622400.",
            ]
        )
        #expect(
            problems(.init(lowBalance: [.percent(0), .percent(100), .units(0), .percent(20), .percent(20)])) == [
                "settings.low_balance[0].percent: 0 is not between 1 and 99.",
                "settings.low_balance[1].percent: 100 is not between 1 and 99.",
                "settings.low_balance[2].units: 0 is not between 1 and \(Self.mostUnits).",
                "settings.low_balance[4]: '20 %' is there before.",
            ]
        )
        #expect(
            problems(.init(refunds: .extend(byDays: 0), holdLength: .zero)) == [
                "settings.refunds.extend_days: 0 is not between 1 and 366.",
                "settings.hold_seconds: 0 is not between 1 and 2678400.",
            ]
        )
        #expect(problems(.init(refunds: .newGrant, holdLength: .days(31))) == [])
    }
}
