extension CatalogExaminer {
    mutating func examine(_ tiers: [Tier], at list: Place) {
        if tiers.isEmpty { note(.empty, at: list) }
        checkNames(tiers.map { ($0.id.rawValue, $0.name) }, limit: Catalog.Limits.tiers, at: list)
        var ranks: [Int: Tier.ID] = [:]
        for (index, tier) in tiers.enumerated() {
            let place = list.item(index, id: tier.id.rawValue)
            check(Int64(tier.rank), within: -Catalog.Limits.rank...Catalog.Limits.rank, at: place.at("rank"))
            if let other = ranks.updateValue(tier.id, forKey: tier.rank) {
                note(.equalRank(tier.rank, of: other.rawValue), at: place.at("rank"))
            }
            if !tier.description.isEmpty {
                check(tier.description, limit: Catalog.Limits.text, at: place.at("description"))
            }
            examineTerms(of: tier, at: place)
            examinePrices(of: tier, at: place.at("prices"))
        }
    }

    private mutating func examineTerms(of tier: Tier, at place: Place) {
        for (meter, allowance) in tier.allowances.sorted(by: { $0.key < $1.key }) {
            examine(allowance, of: meter, at: place.at("allowances").at(meter.rawValue))
        }
        for (feature, value) in tier.features.sorted(by: { $0.key < $1.key }) {
            examine(value, of: feature, at: place.at("features").at(feature.rawValue))
        }
        for (meter, rates) in tier.rates.sorted(by: { $0.key < $1.key }) {
            let list = place.at("rates").at(meter.rawValue)
            if rates.isEmpty { note(.empty, at: list) }
            examine(rates, of: meter, at: list)
        }
        for (pool, credits) in tier.credits.sorted(by: { $0.key < $1.key }) {
            let entry = place.at("credits").at(pool.rawValue)
            checkKnown(pool, at: entry)
            check(credits.amount, at: entry.at("units"))
            examine(credits.rollover, at: entry)
        }
    }

    private mutating func examinePrices(of tier: Tier, at list: Place) {
        check(count: tier.prices.count, limit: Catalog.Limits.prices, at: list)
        for (index, price) in tier.prices.enumerated() {
            let place = list.item(index)
            if tier.id == catalog.fallback, price.amount.minorUnits > 0 { note(.pricedFallback, at: place) }
            check(price.amount, price.products, of: .tier(tier.id, cycle: price.cycle), at: place)
        }
        for (index, price) in tier.prices.prefix(Catalog.Limits.prices).enumerated() {
            let before = tier.prices.prefix(index).first { other in
                other.amount.currency == price.amount.currency && other.cycle.hasSameLength(as: price.cycle)
            }
            if let before {
                note(.duplicate("\(before.amount.currency) per \(before.cycle)"), at: list.item(index))
            }
        }
    }

    private mutating func examine(_ allowance: Allowance, of meter: Meter.ID, at place: Place) {
        checkKnown(meter, at: place)
        let kind = meters[meter]?.kind
        switch allowance {
        case .none, .unlimited: break
        case .limited(let units, per: _, let overage, let rollover):
            if kind == .gauge { note(.limitOnGauge, at: place) }
            check(units, at: place.at("units"))
            examine(overage, at: place)
            examine(rollover, at: place)
        case .level(let units, let overage):
            if kind == .consumable { note(.levelOnConsumable, at: place) }
            check(units, at: place.at("level"))
            examine(overage, at: place)
        }
    }

    private mutating func examine(_ overage: Allowance.Overage, at place: Place) {
        if case .counted(let cap) = overage { check(cap, at: place.at("overage").at("up_to")) }
    }

    private mutating func examine(_ rollover: Allowance.Rollover, at place: Place) {
        if case .upTo(let cap) = rollover { check(cap, at: place.at("rollover").at("up_to")) }
    }

    private mutating func examine(_ value: Feature.Value, of feature: Feature.ID, at place: Place) {
        if let known = features[feature] {
            if known.kind != value.kind { note(.wrongKind(value.kind, expected: known.kind), at: place) }
        } else {
            note(.unknown(.feature, feature.rawValue), at: place)
        }
        if case .text(let text) = value { check(text, limit: Catalog.Limits.text, at: place) }
    }

    private mutating func examine(_ rates: [Tier.Rate], of meter: Meter.ID, at list: Place) {
        checkConsumable(meter, at: list)
        check(count: rates.count, limit: Catalog.Limits.rates, at: list)
        for (index, rate) in rates.enumerated() {
            check(rate.units, at: list.item(index).at("units"))
            if rate.windowSeconds.map({ $0 > Catalog.Limits.rateWindowSeconds }) ?? true {
                note(.longWindow(rate.window), at: list.item(index).at("per"))
            }
        }
        for (index, rate) in rates.prefix(Catalog.Limits.rates).enumerated() {
            if let other = rates.prefix(Catalog.Limits.rates).first(where: { rate.isIdle(besides: $0) }) {
                note(.idleRate(rate, besides: other), at: list.item(index))
            }
        }
        // 60 seconds and a minute are one window, whatever it is called.
        checkUnique(
            rates.map { rate in rate.windowSeconds.map { "\($0) seconds" } ?? rate.window.description },
            at: { list.item($0) },
            says: { "a window of \($0)" }
        )
    }

    mutating func examine(_ overrides: [Account.Override]) {
        let list = Place().at("overrides")
        check(count: overrides.count, limit: Catalog.Limits.overrides, at: list)
        for (index, override) in overrides.enumerated() {
            let place = list.item(index)
            switch override.term {
            case .allowance(let allowance, let meter):
                examine(allowance, of: meter, at: place.at("allowances").at(meter.rawValue))
            case .rates(let rates, let meter): examine(rates, of: meter, at: place.at("rates").at(meter.rawValue))
            case .feature(let feature, let value):
                examine(value, of: feature, at: place.at("features").at(feature.rawValue))
            }
        }
        checkUnique(overrides.map(\.term.subject), at: { list.item($0) }, says: { $0 })
    }
}

extension Tier.Rate {
    /// Returns whether this rate cannot be reached before another one that holds for at least as long.
    fileprivate func isIdle(besides other: Tier.Rate) -> Bool {
        guard let window = windowSeconds, let longer = other.windowSeconds else { return false }
        return window < longer && units > other.units
    }
}

extension Account.Override.Term {
    /// What the term stands in place of.
    fileprivate var subject: String {
        switch self {
        case .allowance(_, let meter): "the allowance on \(meter)"
        case .rates(_, let meter): "the rates of \(meter)"
        case .feature(let feature, _): "the feature \(feature)"
        }
    }
}
