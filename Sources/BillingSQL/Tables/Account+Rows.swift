import BillingKit

extension CommitRequest.Item {
    /// The account's own row.
    var row: [SQLValue] {
        let head: [SQLValue] = [
            .text(account.customer.rawValue), .integer(account.revision), SQLValue(account.instant),
            SQLValue(account.anchor),
        ]
        return head + SQLValue.values(of: account.standing) + [SQLValue(account.firstPurchaseAt), SQLValue(dueAt)]
    }
}

extension SQLRowReader {
    /// Reads the columns of a standing; `nil` where they are empty.
    mutating func standing() throws(StoreError) -> Account.Standing? {
        let (tier, catalog, until) = (try optionalText(), try optionalInteger(), try optionalTimestamp())
        guard let tier, let catalog else { return nil }
        return Account.Standing(tier: Tier.ID(tier), catalog: Catalog.Version(catalog), until: until)
    }
}

extension Account.Period {
    func row(of customer: CustomerID) -> [SQLValue] {
        [.text(customer.rawValue)] + SQLValue.values(of: subject) + SQLValue.values(of: span)
            + [.integer(used), .integer(uncovered), SQLValue(grant), SQLValue(lastUsed)]
    }

    /// Reads a row after its customer.
    init(_ reader: inout SQLRowReader) throws(StoreError) {
        self.init(
            subject: try reader.subject(),
            span: try reader.span(),
            used: try reader.integer(),
            uncovered: try reader.integer(),
            grant: try reader.optionalText().map { Account.Grant.ID($0) },
            lastUsed: try reader.optionalTimestamp()
        )
    }
}

extension Account.Grant {
    func row(at place: [SQLValue]) -> [SQLValue] {
        place + [SQLValue(id)] + SQLValue.values(of: subject)
            + [
                .text(source.rawValue), .text(basis.rawValue), .integer(priority), SQLValue(effective),
                SQLValue(expiry), .integer(amount), .integer(used), .integer(held), .integer(expired),
                .integer(voided), .integer(moved),
            ]
    }

    init(_ reader: inout SQLRowReader) throws(StoreError) {
        self.init(
            id: ID(try reader.text()),
            subject: try reader.subject(),
            source: try reader.word(of: Source.self),
            basis: try reader.word(of: Basis.self),
            priority: try reader.integer(),
            effective: try reader.timestamp(),
            expiry: try reader.optionalTimestamp(),
            amount: try reader.integer(),
            used: try reader.integer(),
            held: try reader.integer(),
            expired: try reader.integer(),
            voided: try reader.integer(),
            moved: try reader.integer()
        )
        // Numbers that a hand has put there can be wrong; an examination tells of that. They must not trap.
        var rest = Int128(amount)
        for gone in [used, held, expired, voided, moved] {
            rest -= Int128(gone)
            guard Int64(exactly: rest) != nil else {
                throw StoreError(.corrupt, "The numbers of grant '\(id)' are beyond what can be counted.")
            }
        }
    }
}

extension Account.Level {
    func row(at place: [SQLValue]) -> [SQLValue] {
        place + [SQLValue(meter), .integer(units)]
    }

    init(_ reader: inout SQLRowReader) throws(StoreError) {
        self.init(meter: Meter.ID(try reader.text()), units: try reader.integer())
        guard (0...Int64.max / 2).contains(units) else {
            throw StoreError(.corrupt, "Gauge '\(meter)' stands at \(units), where none can.")
        }
    }
}

extension Account.Window {
    func row(at place: [SQLValue]) -> [SQLValue] {
        place + [SQLValue(meter), .integer(seconds), SQLValue(start), .integer(used)]
    }

    init(_ reader: inout SQLRowReader) throws(StoreError) {
        self.init(
            meter: Meter.ID(try reader.text()),
            seconds: try reader.integer(),
            start: try reader.timestamp(),
            used: try reader.integer()
        )
    }
}

extension Account.Warning {
    func row(at place: [SQLValue]) -> [SQLValue] {
        place + SQLValue.values(of: subject) + [.text(degree.word), .integer(degree.number)]
    }

    init(_ reader: inout SQLRowReader) throws(StoreError) {
        let subject = try reader.subject()
        self.init(subject, try Degree(word: reader.text(), number: reader.integer()))
    }
}

extension Account.Warning.Degree {
    /// The words that a degree can be.
    static let words = ["percent", "units", "exhausted"]

    var word: String {
        switch self {
        case .low(let threshold): threshold.word
        case .exhausted: "exhausted"
        }
    }

    /// The threshold's number; 0 where there is none.
    var number: Int64 {
        switch self {
        case .low(let threshold): threshold.number
        case .exhausted: 0
        }
    }

    init(word: String, number: Int64) throws(StoreError) {
        self = word == "exhausted" ? .exhausted : .low(try Catalog.Threshold(word: word, number: number))
    }
}

extension Catalog.Threshold {
    var word: String {
        switch self {
        case .percent: "percent"
        case .units: "units"
        }
    }

    var number: Int64 {
        switch self {
        case .percent(let percent): Int64(percent)
        case .units(let units): units
        }
    }

    init(word: String, number: Int64) throws(StoreError) {
        switch word {
        case "percent" where number > 0: self = .percent(Int(clamping: number))
        case "units" where number > 0: self = .units(number)
        default: throw StoreError(.corrupt, "A row says '\(word) \(number)' where that is no threshold.")
        }
    }
}

extension Account.Trial {
    func row(at place: [SQLValue]) -> [SQLValue] {
        let (kind, name, units): (String, String, Int64?) =
            switch gift {
            case .tier(let tier): ("tier", tier.rawValue, nil)
            case .credits(let units, of: let pool): ("credits", pool.rawValue, units)
            case .units(let units, of: let meter): ("units", meter.rawValue, units)
            }
        return place + [
            SQLValue(startedAt), SQLValue(days), .text(kind), .text(name), SQLValue(units), .integer(catalog.number),
            SQLValue(grant), SQLValue(remindedDays.map { Int64($0) }), SQLValue(endedAt),
        ]
    }

    init(_ reader: inout SQLRowReader) throws(StoreError) {
        let startedAt = try reader.timestamp()
        let days = Int(clamping: try reader.integer())
        let (kind, name, units) = (try reader.text(), try reader.text(), try reader.optionalInteger())
        let gift: Catalog.Trial.Gift
        switch (kind, units) {
        case ("tier", nil): gift = .tier(Tier.ID(name))
        case ("credits", let units?): gift = .credits(units, of: CreditPool.ID(name))
        case ("units", let units?): gift = .units(units, of: Meter.ID(name))
        default: throw StoreError(.corrupt, "A row says '\(kind)' where that is nothing that a trial gives.")
        }
        self.init(
            startedAt: startedAt,
            days: days,
            gift: gift,
            catalog: Catalog.Version(try reader.integer()),
            grant: try reader.optionalText().map { Account.Grant.ID($0) },
            remindedDays: try reader.optionalInteger().map { Int(clamping: $0) },
            endedAt: try reader.optionalTimestamp()
        )
    }
}
