import BillingModel

extension CatalogReader {
    mutating func settings(_ value: JSONValue, at place: Place) -> Catalog.Settings {
        let object = object(value, at: place, keys: ["grace", "low_balance", "refunds", "hold_seconds", "attempts"])
        let defaults = Catalog.Settings()
        return Catalog.Settings(
            grace: optional("grace", in: object) { $0.grace($1, at: $2) } ?? defaults.grace,
            lowBalance: optional("low_balance", in: object) { reader, value, place in
                reader.list(value, at: place) { $0.threshold($1, at: $2) }
            } ?? defaults.lowBalance,
            refunds: optional("refunds", in: object) { $0.refunds($1, at: $2) } ?? defaults.refunds,
            holdLength: .seconds(
                optional("hold_seconds", in: object) { $0.integer($1, at: $2) } ?? defaults.holdSeconds
            ),
            attempts: optional("attempts", in: object) { $0.attempts($1, at: $2) } ?? defaults.attempts
        )
    }

    private mutating func attempts(_ value: JSONValue, at place: Place) -> Catalog.Attempts {
        let object = object(value, at: place, keys: ["life_seconds", "abandoned_seconds"])
        let defaults = Catalog.Attempts()
        return Catalog.Attempts(
            life: .seconds(optional("life_seconds", in: object) { $0.integer($1, at: $2) } ?? defaults.lifeSeconds),
            abandonedAfter: .seconds(
                optional("abandoned_seconds", in: object) { $0.integer($1, at: $2) } ?? defaults.abandonedSeconds
            )
        )
    }

    private mutating func grace(_ value: JSONValue, at place: Place) -> Catalog.Grace {
        let object = object(value, at: place, keys: ["renewal_seconds", "past_due_seconds"])
        let defaults = Catalog.Grace()
        return Catalog.Grace(
            renewal: .seconds(
                optional("renewal_seconds", in: object) { $0.integer($1, at: $2) } ?? defaults.renewalSeconds
            ),
            pastDue: .seconds(
                optional("past_due_seconds", in: object) { $0.integer($1, at: $2) } ?? defaults.pastDueSeconds
            )
        )
    }

    private mutating func threshold(_ value: JSONValue, at place: Place) -> Catalog.Threshold {
        let object = object(value, at: place, keys: ["percent", "units"])
        switch one(of: ["percent", "units"], in: object) {
        case "percent": return .percent(int("percent", in: object))
        case "units": return .units(integer("units", in: object))
        default: return .percent(1)
        }
    }

    private mutating func refunds(_ value: JSONValue, at place: Place) -> Catalog.RefundPolicy {
        switch value {
        case .string("expire"): return .expire
        case .string("new_grant"): return .newGrant
        case .object: return .extend(byDays: int("extend_days", in: object(value, at: place, keys: ["extend_days"])))
        default:
            mismatch("\"expire\", \"new_grant\" or {\"extend_days\": …}", value, at: place)
            return .expire
        }
    }

    /// Returns which one of some keys an object has, or `nil` after noting that it has none or several.
    mutating func one(of keys: [JSONKey], in object: Object) -> JSONKey? {
        let found = keys.filter { object.members[$0] != nil }
        if found.count == 1 { return found[0] }
        if !object.isStandIn {
            let names = keys.map(\.rawValue).joined(separator: ", ")
            let present = found.isEmpty ? "none" : found.map(\.rawValue).joined(separator: ", ")
            note(.mismatch(expected: "exactly one of \(names)", found: present), at: object.place)
        }
        return nil
    }
}
