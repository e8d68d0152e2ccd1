import BillingKit

extension SQLTransaction<[Account.Change]> {
    /// Reads a page of a customer's journal: the revisions first, then the rows of each table for them.
    static func journal(_ query: JournalQuery) -> SQLTransaction {
        let customer = query.customer.rawValue
        let last = SQLStep(
            SQLStatement(
                """
                SELECT coalesce(max(revision), 0) FROM (SELECT DISTINCT revision FROM billing_journal \
                WHERE customer = ?1 AND revision > ?2 ORDER BY revision LIMIT ?3)
                """
            ),
            [.texts([customer]), .integers([query.after]), .integers([Int64(query.limit)])]
        )
        return SQLTransaction(
            .run([last]) { (rows) throws(StoreError) in
                var reader = SQLRowReader(rows.first?.rows.first ?? [])
                let last = try reader.integer()
                guard last > query.after else { return .done([]) }
                let columns: [SQLColumn] = [.texts([customer]), .integers([query.after]), .integers([last])]
                let tables: [SQLTable] = [
                    JournalTables.journal, JournalTables.holds, JournalTables.subscriptions, JournalTables.upgrades,
                    JournalTables.orders, JournalTables.notices, JournalTables.references, JournalTables.grants,
                ]
                let steps = tables.map { table in
                    let order = ["revision", "ordinal"] + (table.key.contains("part") ? ["part"] : [])
                    return SQLStep(
                        SQLStatement(
                            """
                            SELECT \(table.columnList) FROM \(table.name) WHERE customer = ?1 AND revision > ?2 \
                            AND revision <= ?3 ORDER BY \(order.joined(separator: ", "))
                            """
                        ),
                        columns
                    )
                }
                return .run(steps) { (rows) throws(StoreError) in .done(try JournalPage(rows).changes) }
            }
        )
    }
}

/// The rows of a page of the journal, put together again.
private struct JournalPage {
    private struct Place: Hashable {
        let revision: Int64
        let ordinal: Int64
    }

    private(set) var changes: [Account.Change] = []
    private var details: [Place: Account.Effect.Details] = [:]
    private var notices: [Int64: [Account.Notice]] = [:]
    private var references: [Int64: [ProviderReference]] = [:]

    init(_ rows: [SQLRows]) throws(StoreError) {
        guard rows.count == 8 else { throw StoreError(.corrupt, "\(rows.count) results came for 8 questions.") }
        for row in rows[1].rows {
            var (place, reader) = try Self.place(row)
            let hold = try Account.Hold(&reader)
            details[place, default: .init()].hold = details[place]?.hold?.joined(with: hold) ?? hold
        }
        for row in rows[2].rows {
            var (place, reader) = try Self.place(row)
            details[place, default: .init()].subscription = try Subscription(&reader)
        }
        for row in rows[3].rows {
            var (place, reader) = try Self.place(row)
            details[place, default: .init()].upgrade = try Upgrade(&reader)
        }
        for row in rows[4].rows {
            var (place, reader) = try Self.place(row)
            details[place, default: .init()].order = try Account.Order(&reader)
        }
        for row in rows[5].rows {
            var reader = SQLRowReader(row)
            let notice = try Account.Notice(&reader)
            notices[notice.revision, default: []].append(notice)
        }
        for row in rows[6].rows {
            var reader = SQLRowReader(row)
            let reference = ProviderReference(
                provider: ProviderID(try reader.text()),
                kind: try reader.word(of: ProviderReference.Kind.self),
                id: try reader.text()
            )
            _ = try reader.text()
            references[try reader.integer(), default: []].append(reference)
        }
        for row in rows[7].rows {
            var (place, reader) = try Self.place(row)
            details[place, default: .init()].grant = try Account.Grant(&reader)
        }
        try read(rows[0].rows)
    }

    private static func place(_ row: [SQLValue]) throws(StoreError) -> (Place, SQLRowReader) {
        var reader = SQLRowReader(row)
        _ = try reader.text()
        let place = Place(revision: try reader.integer(), ordinal: try reader.integer())
        return (place, reader)
    }

    /// Reads the journal's own rows: the first of a revision begins a change, the others add effects to it.
    private mutating func read(_ rows: [[SQLValue]]) throws(StoreError) {
        for row in rows {
            var reader = SQLRowReader(row)
            let customer = CustomerID(try reader.text())
            let place = Place(revision: try reader.integer(), ordinal: try reader.integer())
            let kind = try reader.word(of: Account.Change.Kind.self)
            let key = try reader.optionalText().map { Account.Key($0) }
            let fingerprint = try reader.integer()
            let member = try reader.optionalText().map { MemberID($0) }
            let (recordedAt, effectiveAt) = (try reader.timestamp(), try reader.timestamp())
            let receipt = try Account.Receipt.optional(&reader, revision: place.revision, at: recordedAt)
            let effect = try Account.Effect.optional(&reader, details: details[place] ?? .init())
            let isContinued = place.ordinal > 0
            guard isContinued == (changes.last?.revision == place.revision) else {
                throw StoreError(.corrupt, "Revision \(place.revision) of '\(customer)' lacks its first row.")
            }
            let before = isContinued ? changes.removeLast() : nil
            changes.append(
                Account.Change(
                    customer: customer,
                    revision: place.revision,
                    kind: kind,
                    key: before?.key ?? key,
                    fingerprint: fingerprint,
                    member: member,
                    recordedAt: recordedAt,
                    effectiveAt: effectiveAt,
                    receipt: receipt.map { before?.receipt?.adding($0) ?? $0 } ?? before?.receipt,
                    effects: (before?.effects ?? []) + [effect].compactMap(\.self),
                    notices: notices[place.revision] ?? [],
                    references: references[place.revision] ?? []
                )
            )
        }
    }
}
