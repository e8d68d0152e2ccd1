import BillingKit

extension CommitRequest.Item {
    /// Adds the account's own row, up to when it is due.
    func addRow(to rows: inout SQLRowList) {
        rows.add(account.customer)
        rows.add(account.revision)
        rows.add(account.instant)
        rows.add(account.anchor)
        rows.add(account.standing?.tier)
        rows.add(account.standing?.catalog.number)
        rows.add(account.standing?.until)
        rows.add(account.firstPurchaseAt)
    }
}

extension SQLRowReader {
    /// Reads the revision of an account.
    mutating func revision() throws(StoreError) -> Int64 {
        let revision = try integer()
        guard (1...Account.maximumCount).contains(revision) else {
            throw StoreError(.corrupt, "A row is of revision \(revision), which no account can be at.")
        }
        return revision
    }

    /// Reads how often something was tried.
    mutating func attempts() throws(StoreError) -> Int {
        let attempts = try integer()
        guard (0...Account.maximumCount).contains(attempts) else {
            throw StoreError(.corrupt, "A row says that something was tried \(attempts) times.")
        }
        return Int(clamping: attempts)
    }

    /// Reads the columns of a standing; `nil` where they are empty.
    mutating func standing() throws(StoreError) -> Account.Standing? {
        let (tier, catalog, until) = (try optionalText(), try optionalInteger(), try optionalTimestamp())
        guard let tier, let catalog else { return nil }
        return Account.Standing(tier: Tier.ID(tier), catalog: Catalog.Version(catalog), until: until)
    }
}

/// A row of the balances: a period, and the grant that came with it while that is live.
struct BalanceRow {
    let period: Account.Period
    let grant: Account.Grant?

    init(_ period: Account.Period, grant: Account.Grant?) {
        self.period = period
        self.grant = grant
    }

    func add(to rows: inout SQLRowList, of customer: CustomerID) {
        rows.add(customer)
        rows.add(period.subject)
        rows.add(period.span.start)
        rows.add(period.span.end)
        rows.add(period.used)
        rows.add(period.uncovered)
        rows.add(period.lastUsed)
        rows.add(period.grant)
        guard let grant else { return rows.skip(11) }
        rows.add(grant.source.rawValue)
        rows.add(grant.basis.rawValue)
        rows.add(grant.priority)
        rows.add(grant.effective)
        rows.add(grant.expiry)
        rows.add(grant.amount)
        rows.add(grant.used)
        rows.add(grant.held)
        rows.add(grant.expired)
        rows.add(grant.voided)
        rows.add(grant.moved)
    }

    /// Reads a row after its customer.
    init(_ reader: inout SQLRowReader) throws(StoreError) {
        let (subject, span) = (try reader.subject(), try reader.span())
        let (used, uncovered) = (try reader.integer(), try reader.integer())
        let (lastUsed, name) = (try reader.optionalTimestamp(), try reader.optionalText())
        let id = name.map { Account.Grant.ID($0) }
        period = Account.Period(
            subject: subject,
            span: span,
            used: used,
            uncovered: uncovered,
            grant: id,
            lastUsed: lastUsed
        )
        grant = try id.flatMap { (id) throws(StoreError) in
            try reader.hasValue ? try Account.Grant(id: id, subject: subject, &reader) : nil
        }
    }
}

extension Account.Grant {
    /// Adds the row of a live grant.
    func add(to rows: inout SQLRowList, of customer: CustomerID) {
        rows.add(customer)
        rows.add(id)
        rows.add(subject)
        rows.add(source.rawValue)
        rows.add(basis.rawValue)
        rows.add(priority)
        rows.add(effective)
        rows.add(expiry)
        rows.add(amount)
        rows.add(used)
        rows.add(held)
        rows.add(expired)
        rows.add(voided)
        rows.add(moved)
    }

    func row(at place: [SQLValue]) -> [SQLValue] {
        place + [SQLValue(id)] + SQLValue.values(of: subject)
            + [
                .text(source.rawValue), .text(basis.rawValue), .integer(priority), SQLValue(effective),
                SQLValue(expiry), .integer(amount), .integer(used), .integer(held), .integer(expired),
                .integer(voided), .integer(moved),
            ]
    }

    init(_ reader: inout SQLRowReader) throws(StoreError) {
        try self.init(id: ID(reader.text()), subject: reader.subject(), &reader)
    }

    /// Reads what is said of a grant after its name and subject.
    init(id: ID, subject: Account.Balance.Subject, _ reader: inout SQLRowReader) throws(StoreError) {
        self.init(
            id: id,
            subject: subject,
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
        // Added up they would trap before anybody could say what is wrong with them.
        guard isCountable else {
            throw StoreError(.corrupt, "The numbers of grant '\(id)' are beyond what can be counted.")
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
