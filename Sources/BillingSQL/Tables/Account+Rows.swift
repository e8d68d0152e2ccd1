import BillingKit

extension Account {
    /// The account's own row.
    var row: [SQLValue] {
        [.text(customer.rawValue), .integer(revision), SQLValue(instant), SQLValue(anchor)]
            + SQLValue.values(of: standing)
    }
}

extension Account.Period {
    func row(of customer: CustomerID) -> [SQLValue] {
        [.text(customer.rawValue), SQLValue(meter)] + SQLValue.values(of: span)
            + [.integer(used), .integer(uncovered), SQLValue(grant), SQLValue(lastUsed)]
    }

    /// Reads a row after its customer.
    init(_ reader: inout SQLRowReader) throws(StoreError) {
        self.init(
            meter: Meter.ID(try reader.text()),
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
        place
            + [
                SQLValue(id), .text(subject.kind), .text(subject.name), .text(source.rawValue), .text(basis.rawValue),
                .integer(priority), SQLValue(effective), SQLValue(expiry), .integer(amount), .integer(used),
                .integer(held), .integer(expired), .integer(voided), .integer(moved),
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
    }
}

extension Account.Balance.Subject {
    /// The words that a subject's kind can be.
    static let kinds = ["meter"]

    var kind: String {
        switch self {
        case .meter: "meter"
        }
    }

    var name: String {
        switch self {
        case .meter(let meter): meter.rawValue
        }
    }
}

extension SQLRowReader {
    mutating func subject() throws(StoreError) -> Account.Balance.Subject {
        let (kind, name) = (try text(), try text())
        switch kind {
        case "meter": return .meter(Meter.ID(name))
        default: throw StoreError(.corrupt, "A row says '\(kind)' where that is no kind of balance.")
        }
    }

    /// Reads the columns of a standing; `nil` where they are empty.
    mutating func standing() throws(StoreError) -> Account.Standing? {
        let (tier, catalog, until) = (try optionalText(), try optionalInteger(), try optionalTimestamp())
        guard let tier, let catalog else { return nil }
        return Account.Standing(tier: Tier.ID(tier), catalog: Catalog.Version(catalog), until: until)
    }
}

extension Account.Hold {
    /// The rows of the hold, one for each of its parts, after the columns that say where they belong.
    func rows(at place: [SQLValue]) -> [[SQLValue]] {
        parts.enumerated().map { index, part in
            place + [
                SQLValue(id), SQLValue(index), SQLValue(meter), SQLValue(part.grant), .integer(part.amount),
                SQLValue(key),
                .text(attempt), SQLValue(member), SQLValue(reservedAt), SQLValue(lapsesAt),
            ]
        }
    }

    /// Reads the row of one part, and returns a hold that has this part alone.
    init(_ reader: inout SQLRowReader) throws(StoreError) {
        let id = ID(try reader.text())
        _ = try reader.integer()
        let meter = Meter.ID(try reader.text())
        let grant = try reader.optionalText().map { Account.Grant.ID($0) }
        let part = Part(grant: grant, amount: try reader.integer())
        self.init(
            id: id,
            meter: meter,
            parts: [part],
            key: Account.Key(try reader.text()),
            attempt: try reader.text(),
            member: try reader.optionalText().map { MemberID($0) },
            reservedAt: try reader.timestamp(),
            lapsesAt: try reader.timestamp()
        )
    }

    /// Returns the hold with the parts of another row of it added.
    func joined(with other: Account.Hold) -> Account.Hold {
        Account.Hold(
            id: id,
            meter: meter,
            parts: parts + other.parts,
            key: key,
            attempt: attempt,
            member: member,
            reservedAt: reservedAt,
            lapsesAt: lapsesAt
        )
    }
}

extension [Account.Hold] {
    /// Puts the holds of single rows together, rows of one hold lying side by side.
    init(joining rows: [Account.Hold]) {
        self = rows.reduce(into: []) { holds, row in
            if let last = holds.last, last.id == row.id {
                holds[holds.count - 1] = last.joined(with: row)
            } else {
                holds.append(row)
            }
        }
    }
}
