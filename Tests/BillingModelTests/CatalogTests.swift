import BillingModel
import Foundation
import Testing

@Suite struct CatalogTests {
    @Test func `tiers stand by rank and meters as given`() throws {
        let catalog = try Catalog(
            version: 3,
            meters: Fixture.meters.reversed(),
            tiers: Fixture.tiers.reversed(),
            fallback: .free
        )
        #expect(catalog.tiers.map(\.id) == [.free, .pro, .enterprise])
        #expect(catalog.meters.map(\.id) == [.searches, .documents])
    }

    @Test func `what a catalog is not given has a plain default`() throws {
        let catalog = try Fixture.catalog()
        #expect(catalog.pools.isEmpty && catalog.features.isEmpty && catalog.packs.isEmpty)
        #expect(catalog.trial == nil)
        #expect(catalog.settings.lowBalance == [.percent(20)])
        #expect(catalog.settings.refunds == .expire)
        #expect(catalog.settings.holdSeconds == 900)
        #expect(catalog.settings.grace.renewalSeconds == 3 * 86_400)
        #expect(catalog.settings.grace.pastDueSeconds == 7 * 86_400)
        #expect(catalog.grace == catalog.settings.grace)
        let meter = Meter(.documents, name: "Documents")
        #expect(meter.kind == .consumable && meter.unit == nil && meter.decimals == 0 && meter.draw == nil)
        #expect(Allowance.limited(5, per: .day) == .limited(5, per: .day, overage: .refused, rollover: .none))
        #expect(Allowance.level(5) == .level(5, overage: .refused))
        #expect(Feature(Feature.ID("sso"), name: "SSO").kind == .flag)
        #expect(Meter.PoolDraw(on: CreditPool.ID("ai")).cost == 1)
    }

    @Test(arguments: [(1, []), (3, []), (4, [3]), (14, [3])] as [(Int, [Int])])
    func `a trial reminds three days before its end, if it is longer`(days: Int, reminders: [Int]) {
        #expect(Catalog.Trial(days: days, gives: .tier(.pro)).reminderDays == reminders)
    }

    @Test func `a meter that a tier does not list is not part of it`() throws {
        let pro = try #require(try Fixture.catalog().tier(.pro))
        #expect(pro.allowance(of: .searches) == .none)
        #expect(pro.allowance(of: .calls) == .none)
        #expect(try Fixture.catalog().meter(.calls) == nil)
        #expect(try Fixture.catalog().tier(.team) == nil)
    }

    @Test func `a feature that a tier does not list is off`() throws {
        let catalog = try Shop.catalog()
        let pro = try #require(catalog.tier(.pro))
        #expect(pro.has(Shop.sso))
        #expect(!pro.has(Shop.support))
        #expect(pro.value(of: Shop.regions) == 3)
        #expect(pro.number(Shop.regions) == 3)
        #expect(pro.text(Shop.support) == "email")
        #expect(pro.number(Shop.support) == nil)
        #expect(pro.text(Shop.regions) == nil)
        #expect(pro.value(of: Shop.support) == "email")
        #expect(catalog.tier(.free)?.has(Shop.sso) == false)
        #expect(catalog.tier(.free)?.value(of: Shop.regions) == nil)
    }

    @Test func `everything is found by its id`() throws {
        let catalog = try Shop.catalog()
        for meter in catalog.meters { #expect(catalog.meter(meter.id) == meter) }
        for tier in catalog.tiers { #expect(catalog.tier(tier.id) == tier) }
        for pool in catalog.pools { #expect(catalog.pool(pool.id) == pool) }
        for feature in catalog.features { #expect(catalog.feature(feature.id) == feature) }
        for pack in catalog.packs { #expect(catalog.pack(pack.id) == pack) }
        #expect(catalog.pool(CreditPool.ID("none")) == nil)
        #expect(catalog.feature(Feature.ID("none")) == nil)
        #expect(catalog.pack(Pack.ID("none")) == nil)
    }

    @Test func `a product leads to what it buys, at its own provider alone`() throws {
        let catalog = try Shop.catalog()
        #expect(catalog.offer(for: "prod_month", at: "polar") == .tier(.pro, cycle: .month))
        #expect(catalog.offer(for: "test_month", at: "polar_sandbox") == .tier(.pro, cycle: .month))
        #expect(catalog.offer(for: "prod_year", at: "polar") == .tier(.pro, cycle: .year))
        #expect(catalog.offer(for: "prod_pack", at: "polar") == .pack(Shop.pack))
        #expect(catalog.offer(for: "prod_month", at: "polar_sandbox") == nil)
        #expect(catalog.offer(for: "test_month", at: "polar") == nil)
        #expect(catalog.offer(for: "", at: "polar") == nil)
    }

    @Test func `a catalog reads back as it was encoded`() throws {
        for catalog in [try Fixture.catalog(version: 7, grace: .init(renewal: .zero)), try Shop.catalog()] {
            let data = try JSONEncoder().encode(catalog)
            #expect(try JSONDecoder().decode(Catalog.self, from: data) == catalog)
        }
    }

    @Test func `dictionaries encode under their ids`() throws {
        let pro = try #require(try Shop.catalog().tier(.pro))
        let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(pro)) as? [String: Any]
        #expect((object?["allowances"] as? [String: Any])?.keys.sorted() == ["documents", "seats"])
        #expect((object?["features"] as? [String: Any])?.keys.sorted() == ["regions", "sso", "support"])
    }

    @Test func `a catalog is checked when it is decoded`() throws {
        let data = try JSONEncoder().encode(Fixture.catalog(version: 7))
        let text = try #require(String(bytes: data, encoding: .utf8))
        let damaged = text.replacingOccurrences(of: #""version":7"#, with: #""version":0"#)
        #expect {
            try JSONDecoder().decode(Catalog.self, from: Data(damaged.utf8))
        } throws: { error in
            (error as? CatalogError)?.problems.map(\.fault) == [.outOfBounds(0, 1...Int64.max)]
        }
    }

    @Test func `terms are read out in words`() {
        #expect(Allowance.none.description == "none")
        #expect(Allowance.limited(50, per: .month).description == "50 per month")
        #expect(Allowance.unlimited.description == "unlimited")
        let soft = Allowance.limited(50, per: .month, overage: .counted(upTo: 5), rollover: .upTo(10))
        #expect(soft.description == "50 per month, then 5 more, of which 10 roll over")
        #expect(Allowance.level(5, overage: .countedWithoutCap).description == "up to 5, then any number more")
        #expect(Tier.Rate(60, per: .minute).description == "60 per minute")
        #expect(Catalog.Threshold.percent(20).description == "20 %")
        #expect(Catalog.Threshold.units(5).description == "5 units")
    }
}
