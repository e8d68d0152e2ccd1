import BillingKit

extension Account {
    /// The account's own row.
    var row: [SQLValue] {
        [.text(customer.rawValue), .integer(revision), SQLValue(instant), SQLValue(anchor), SQLValue(tier)]
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
    func row(of customer: CustomerID) -> [SQLValue] {
        [
            .text(customer.rawValue), SQLValue(id), SQLValue(meter), .text(source.rawValue), .integer(amount),
            .integer(used), .integer(held), .integer(expired),
        ] + SQLValue.values(of: span)
    }

    init(_ reader: inout SQLRowReader) throws(StoreError) {
        self.init(
            id: ID(try reader.text()),
            meter: Meter.ID(try reader.text()),
            source: try reader.word(of: Source.self),
            amount: try reader.integer(),
            used: try reader.integer(),
            held: try reader.integer(),
            expired: try reader.integer(),
            span: try reader.span()
        )
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
