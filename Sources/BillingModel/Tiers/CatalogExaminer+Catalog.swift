extension CatalogExaminer {
    /// Examines the whole catalog.
    ///
    /// - Parameter tiers: The tiers in the order that they were given in, which the places count in.
    mutating func examine(tiers: [Tier]) {
        let root = Place()
        check(catalog.version.number, within: 1...Int64.max, at: root.at("version"))
        examineMeters(at: root.at("meters"))
        examinePools(at: root.at("pools"))
        checkNames(
            catalog.features.map { ($0.id.rawValue, $0.name) },
            limit: Catalog.Limits.features,
            at: root.at("features")
        )
        examine(tiers, at: root.at("tiers"))
        if !tiers.contains(where: { $0.id == catalog.fallback }) {
            note(.unknown(.tier, catalog.fallback.rawValue), at: root.at("fallback"))
        }
        examinePacks(at: root.at("packs"))
        if let trial = catalog.trial { examine(trial, at: root.at("trial")) }
        examine(catalog.settings, at: root.at("settings"))
    }

    private mutating func examineMeters(at list: Place) {
        if catalog.meters.isEmpty { note(.empty, at: list) }
        checkNames(catalog.meters.map { ($0.id.rawValue, $0.name) }, limit: Catalog.Limits.meters, at: list)
        for (index, meter) in catalog.meters.enumerated() {
            let place = list.item(index, id: meter.id.rawValue)
            if let unit = meter.unit { check(unit, limit: Catalog.Limits.unit, at: place.at("unit")) }
            check(Int64(meter.decimals), within: 0...Catalog.Limits.decimals, at: place.at("decimals"))
            if let draw = meter.draw {
                if meter.kind == .gauge { note(.notForGauges, at: place.at("draw")) }
                checkKnown(draw.pool, at: place.at("draw").at("pool"))
                check(draw.cost, within: 1...Catalog.Limits.cost, at: place.at("draw").at("cost"))
            }
        }
    }

    private mutating func examinePools(at list: Place) {
        checkNames(catalog.pools.map { ($0.id.rawValue, $0.name) }, limit: Catalog.Limits.pools, at: list)
        let drawn = Set(catalog.meters.compactMap(\.draw?.pool))
        for (index, pool) in catalog.pools.enumerated() where !drawn.contains(pool.id) {
            note(.undrawnPool, at: list.item(index, id: pool.id.rawValue))
        }
    }

    private mutating func examinePacks(at list: Place) {
        checkNames(catalog.packs.map { ($0.id.rawValue, $0.name) }, limit: Catalog.Limits.packs, at: list)
        for (index, pack) in catalog.packs.enumerated() {
            let place = list.item(index, id: pack.id.rawValue)
            switch pack.contents {
            case .credits(let units, let pool): examine(units, of: pool, at: place.at("contents"))
            case .units(let units, let meter): examine(units, of: meter, at: place.at("contents"))
            }
            let prices = place.at("prices")
            check(count: pack.prices.count, limit: Catalog.Limits.prices, at: prices)
            for (index, price) in pack.prices.enumerated() {
                check(price.amount, price.products, of: .pack(pack.id), at: prices.item(index))
            }
            checkUnique(pack.prices.map(\.amount.currency), at: { prices.item($0) }, says: \.code)
        }
    }

    private mutating func examine(_ trial: Catalog.Trial, at place: Place) {
        check(Int64(trial.days), within: 1...Catalog.Limits.days, at: place.at("days"))
        let gift = place.at("gives")
        switch trial.gives {
        case .tier(let id):
            if let tier = catalog.tier(id) {
                if let fallback = catalog.tier(catalog.fallback), tier.rank <= fallback.rank {
                    note(.idleTrial(id.rawValue), at: gift.at("tier"))
                }
            } else {
                note(.unknown(.tier, id.rawValue), at: gift.at("tier"))
            }
        case .credits(let units, let pool): examine(units, of: pool, at: gift)
        case .units(let units, let meter): examine(units, of: meter, at: gift)
        }
        let reminders = place.at("reminder_days")
        check(count: trial.reminderDays.count, limit: Catalog.Limits.reminders, at: reminders)
        for (index, days) in trial.reminderDays.enumerated() {
            if days < 1 {
                check(Int64(days), within: 1...Catalog.Limits.days, at: reminders.item(index))
            } else if days >= trial.days {
                note(.earlyReminder(days: days, trialDays: trial.days), at: reminders.item(index))
            }
        }
        checkUnique(trial.reminderDays, at: { reminders.item($0) }, says: { String($0) })
    }

    private mutating func examine(_ units: Int64, of pool: CreditPool.ID, at place: Place) {
        checkKnown(pool, at: place.at("pool"))
        check(units, at: place.at("units"))
    }

    private mutating func examine(_ units: Int64, of meter: Meter.ID, at place: Place) {
        checkConsumable(meter, at: place.at("meter"))
        check(units, at: place.at("units"))
    }

    private mutating func examine(_ settings: Catalog.Settings, at place: Place) {
        let longest = Catalog.Limits.days * 86_400
        let grace = place.at("grace")
        check(settings.grace.renewalSeconds, within: 0...longest, at: grace.at("renewal_seconds"))
        check(settings.grace.pastDueSeconds, within: 0...longest, at: grace.at("past_due_seconds"))
        let thresholds = place.at("low_balance")
        check(count: settings.lowBalance.count, limit: Catalog.Limits.thresholds, at: thresholds)
        for (index, threshold) in settings.lowBalance.enumerated() {
            switch threshold {
            case .percent(let percent):
                check(Int64(percent), within: 1...99, at: thresholds.item(index).at("percent"))
            case .units(let units): check(units, at: thresholds.item(index).at("units"))
            }
        }
        checkUnique(settings.lowBalance, at: { thresholds.item($0) }, says: { $0.description })
        if case .extend(let days) = settings.refunds {
            check(Int64(days), within: 1...Catalog.Limits.days, at: place.at("refunds").at("extend_days"))
        }
        check(settings.holdSeconds, within: 1...Catalog.Limits.holdSeconds, at: place.at("hold_seconds"))
        let attempts = place.at("attempts")
        check(settings.attempts.lifeSeconds, within: 1...longest, at: attempts.at("life_seconds"))
        check(settings.attempts.abandonedSeconds, within: 1...longest, at: attempts.at("abandoned_seconds"))
    }
}

extension Catalog.Threshold: CustomStringConvertible {
    /// The threshold in words, such as `20 %`.
    public var description: String {
        switch self {
        case .percent(let percent): "\(percent) %"
        case .units(let units): "\(units) units"
        }
    }
}
