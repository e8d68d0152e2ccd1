import BillingModel
import SeededTesting

/// Makes sound catalogs of every shape from a seed.
struct CatalogGenerator {
    private var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    private mutating func number(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }

    private mutating func chance() -> Bool { Bool.random(using: &random) }

    private mutating func pick<T>(_ options: T...) -> T {
        options[Int(number(0...Int64(options.count - 1)))]
    }

    /// Small numbers and the largest ones, where a `Double` on the way would show.
    private mutating func units() -> Int64 {
        pick(number(1...100), number(1...Catalog.Limits.units), Catalog.Limits.units, (1 << 53) + 1)
    }

    private mutating func text() -> String {
        let scalars: [Unicode.Scalar] = [
            "a", "Z", "0", "_", " ", "\"", "\\", "/", "\n", "\u{1}", "é", "\u{301}", "🧾", ".",
        ]
        var text = "x"
        for _ in 0..<number(0...8) { text.unicodeScalars.append(scalars.randomElement(using: &random) ?? "a") }
        return text
    }

    /// An odd text that no other call returns.
    private mutating func unique(_ index: Int) -> String { "\(index)\(text())" }

    private mutating func list<T>(_ range: ClosedRange<Int64>, _ make: (inout CatalogGenerator, Int) -> T) -> [T] {
        var list: [T] = []
        for index in 0..<Int(number(range)) { list.append(make(&self, index)) }
        return list
    }

    private mutating func recurrence() -> Recurrence {
        Recurrence(
            every: pick(1, 1, 3, 10_000),
            pick(.second, .minute, .hour, .day, .week, .month, .year),
            offsetSeconds: pick(0, 0, 0, 7_200, -64_800)
        )
    }

    private mutating func overage() -> Allowance.Overage {
        pick(.refused, .counted(upTo: units()), .countedWithoutCap)
    }

    private mutating func rollover() -> Allowance.Rollover { pick(.none, .upTo(units())) }

    private mutating func allowance(on meter: Meter) -> Allowance {
        let counted: Allowance =
            switch meter.kind {
            case .gauge: .level(units(), overage: overage())
            case .consumable: .limited(units(), per: recurrence(), overage: overage(), rollover: rollover())
            }
        return pick(counted, counted, .none, .unlimited)
    }

    private mutating func value(of kind: Feature.Kind) -> Feature.Value {
        switch kind {
        case .flag: .flag(chance())
        case .number: .number(pick(.min, -1, 0, .max, number(0...100)))
        case .text: .text(text())
        }
    }

    private mutating func money() -> Money {
        Money(minorUnits: number(0...Catalog.Limits.minorUnits), currency: pick(.eur, .jpy, .kwd, .clf))
    }

    /// Products that no other price has.
    private mutating func products(_ name: String) -> [ProviderID: String] {
        var products: [ProviderID: String] = [:]
        for provider in ["polar", "polar.sandbox", "stripe"] where chance() {
            products[ProviderID(provider)] = "\(name)\(text())"
        }
        return products
    }

    private mutating func tier(_ rank: Int, meters: [Meter], features: [Feature], pools: [CreditPool]) -> Tier {
        var allowances: [Meter.ID: Allowance] = [:]
        var rates: [Meter.ID: [Tier.Rate]] = [:]
        for meter in meters where chance() {
            allowances[meter.id] = allowance(on: meter)
            guard meter.kind == .consumable, chance() else { continue }
            let fewest = number(1...60)
            rates[meter.id] = [
                Tier.Rate(fewest, per: .minute), Tier.Rate(fewest + number(0...60), per: .init(every: 2, .hour)),
            ]
        }
        var values: [Feature.ID: Feature.Value] = [:]
        for feature in features where chance() { values[feature.id] = value(of: feature.kind) }
        var credits: [CreditPool.ID: Tier.Credits] = [:]
        for pool in pools where chance() {
            credits[pool.id] = Tier.Credits(units(), per: recurrence(), rollover: rollover())
        }
        let prices = list(0...3) { generator, index in
            let cycle = Recurrence(every: index + 1, .month, offsetSeconds: generator.pick(0, 0, -64_800))
            return Tier.Price(generator.money(), per: cycle, products: generator.products("t\(rank).\(index)"))
        }
        return Tier(
            Tier.ID(unique(rank)),
            rank: rank,
            name: text(),
            description: pick("", text()),
            allowances: allowances,
            features: values,
            rates: rates,
            credits: credits,
            prices: rank == 0 ? [] : prices
        )
    }

    private mutating func pack(_ index: Int, meters: [Meter], pools: [CreditPool]) -> Pack {
        let meter = meters.first { $0.kind == .consumable }
        let contents: Pack.Contents? =
            if let pool = pools.first, chance() {
                .credits(units(), of: pool.id)
            } else {
                meter.map { .units(units(), of: $0.id) }
            }
        let price = Pack.Price(money(), products: products("p\(index)"))
        return Pack(
            Pack.ID(unique(index)),
            name: text(),
            contents: contents ?? .units(1, of: Meter.ID("none")),
            life: pick(nil, recurrence()),
            prices: pick([], [price])
        )
    }

    private mutating func settings() -> Catalog.Settings {
        Catalog.Settings(
            grace: .init(renewal: .seconds(number(0...86_400)), pastDue: .seconds(number(0...86_400))),
            lowBalance: pick([], [.percent(Int(number(1...99)))], [.units(units()), .percent(5), .percent(50)]),
            refunds: pick(.expire, .extend(byDays: Int(number(1...366))), .newGrant),
            holdLength: .seconds(number(1...Catalog.Limits.holdSeconds)),
            attempts: .init(life: .seconds(number(1...86_400)), abandonedAfter: .seconds(number(1...86_400)))
        )
    }

    mutating func catalog() throws(CatalogError) -> Catalog {
        let pools = list(0...3) { CreditPool(CreditPool.ID($0.unique($1)), name: $0.text()) }
        var meters = list(0...4) { generator, index in
            Meter(
                Meter.ID(generator.unique(index)),
                name: generator.text(),
                kind: generator.pick(.consumable, .gauge),
                unit: generator.pick(nil, generator.text()),
                decimals: Int(generator.number(0...9)),
                tierChange: generator.number(0...1) == 0 ? .keepsUse : .startsOver,
                isPerSeat: generator.number(0...1) == 0
            )
        }
        for (index, pool) in pools.enumerated() {
            let draw = Meter.PoolDraw(on: pool.id, cost: number(1...Catalog.Limits.cost))
            meters.append(Meter(Meter.ID("drawing\(index)"), name: text(), draw: draw))
        }
        meters.append(Meter(Meter.ID("plain"), name: "Plain"))
        let features = list(0...4) { generator, index in
            let kind = generator.pick(Feature.Kind.flag, .number, .text)
            return Feature(Feature.ID(generator.unique(index)), name: generator.text(), kind: kind)
        }
        var tiers: [Tier] = []
        for rank in 0...Int(number(0...4)) {
            tiers.append(tier(rank, meters: meters, features: features, pools: pools))
        }
        let gift: Catalog.Trial.Gift =
            if let tier = tiers.dropFirst().last, chance() {
                .tier(tier.id)
            } else if let pool = pools.first, chance() {
                .credits(units(), of: pool.id)
            } else {
                .units(units(), of: Meter.ID("plain"))
            }
        return try Catalog(
            version: .init(number(1...Int64.max)),
            meters: meters,
            pools: pools,
            features: features,
            tiers: tiers,
            fallback: tiers[0].id,
            packs: list(0...3) { $0.pack($1, meters: meters, pools: pools) },
            trial: pick(
                nil,
                .init(days: Int(number(1...366)), gives: gift),
                .init(days: 30, gives: gift, reminderDays: [])
            ),
            settings: settings()
        )
    }
}
