import BillingKit

extension Account.Hold {
    /// The rows of the hold, one for each of its parts, after the columns that say where they belong.
    func rows(at place: [SQLValue]) -> [[SQLValue]] {
        let own = parts.map { (pool: CreditPool.ID?.none, part: $0, units: $0.amount) }
        let credits = (credits?.parts ?? []).enumerated().map { index, part in
            (pool: self.credits?.pool, part: part, units: index == 0 ? self.credits?.units ?? 0 : 0)
        }
        return (own + credits).enumerated().map { index, row in
            place + [
                SQLValue(id), SQLValue(index), SQLValue(meter), SQLValue(row.pool), SQLValue(row.part.grant),
                .integer(row.part.amount), .integer(row.units), SQLValue(key), .text(attempt), SQLValue(member),
                SQLValue(reservedAt), SQLValue(lapsesAt),
            ]
        }
    }

    /// Reads the row of one part, and returns a hold that has this part alone.
    init(_ reader: inout SQLRowReader) throws(StoreError) {
        let id = ID(try reader.text())
        _ = try reader.integer()
        let meter = Meter.ID(try reader.text())
        let pool = try reader.optionalText().map { CreditPool.ID($0) }
        let grant = try reader.optionalText().map { Account.Grant.ID($0) }
        let part = Part(grant: grant, amount: try reader.integer())
        let units = try reader.integer()
        self.init(
            id: id,
            meter: meter,
            parts: pool == nil ? [part] : [],
            credits: pool.map { Credits(pool: $0, units: units, parts: [part]) },
            key: Account.Key(try reader.text()),
            attempt: try reader.text(),
            member: try reader.optionalText().map { MemberID($0) },
            reservedAt: try reader.timestamp(),
            lapsesAt: try reader.timestamp()
        )
    }

    /// Returns the hold with the parts of another row of it added.
    func joined(with other: Account.Hold) throws(StoreError) -> Account.Hold {
        let hold = Account.Hold(
            id: id,
            meter: meter,
            parts: parts + other.parts,
            credits: try credits.map { (own) throws(StoreError) in try own.joined(with: other.credits, of: id) }
                ?? other.credits,
            key: key,
            attempt: attempt,
            member: member,
            reservedAt: reservedAt,
            lapsesAt: lapsesAt
        )
        // Added up exactly, because the hold's own sums would trap.
        let units = hold.parts.reduce(Int128(hold.credits?.units ?? 0)) { $0 + Int128($1.amount) }
        let all = hold.allParts.reduce(Int128(0)) { $0 + Int128($1.amount) }
        guard Int64(exactly: units) != nil, Int64(exactly: all) != nil else {
            throw StoreError(.corrupt, "Hold '\(id)' sets more aside than can be counted.")
        }
        return hold
    }
}

extension Account.Hold.Credits {
    fileprivate func joined(with other: Self?, of hold: Account.Hold.ID) throws(StoreError) -> Self {
        guard let other else { return self }
        let (sum, isTooMuch) = units.addingReportingOverflow(other.units)
        guard pool == other.pool, !isTooMuch else {
            throw StoreError(.corrupt, "The credits of hold '\(hold)' do not belong together.")
        }
        return Self(pool: pool, units: sum, parts: parts + other.parts)
    }
}

extension [Account.Hold] {
    /// Puts the holds of single rows together, rows of one hold lying side by side.
    init(joining rows: [Account.Hold]) throws(StoreError) {
        self = []
        for row in rows {
            if let last, last.id == row.id {
                self[count - 1] = try last.joined(with: row)
            } else {
                append(row)
            }
        }
    }
}
