import BillingModel
import Testing

/// Everything that can be wrong with a catalog, each in the sentence that its author reads.
@Suite struct CatalogProblemTests {
    private static let mostUnits = 1_000_000_000_000_000_000

    @Test func `a sound catalog has no problem`() {
        #expect(Shop.problems { _ in } == [])
    }

    @Test(arguments: [0, -1, .min] as [Int64])
    func `versions count from 1`(number: Int64) {
        #expect(
            Shop.problems { $0.version = .init(number) }
                == ["version: \(number) is not between 1 and 9223372036854775807."]
        )
    }

    @Test func `there is a meter and a tier`() throws {
        func problems(_ meters: [Meter], _ tiers: [Tier]) -> [String] {
            do throws(CatalogError) {
                _ = try Catalog(version: 1, meters: meters, tiers: tiers, fallback: .free)
                return []
            } catch {
                return error.problems.map(\.description)
            }
        }
        #expect(problems([], [Tier(.free, rank: 0, name: "Free")]) == ["meters: at least one is needed."])
        #expect(
            problems(Fixture.meters, [])
                == ["tiers: at least one is needed.", "fallback: no tier is called 'free'."]
        )
    }

    @Test func `ids are unique within their list`() {
        #expect(
            Shop.problems { $0.meters.append(Meter(.documents, name: "Again")) }
                == ["meters[2].id (of 'documents'): 'documents' is there before."]
        )
        #expect(
            Shop.problems { $0.pools.append(CreditPool(Shop.ai, name: "Again")) }
                == ["pools[1].id (of 'ai'): 'ai' is there before."]
        )
        #expect(
            Shop.problems { $0.features.append(Feature(Shop.sso, name: "Again")) }
                == ["features[3].id (of 'sso'): 'sso' is there before."]
        )
        #expect(
            Shop.problems { $0.more = [Tier(.free, rank: 2, name: "Again")] }
                == ["tiers[2].id (of 'free'): 'free' is there before."]
        )
        #expect(
            Shop.problems { $0.packs.append(Pack(Shop.pack, name: "Again", contents: .units(1, of: .documents))) }
                == ["packs[1].id (of 'hundred'): 'hundred' is there before."]
        )
    }

    @Test func `ids that only look the same are the same to a person`() {
        let ids = [Meter.ID("caf\u{E9}"), Meter.ID("cafe\u{301}")]
        #expect(ids[0] != ids[1])
        #expect(
            Shop.problems { $0.meters += ids.map { Meter($0, name: "Coffee") } }
                == ["meters[3].id (of 'cafe\u{301}'): 'cafe\u{301}' is there before."]
        )
    }

    @Test(arguments: ["", "a\0b", String(repeating: "é", count: 128)])
    func `ids fit every store`(id: String) {
        func isOneProblem(_ list: String, _ change: (inout Shop) -> Void) -> Bool {
            let problems = Shop.problems(change)
            return problems.count == 1 && problems[0].hasPrefix("\(list)[")
                && problems[0].hasSuffix("the text is not 1 to 255 bytes without NUL.")
        }
        #expect(isOneProblem("meters") { $0.meters.append(Meter(Meter.ID(id), name: "Odd")) })
        #expect(isOneProblem("features") { $0.features.append(Feature(Feature.ID(id), name: "Odd")) })
        #expect(isOneProblem("tiers") { $0.more = [Tier(Tier.ID(id), rank: 9, name: "Odd")] })
        #expect(
            isOneProblem("packs") { $0.packs.append(Pack(.init(id), name: "Odd", contents: .credits(1, of: Shop.ai))) }
        )
        #expect(
            isOneProblem("pools") { shop in
                shop.pools.append(CreditPool(CreditPool.ID(id), name: "Odd"))
                shop.meters.append(Meter(.calls, name: "Calls", draw: .init(on: CreditPool.ID(id))))
            }
        )
    }

    @Test func `an id of 255 bytes fits`() {
        let id = String(repeating: "é", count: 127) + "x"
        #expect(Shop.problems { $0.meters.append(Meter(Meter.ID(id), name: "Long")) } == [])
    }

    @Test func `everything has a name that fits`() {
        let sentence = "the text is not 1 to 255 bytes without NUL."
        #expect(
            Shop.problems { $0.meters.append(Meter(.calls, name: "")) } == ["meters[2].name (of 'calls'): \(sentence)"]
        )
        #expect(Shop.problems { $0.pro = Shop.pro(name: "a\0") } == ["tiers[1].name (of 'pro'): \(sentence)"])
        #expect(
            Shop.problems { $0.packs = [Shop.pack(name: String(repeating: "x", count: 256))] }
                == ["packs[0].name (of 'hundred'): \(sentence)"]
        )
    }

    @Test func `other texts fit too`() {
        #expect(
            Shop.problems { $0.meters.append(Meter(.calls, name: "Calls", unit: "")) }
                == ["meters[2].unit (of 'calls'): the text is not 1 to 64 bytes without NUL."]
        )
        let long = String(repeating: "x", count: 4_097)
        #expect(
            Shop.problems { $0.pro = Shop.pro(description: long, features: [Shop.support: .text("")]) }
                == [
                    "tiers[1].description (of 'pro'): the text is not 1 to 4096 bytes without NUL.",
                    "tiers[1].features.support (of 'pro'): the text is not 1 to 4096 bytes without NUL.",
                ]
        )
    }

    @Test(arguments: [-1, 10])
    func `a meter has 0 to 9 decimals`(decimals: Int) {
        #expect(
            Shop.problems { $0.meters.append(Meter(.calls, name: "Calls", decimals: decimals)) }
                == ["meters[2].decimals (of 'calls'): \(decimals) is not between 0 and 9."]
        )
    }

    @Test func `a draw has a pool and a cost`() {
        #expect(
            Shop.problems { $0.meters.append(Meter(.calls, name: "Calls", draw: .init(on: .init("gold"), cost: 0))) }
                == [
                    "meters[2].draw.pool (of 'calls'): no credit pool is called 'gold'.",
                    "meters[2].draw.cost (of 'calls'): 0 is not between 1 and 1000000000.",
                ]
        )
    }

    @Test func `a pool is drawn on`() {
        #expect(
            Shop.problems { $0.pools.append(CreditPool(.init("gold"), name: "Gold")) }
                == ["pools[1] (of 'gold'): no meter draws on this pool."]
        )
    }

    @Test func `ranks differ and are bounded`() {
        #expect(
            Shop.problems { $0.more = [Tier(.team, rank: 1, name: "Team")] }
                == ["tiers[2].rank (of 'team'): 'pro' has the rank 1 too."]
        )
        #expect(
            Shop.problems { $0.more = [Tier(.team, rank: 1_000_001, name: "Team")] }
                == ["tiers[2].rank (of 'team'): 1000001 is not between -1000000 and 1000000."]
        )
    }

    @Test func `what a tier gives is in the catalog`() {
        let tier = Tier(
            .team,
            rank: 2,
            name: "Team",
            allowances: [.calls: .unlimited, .searches: .none],
            features: [.init("chat"): true],
            rates: [.calls: [Tier.Rate(1, per: .minute)]],
            credits: [.init("gold"): .init(1, per: .month)]
        )
        #expect(
            Shop.problems { $0.more = [tier] } == [
                "tiers[2].allowances.calls (of 'team'): no meter is called 'calls'.",
                "tiers[2].allowances.searches (of 'team'): no meter is called 'searches'.",
                "tiers[2].features.chat (of 'team'): no feature is called 'chat'.",
                "tiers[2].rates.calls (of 'team'): no meter is called 'calls'.",
                "tiers[2].credits.gold (of 'team'): no credit pool is called 'gold'.",
            ]
        )
    }

    @Test(arguments: [0, -1, .min, 1_000_000_000_000_000_001] as [Int64])
    func `every number of units is at least one and bounded`(units: Int64) {
        let bounds = "\(units) is not between 1 and \(Self.mostUnits)."
        let pro = Shop.pro(
            allowances: [
                .documents: .limited(units, per: .month, overage: .counted(upTo: units), rollover: .upTo(units)),
                Shop.seats: .level(units, overage: .counted(upTo: units)),
            ],
            rates: [.documents: [.init(units, per: .minute)]],
            credits: [Shop.ai: .init(units, per: .month, rollover: .upTo(units))]
        )
        #expect(
            Shop.problems { $0.pro = pro } == [
                "tiers[1].allowances.documents.units (of 'pro'): \(bounds)",
                "tiers[1].allowances.documents.overage.up_to (of 'pro'): \(bounds)",
                "tiers[1].allowances.documents.rollover.up_to (of 'pro'): \(bounds)",
                "tiers[1].allowances.seats.level (of 'pro'): \(bounds)",
                "tiers[1].allowances.seats.overage.up_to (of 'pro'): \(bounds)",
                "tiers[1].rates.documents[0].units (of 'pro'): \(bounds)",
                "tiers[1].credits.ai.units (of 'pro'): \(bounds)",
                "tiers[1].credits.ai.rollover.up_to (of 'pro'): \(bounds)",
            ]
        )
    }

    @Test func `a gauge has a level and a consumable meter a limit`() {
        let pro = Shop.pro(allowances: [.documents: .level(5), Shop.seats: .limited(5, per: .month)])
        #expect(
            Shop.problems { $0.pro = pro } == [
                "tiers[1].allowances.documents (of 'pro'): "
                    + "a consumable meter takes '.limited', for a level is a gauge's.",
                "tiers[1].allowances.seats (of 'pro'): a gauge takes '.level', for it is not used up.",
            ]
        )
        #expect(Shop.problems { $0.pro = Shop.pro(allowances: [Shop.seats: .unlimited, .documents: .none]) } == [])
    }

    @Test func `what is used up is no gauge`() {
        let sentence = "this needs a consumable meter, for a gauge is not used up."
        #expect(
            Shop.problems { shop in
                shop.meters[1] = Meter(Shop.seats, name: "Seats", kind: .gauge, draw: .init(on: Shop.ai))
                shop.pro = Shop.pro(rates: [Shop.seats: [.init(1, per: .minute)]])
                shop.packs = [Shop.pack(contents: .units(5, of: Shop.seats))]
                shop.trial = .init(days: 7, gives: .units(5, of: Shop.seats))
            } == [
                "meters[1].draw (of 'seats'): \(sentence)",
                "tiers[1].rates.seats (of 'pro'): \(sentence)",
                "packs[0].contents.meter (of 'hundred'): \(sentence)",
                "trial.gives.meter: \(sentence)",
            ]
        )
    }

    @Test func `a feature's value is of its kind`() {
        #expect(
            Shop.problems { $0.pro = Shop.pro(features: [Shop.sso: "yes", Shop.regions: true]) } == [
                "tiers[1].features.regions (of 'pro'): the value is a flag, and the feature is a number.",
                "tiers[1].features.sso (of 'pro'): the value is a text, and the feature is a flag.",
            ]
        )
    }

    @Test func `rates have short windows that all can be reached`() {
        func problems(_ rates: [Tier.Rate]) -> [String] {
            Shop.problems { $0.pro = Shop.pro(rates: [.documents: rates]) }
        }
        let place = "tiers[1].rates.documents"
        #expect(problems([]) == ["\(place) (of 'pro'): at least one is needed."])
        #expect(problems([.init(1, per: .init(every: 31, .day))]) == [])
        #expect(
            problems([.init(1, per: .init(every: 32, .day)), .init(1, per: .month)]) == [
                "\(place)[0].per (of 'pro'): a window of 32 days is not a fixed time of at most 31 days.",
                "\(place)[1].per (of 'pro'): a window of month is not a fixed time of at most 31 days.",
            ]
        )
        #expect(problems([.init(60, per: .minute), .init(60, per: .hour)]) == [])
        #expect(
            problems([.init(60, per: .minute), .init(50, per: .hour)])
                == ["\(place)[0] (of 'pro'): 60 per minute can never be reached, because of 50 per hour."]
        )
        #expect(
            problems([.init(60, per: .minute), .init(50, per: .init(every: 60, .second))])
                == ["\(place)[1] (of 'pro'): 'a window of 60 seconds' is there before."]
        )
    }

    @Test func `lists are bounded`() {
        #expect(
            Shop.problems { shop in
                shop.meters += (0..<255).map { Meter(Meter.ID("m\($0)"), name: "M") }
            } == ["meters: 257 are too many; the bound is 256."]
        )
        #expect(
            Shop.problems { $0.more = (2..<65).map { Tier(Tier.ID("t\($0)"), rank: $0, name: "T") } }
                == ["tiers: 65 are too many; the bound is 64."]
        )
        let rates = (1...9).map { Tier.Rate(Int64($0), per: .init(every: $0, .minute)) }
        #expect(
            Shop.problems { $0.pro = Shop.pro(rates: [.documents: rates]) }
                == ["tiers[1].rates.documents (of 'pro'): 9 are too many; the bound is 8."]
        )
        let products = Dictionary(uniqueKeysWithValues: (0..<17).map { (ProviderID("p\($0)"), "x") })
        #expect(
            Shop.problems { $0.pro = Shop.pro(prices: [Shop.price(1, per: .month, products)]) }
                == ["tiers[1].prices[0].products (of 'pro'): 17 are too many; the bound is 16."]
        )
        let prices = (1...65).map { Shop.price(1, per: .init(every: $0, .day)) }
        #expect(
            Shop.problems { $0.pro = Shop.pro(prices: prices) }
                == ["tiers[1].prices (of 'pro'): 65 are too many; the bound is 64."]
        )
        #expect(
            Shop.problems { $0.settings = .init(lowBalance: (1...17).map { .percent($0) }) }
                == ["settings.low_balance: 17 are too many; the bound is 16."]
        )
        #expect(
            Shop.problems { $0.trial = .init(days: 30, gives: .tier(.pro), reminderDays: Array(1...17)) }
                == ["trial.reminder_days: 17 are too many; the bound is 16."]
        )
    }

    @Test func `everything that is wrong is told at once, in the catalog's order`() throws {
        let problems = Shop.problems { shop in
            shop.version = 0
            shop.meters.append(Meter(Meter.ID(""), name: ""))
            shop.pools = []
            shop.features = []
            shop.free = Tier(.pro, rank: 1, name: "")
            shop.packs = [Shop.pack(name: "")]
            shop.settings = .init(holdLength: .zero)
        }
        #expect(
            problems.map { $0.prefix { $0 != ":" && $0 != " " } } == [
                "version", "meters[2].id", "meters[2].name", "meters[0].draw.pool", "tiers[0].name", "tiers[1].id",
                "tiers[1].rank", "tiers[1].features.regions", "tiers[1].features.sso", "tiers[1].features.support",
                "tiers[1].credits.ai", "fallback", "packs[0].name", "packs[0].contents.pool", "settings.hold_seconds",
            ]
        )
        #expect(problems.allSatisfy { $0.hasSuffix(".") })
    }

    @Test func `an id that would spoil a sentence is quoted in it`() {
        let id = "a.b\n" + String(repeating: "x", count: 100)
        let problems = Shop.problems { $0.pro = Shop.pro(allowances: [Meter.ID(id): .none]) }
        let shown = "'a.b\\u{a}" + String(repeating: "x", count: 60) + "…'"
        #expect(problems == ["tiers[1].allowances[\(shown)] (of 'pro'): no meter is called \(shown)."])
    }
}
