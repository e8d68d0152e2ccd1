import BillingModel

// What is there in every catalog is written always; what a meter, tier or price may be without, only where it is.

extension JSONValue {
    init(_ catalog: Catalog) {
        self = .members(
            ("version", .integer(catalog.version.number)),
            ("meters", .list(catalog.meters) { JSONValue($0) }),
            ("pools", .list(catalog.pools) { .named($0.id, $0.name) }.unlessEmpty),
            ("features", .list(catalog.features) { JSONValue($0) }.unlessEmpty),
            ("tiers", .list(catalog.tiers) { JSONValue($0) }),
            ("fallback", .string(catalog.fallback.rawValue)),
            ("packs", .list(catalog.packs) { JSONValue($0) }.unlessEmpty),
            ("trial", catalog.trial.map { JSONValue($0) }),
            ("settings", JSONValue(catalog.settings))
        )
    }

    private init(_ meter: Meter) {
        self = .members(
            ("id", .string(meter.id.rawValue)),
            ("name", .string(meter.name)),
            ("kind", meter.kind == .consumable ? nil : .string(meter.kind.rawValue)),
            ("unit", meter.unit.map { .string($0) }),
            ("decimals", meter.decimals == 0 ? nil : .integer(Int64(meter.decimals))),
            ("draw", meter.draw.map { .members(("pool", .string($0.pool.rawValue)), ("cost", .integer($0.cost))) }),
            ("tier_change", meter.tierChange == .keepsUse ? nil : .string(meter.tierChange.rawValue)),
            ("per_seat", meter.isPerSeat ? .bool(true) : nil)
        )
    }

    private init(_ feature: Feature) {
        self = .members(
            ("id", .string(feature.id.rawValue)),
            ("name", .string(feature.name)),
            ("kind", .string(feature.kind.rawValue))
        )
    }

    private init(_ tier: Tier) {
        self = .members(
            ("id", .string(tier.id.rawValue)),
            ("rank", .integer(Int64(tier.rank))),
            ("name", .string(tier.name)),
            ("description", tier.description.isEmpty ? nil : .string(tier.description)),
            ("allowances", .map(tier.allowances) { JSONValue($0) }),
            ("features", .map(tier.features) { JSONValue($0) }.unlessEmpty),
            ("rates", .map(tier.rates) { .list($0) { JSONValue($0) } }.unlessEmpty),
            ("credits", .map(tier.credits) { JSONValue($0) }.unlessEmpty),
            ("prices", .list(tier.prices) { JSONValue($0) }.unlessEmpty)
        )
    }

    init(_ allowance: Allowance) {
        switch allowance {
        case .none: self = .string("none")
        case .unlimited: self = .string("unlimited")
        case .limited(let units, let recurrence, let overage, let rollover):
            self = .members(
                ("units", .integer(units)),
                ("per", JSONValue(recurrence)),
                ("overage", JSONValue.unlessRefused(overage)),
                ("rollover", JSONValue.unlessNone(rollover))
            )
        case .level(let units, let overage):
            self = .members(("level", .integer(units)), ("overage", JSONValue.unlessRefused(overage)))
        }
    }

    init(_ value: Feature.Value) {
        switch value {
        case .flag(let isOn): self = .bool(isOn)
        case .number(let number): self = .integer(number)
        case .text(let text): self = .string(text)
        }
    }

    init(_ rate: Tier.Rate) {
        self = .members(("units", .integer(rate.units)), ("per", JSONValue(rate.window)))
    }

    private init(_ credits: Tier.Credits) {
        self = .members(
            ("units", .integer(credits.amount)),
            ("per", JSONValue(credits.recurrence)),
            ("rollover", JSONValue.unlessNone(credits.rollover))
        )
    }

    private init(_ price: Tier.Price) {
        self = .members(
            ("amount", .string(price.amount.decimal)),
            ("currency", .string(price.amount.currency.code)),
            ("per", JSONValue(price.cycle)),
            ("products", .map(price.products) { .string($0) }.unlessEmpty)
        )
    }

    private init(_ pack: Pack) {
        let contents: JSONValue =
            switch pack.contents {
            case .credits(let units, let pool): .lot(units, "pool", pool)
            case .units(let units, let meter): .lot(units, "meter", meter)
            }
        let prices = JSONValue.list(pack.prices) { price in
            .members(
                ("amount", .string(price.amount.decimal)),
                ("currency", .string(price.amount.currency.code)),
                ("products", .map(price.products) { .string($0) }.unlessEmpty)
            )
        }
        self = .members(
            ("id", .string(pack.id.rawValue)),
            ("name", .string(pack.name)),
            ("contents", contents),
            ("life", pack.life.map { JSONValue($0) }),
            ("prices", prices.unlessEmpty)
        )
    }

    private init(_ trial: Catalog.Trial) {
        let gift: JSONValue =
            switch trial.gives {
            case .tier(let tier): .members(("tier", .string(tier.rawValue)))
            case .credits(let units, let pool): .lot(units, "pool", pool)
            case .units(let units, let meter): .lot(units, "meter", meter)
            }
        self = .members(
            ("days", .integer(Int64(trial.days))),
            ("gives", gift),
            ("reminder_days", .list(trial.reminderDays) { .integer(Int64($0)) })
        )
    }

    private init(_ settings: Catalog.Settings) {
        let refunds: JSONValue =
            switch settings.refunds {
            case .expire: .string("expire")
            case .extend(let days): .members(("extend_days", .integer(Int64(days))))
            case .newGrant: .string("new_grant")
            }
        let thresholds = JSONValue.list(settings.lowBalance) { threshold in
            switch threshold {
            case .percent(let percent): .members(("percent", .integer(Int64(percent))))
            case .units(let units): .members(("units", .integer(units)))
            }
        }
        self = .members(
            (
                "grace",
                .members(
                    ("renewal_seconds", .integer(settings.grace.renewalSeconds)),
                    ("past_due_seconds", .integer(settings.grace.pastDueSeconds))
                )
            ),
            ("low_balance", thresholds),
            ("refunds", refunds),
            ("hold_seconds", .integer(settings.holdSeconds)),
            (
                "attempts",
                .members(
                    ("life_seconds", .integer(settings.attempts.lifeSeconds)),
                    ("abandoned_seconds", .integer(settings.attempts.abandonedSeconds))
                )
            )
        )
    }

    private init(_ recurrence: Recurrence) {
        let unit = JSONValue.string(recurrence.unit.rawValue)
        guard recurrence.count != 1 || recurrence.offsetSeconds != 0 else {
            self = unit
            return
        }
        let offset = recurrence.offsetSeconds
        self = .members(
            ("every", .integer(Int64(recurrence.count))),
            ("unit", unit),
            ("offset_seconds", offset == 0 ? nil : .integer(Int64(offset)))
        )
    }
}

extension JSONValue {
    /// The value, or `nil` when it is an empty list or object.
    fileprivate var unlessEmpty: JSONValue? {
        switch self {
        case .array(let entries) where entries.isEmpty: nil
        case .object(let members) where members.isEmpty: nil
        default: self
        }
    }

    fileprivate static func members(_ members: (JSONKey, JSONValue?)...) -> JSONValue {
        .object(members.compactMap { key, value in value.map { (key, $0) } })
    }

    fileprivate static func list<T>(_ entries: [T], _ write: (T) -> JSONValue) -> JSONValue {
        .array(entries.map(write))
    }

    fileprivate static func map<T>(_ entries: [some Identifier: T], _ write: (T) -> JSONValue) -> JSONValue {
        .object(entries.map { (JSONKey($0.key.rawValue), write($0.value)) })
    }

    fileprivate static func named(_ id: some Identifier, _ name: String) -> JSONValue {
        .members(("id", .string(id.rawValue)), ("name", .string(name)))
    }

    fileprivate static func lot(_ units: Int64, _ key: JSONKey, _ id: some Identifier) -> JSONValue {
        .members((key, .string(id.rawValue)), ("units", .integer(units)))
    }

    fileprivate static func unlessRefused(_ overage: Allowance.Overage) -> JSONValue? {
        switch overage {
        case .refused: nil
        case .counted(let cap): .members(("up_to", .integer(cap)))
        case .countedWithoutCap: .string("without_cap")
        }
    }

    fileprivate static func unlessNone(_ rollover: Allowance.Rollover) -> JSONValue? {
        switch rollover {
        case .none: nil
        case .upTo(let cap): .members(("up_to", .integer(cap)))
        }
    }
}
