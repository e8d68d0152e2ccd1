import BillingModel

extension CatalogReader {
    mutating func tier(_ value: JSONValue, at place: Place) -> Tier {
        let object = object(
            value,
            at: place,
            keys: ["id", "rank", "name", "description", "allowances", "features", "rates", "credits", "prices"]
        )
        return Tier(
            Tier.ID(string("id", in: object)),
            rank: int("rank", in: object),
            name: string("name", in: object),
            description: optional("description", in: object) { $0.string($1, at: $2) } ?? "",
            allowances: map("allowances", in: object) { $0.allowance($1, at: $2) },
            features: map("features", in: object) { $0.featureValue($1, at: $2) },
            rates: map("rates", in: object) { reader, value, place in
                reader.list(value, at: place) { $0.rate($1, at: $2) }
            },
            credits: map("credits", in: object) { $0.credits($1, at: $2) },
            prices: list("prices", in: object) { reader, value, place in
                let price = reader.object(value, at: place, keys: ["amount", "currency", "per", "products"])
                let amount = reader.money(in: price)
                let cycle = reader.recurrence("per", in: price)
                let products: [ProviderID: String] = reader.map("products", in: price) { $0.string($1, at: $2) }
                return amount.map { Tier.Price($0, per: cycle, products: products) }
            }.compactMap { $0 }
        )
    }

    mutating func allowance(_ value: JSONValue, at place: Place) -> Allowance {
        switch value {
        case .string("none"): return .none
        case .string("unlimited"): return .unlimited
        case .object(let members) where members.contains(where: { $0.key == "level" }):
            let object = object(value, at: place, keys: ["level", "overage"])
            return .level(integer("level", in: object), overage: overage(in: object))
        case .object:
            let object = object(value, at: place, keys: ["units", "per", "overage", "rollover"])
            return .limited(
                integer("units", in: object),
                per: recurrence("per", in: object),
                overage: overage(in: object),
                rollover: rollover(in: object)
            )
        default:
            mismatch("\"none\", \"unlimited\", {\"units\": …, \"per\": …} or {\"level\": …}", value, at: place)
            return .none
        }
    }

    private mutating func overage(in object: Object) -> Allowance.Overage {
        optional("overage", in: object) { reader, value, place in
            switch value {
            case .string("refused"): return .refused
            case .string("without_cap"): return .countedWithoutCap
            case .object:
                return .counted(upTo: reader.integer("up_to", in: reader.object(value, at: place, keys: ["up_to"])))
            default:
                reader.mismatch("\"refused\", \"without_cap\" or {\"up_to\": …}", value, at: place)
                return .refused
            }
        } ?? .refused
    }

    private mutating func rollover(in object: Object) -> Allowance.Rollover {
        optional("rollover", in: object) { reader, value, place in
            switch value {
            case .string("none"): return .none
            case .object:
                return .upTo(reader.integer("up_to", in: reader.object(value, at: place, keys: ["up_to"])))
            default:
                reader.mismatch("\"none\" or {\"up_to\": …}", value, at: place)
                return .none
            }
        } ?? .none
    }

    mutating func featureValue(_ value: JSONValue, at place: Place) -> Feature.Value {
        switch value {
        case .bool(let isOn): return .flag(isOn)
        case .integer(let number): return .number(number)
        case .string(let text): return .text(text)
        default:
            mismatch("true, false, a whole number or a text", value, at: place)
            return .flag(false)
        }
    }

    mutating func rate(_ value: JSONValue, at place: Place) -> Tier.Rate {
        let object = object(value, at: place, keys: ["units", "per"])
        return Tier.Rate(integer("units", in: object), per: recurrence("per", in: object))
    }

    private mutating func credits(_ value: JSONValue, at place: Place) -> Tier.Credits {
        let object = object(value, at: place, keys: ["units", "per", "rollover"])
        return Tier.Credits(
            integer("units", in: object),
            per: recurrence("per", in: object),
            rollover: rollover(in: object)
        )
    }

    // MARK: Time and money

    mutating func recurrence(_ key: JSONKey, in object: Object) -> Recurrence {
        required(key, in: object, "an interval such as \"month\"", or: .month) { $0.recurrence($1, at: $2) }
    }

    mutating func recurrence(_ value: JSONValue, at place: Place) -> Recurrence {
        guard case .object = value else { return Recurrence(every: 1, word(value, at: place, or: .month)) }
        let object = object(value, at: place, keys: ["every", "unit", "offset_seconds"])
        let every = bounded("every", in: object, within: 1...Recurrence.maximumCount)
        let farthest = Recurrence.maximumOffsetSeconds
        let offset = bounded("offset_seconds", in: object, within: -farthest...farthest)
        let unit: Recurrence.Unit = required("unit", in: object, "a unit such as \"day\"", or: .month) {
            $0.word($1, at: $2, or: .month)
        }
        return Recurrence(every: every ?? 1, unit, offsetSeconds: offset ?? 0)
    }

    /// Reads a number for which the model would take the nearest bound: a slip must not become a term.
    private mutating func bounded(_ key: JSONKey, in object: Object, within bounds: ClosedRange<Int>) -> Int? {
        optional(key, in: object) { reader, value, place in
            let number = Int(clamping: reader.integer(value, at: place))
            if !bounds.contains(number) {
                reader.mismatch("a number from \(bounds.lowerBound) to \(bounds.upperBound)", value, at: place)
            }
            return number
        }
    }

    /// Reads a price's amount and currency, or returns `nil` after noting what is wrong with them.
    ///
    /// The amount is a text, because readers of JSON may turn `29.90` into the nearest binary fraction.
    mutating func money(in object: Object) -> Money? {
        let currency: Currency? = required("currency", in: object, "a currency such as \"EUR\"", or: nil) {
            $0.currency($1, at: $2)
        }
        let example = "a decimal number in quotes such as \"29.90\""
        return required("amount", in: object, example, or: nil) { reader, value, place in
            guard case .string(let text) = value else {
                reader.mismatch(example, value, at: place)
                return nil
            }
            guard let currency else { return nil }
            if let money = try? Money(decimal: text, currency: currency) { return money }
            reader.mismatch("\(example), with at most \(currency.exponent) decimals of \(currency)", value, at: place)
            return nil
        }
    }

    private mutating func currency(_ value: JSONValue, at place: Place) -> Currency? {
        if case .string(let code) = value, let currency = Currency(code: code) { return currency }
        mismatch("the code of a currency, such as \"EUR\"", value, at: place)
        return nil
    }
}
