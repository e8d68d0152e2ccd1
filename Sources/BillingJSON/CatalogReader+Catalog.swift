import BillingModel

extension CatalogReader {
    mutating func catalog(_ value: JSONValue) throws(CatalogJSONError) -> Catalog {
        let object = object(
            value,
            at: Place(),
            keys: ["version", "meters", "pools", "features", "tiers", "fallback", "packs", "trial", "settings"]
        )
        let version = Catalog.Version(integer("version", in: object))
        let meters = required("meters", in: object, "an array", or: []) { reader, value, place in
            reader.list(value, at: place) { $0.meter($1, at: $2) }
        }
        let pools = list("pools", in: object) { $0.pool($1, at: $2) }
        let features = list("features", in: object) { $0.feature($1, at: $2) }
        let tiers = required("tiers", in: object, "an array", or: []) { reader, value, place in
            reader.list(value, at: place) { $0.tier($1, at: $2) }
        }
        let fallback = Tier.ID(string("fallback", in: object))
        let packs = list("packs", in: object) { $0.pack($1, at: $2) }
        let trial = optional("trial", in: object) { $0.trial($1, at: $2) }
        let settings = optional("settings", in: object) { $0.settings($1, at: $2) }
        guard problems.isEmpty else { throw CatalogJSONError(problems) }
        do throws(CatalogError) {
            return try Catalog(
                version: version,
                meters: meters,
                pools: pools,
                features: features,
                tiers: tiers,
                fallback: fallback,
                packs: packs,
                trial: trial,
                settings: settings ?? Catalog.Settings()
            )
        } catch {
            throw CatalogJSONError(error.problems.map { .init(.inconsistent($0.fault), at: $0.place) })
        }
    }

    private mutating func meter(_ value: JSONValue, at place: Place) -> Meter {
        let object = object(value, at: place, keys: Self.meterKeys)
        return Meter(
            Meter.ID(string("id", in: object)),
            name: string("name", in: object),
            kind: optional("kind", in: object) { $0.word($1, at: $2, or: .consumable) } ?? .consumable,
            unit: optional("unit", in: object) { $0.string($1, at: $2) },
            decimals: Int(clamping: optional("decimals", in: object) { $0.integer($1, at: $2) } ?? 0),
            draw: optional("draw", in: object) { reader, value, place in
                let draw = reader.object(value, at: place, keys: ["pool", "cost"])
                return Meter.PoolDraw(
                    on: CreditPool.ID(reader.string("pool", in: draw)),
                    cost: reader.integer("cost", in: draw)
                )
            },
            tierChange: optional("tier_change", in: object) { $0.word($1, at: $2, or: .keepsUse) } ?? .keepsUse,
            isPerSeat: optional("per_seat", in: object) { $0.flag($1, at: $2) } ?? false
        )
    }

    private static let meterKeys = ["id", "name", "kind", "unit", "decimals", "draw", "tier_change", "per_seat"]

    private mutating func pool(_ value: JSONValue, at place: Place) -> CreditPool {
        let object = object(value, at: place, keys: ["id", "name"])
        return CreditPool(CreditPool.ID(string("id", in: object)), name: string("name", in: object))
    }

    private mutating func feature(_ value: JSONValue, at place: Place) -> Feature {
        let object = object(value, at: place, keys: ["id", "name", "kind"])
        return Feature(
            Feature.ID(string("id", in: object)),
            name: string("name", in: object),
            kind: optional("kind", in: object) { $0.word($1, at: $2, or: .flag) } ?? .flag
        )
    }

    private mutating func pack(_ value: JSONValue, at place: Place) -> Pack {
        let object = object(value, at: place, keys: ["id", "name", "contents", "life", "prices"])
        return Pack(
            Pack.ID(string("id", in: object)),
            name: string("name", in: object),
            contents: required("contents", in: object, "credits or units", or: .units(1, of: Meter.ID(""))) {
                $0.contents($1, at: $2)
            },
            life: optional("life", in: object) { $0.recurrence($1, at: $2) },
            prices: list("prices", in: object) { reader, value, place in
                let price = reader.object(value, at: place, keys: ["amount", "currency", "products"])
                let amount = reader.money(in: price)
                let products: [ProviderID: String] = reader.map("products", in: price) { $0.string($1, at: $2) }
                return amount.map { Pack.Price($0, products: products) }
            }.compactMap { $0 }
        )
    }

    private mutating func contents(_ value: JSONValue, at place: Place) -> Pack.Contents {
        let object = object(value, at: place, keys: ["pool", "meter", "units"])
        let units = integer("units", in: object)
        switch one(of: ["pool", "meter"], in: object) {
        case "pool": return .credits(units, of: CreditPool.ID(string("pool", in: object)))
        case "meter": return .units(units, of: Meter.ID(string("meter", in: object)))
        default: return .units(1, of: Meter.ID(""))
        }
    }

    private mutating func trial(_ value: JSONValue, at place: Place) -> Catalog.Trial {
        let object = object(value, at: place, keys: ["days", "gives", "reminder_days"])
        return Catalog.Trial(
            days: int("days", in: object),
            gives: required("gives", in: object, "a tier, credits or units", or: .tier(Tier.ID(""))) {
                $0.gift($1, at: $2)
            },
            reminderDays: optional("reminder_days", in: object) { reader, value, place in
                reader.list(value, at: place) { Int(clamping: $0.integer($1, at: $2)) }
            }
        )
    }

    private mutating func gift(_ value: JSONValue, at place: Place) -> Catalog.Trial.Gift {
        let object = object(value, at: place, keys: ["tier", "pool", "meter", "units"])
        switch one(of: ["tier", "pool", "meter"], in: object) {
        case "tier":
            if object.members["units"] != nil { note(.unknownKey(known: ["tier"]), at: place.at("units")) }
            return .tier(Tier.ID(string("tier", in: object)))
        case "pool": return .credits(integer("units", in: object), of: CreditPool.ID(string("pool", in: object)))
        case "meter": return .units(integer("units", in: object), of: Meter.ID(string("meter", in: object)))
        default: return .tier(Tier.ID(""))
        }
    }
}
