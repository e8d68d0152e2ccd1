import BillingKit

/// The rows of a page of the journal, put together again.
struct JournalPage {
    private struct Place: Hashable {
        let revision: Int64
        let ordinal: Int64
    }

    /// The tables whose rows make a page, in the order that their rows are given.
    static let tables = JournalTables.all

    private(set) var changes: [Account.Change] = []
    private var details: [Place: Account.Effect.Details] = [:]
    private var notices: [Int64: [Account.Notice]] = [:]
    private var references: [Int64: [ProviderReference]] = [:]
    private var events: [Int64: [Account.EventID]] = [:]

    init(_ answers: [SQLRows]) throws(StoreError) {
        guard answers.count == Self.tables.count else {
            throw StoreError(.corrupt, "\(answers.count) results came for \(Self.tables.count) questions.")
        }
        let tables = Dictionary(zip(Self.tables.map(\.name), answers)) { first, _ in first }
        func rows(of table: SQLTable) -> [[SQLValue]] { tables[table.name]?.rows ?? [] }
        try readDetails(rows(of: JournalTables.holds)) { (reader, details) throws(StoreError) in
            let hold = try Account.Hold(&reader)
            details.hold = try details.hold?.joined(with: hold) ?? hold
        }
        try readDetails(rows(of: JournalTables.grants)) { (reader, details) throws(StoreError) in
            details.grant = try Account.Grant(&reader)
        }
        try readDetails(rows(of: JournalTables.trials)) { (reader, details) throws(StoreError) in
            details.trial = try Account.Trial(&reader)
        }
        try readDetails(rows(of: JournalTables.overrides)) { (reader, details) throws(StoreError) in
            details.overrides.append(try Account.Override(&reader))
        }
        try readDetails(rows(of: JournalTables.subscriptions)) { (reader, details) throws(StoreError) in
            details.subscription = try Subscription(&reader)
        }
        try readDetails(rows(of: JournalTables.subscriptionLosses)) { (reader, details) throws(StoreError) in
            let (kind, toldAt) = (try reader.text(), try reader.timestamp())
            details.subscription = details.subscription?.adding([Subscription.ToldRow(kind, toldAt)])
        }
        try readDetails(rows(of: JournalTables.benefits)) { (reader, details) throws(StoreError) in
            details.benefit = try Benefit(&reader)
        }
        try readDetails(rows(of: JournalTables.upgrades)) { (reader, details) throws(StoreError) in
            details.upgrade = try Upgrade(&reader)
        }
        try readDetails(rows(of: JournalTables.upgradeCheckouts)) { (reader, details) throws(StoreError) in
            details.upgrade = details.upgrade?.adding(checkouts: [try Upgrade.Checkout(&reader)])
        }
        try readDetails(rows(of: JournalTables.upgradeActs)) { (reader, details) throws(StoreError) in
            details.upgrade = details.upgrade?.adding(acts: [try Upgrade.Act(&reader)])
        }
        try readDetails(rows(of: JournalTables.orders)) { (reader, details) throws(StoreError) in
            details.order = try Account.Order(&reader)
        }
        try readWholes(
            notices: rows(of: JournalTables.notices),
            references: rows(of: JournalTables.references),
            events: rows(of: JournalTables.events)
        )
        try read(rows(of: JournalTables.journal))
    }

    /// Reads the rows of a table that holds what an effect is about.
    private mutating func readDetails(
        _ rows: [[SQLValue]],
        _ read: (inout SQLRowReader, inout Account.Effect.Details) throws(StoreError) -> Void
    ) throws(StoreError) {
        for row in rows {
            var (place, reader) = try Self.place(row)
            try read(&reader, &details[place, default: .init()])
        }
    }

    /// Reads the rows of the tables that hold what belongs to a change as a whole.
    private mutating func readWholes(
        notices noticeRows: [[SQLValue]],
        references referenceRows: [[SQLValue]],
        events eventRows: [[SQLValue]]
    ) throws(StoreError) {
        for row in noticeRows {
            var reader = SQLRowReader(row)
            let notice = try Account.Notice(&reader)
            notices[notice.revision, default: []].append(notice)
        }
        for row in referenceRows {
            var reader = SQLRowReader(row)
            let reference = ProviderReference(
                provider: ProviderID(try reader.text()),
                kind: try reader.word(of: ProviderReference.Kind.self),
                id: try reader.text()
            )
            _ = try reader.text()
            references[try reader.integer(), default: []].append(reference)
        }
        for row in eventRows {
            var (place, reader) = try Self.place(row)
            events[place.revision, default: []].append(Account.EventID(try reader.text()))
        }
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
            let reason = try reader.optionalText()
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
                    references: references[place.revision] ?? [],
                    events: events[place.revision] ?? [],
                    reason: before?.reason ?? reason
                )
            )
        }
    }
}
