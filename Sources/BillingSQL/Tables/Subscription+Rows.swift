import BillingKit

extension Subscription {
    func row(at place: [SQLValue]) -> [SQLValue] {
        place + [.text(snapshot.id), SQLValue(snapshot.provider)] + SQLValue.values(of: snapshot.version)
            + [SQLValue(snapshot.tier), .text(snapshot.status.rawValue)] + SQLValue.values(of: snapshot.cycle)
            + SQLValue.values(of: snapshot.period)
            + [
                SQLValue(snapshot.cancelsAtPeriodEnd), SQLValue(snapshot.endsAt), SQLValue(snapshot.endedAt),
                SQLValue(snapshot.pastDueAt),
            ] + values(ofPeriod: 0) + values(ofPeriod: 1) + [.integer(catalog.number)] + laterRow
    }

    /// The span and version of one of the periods, empty where there is none.
    private func values(ofPeriod place: Int) -> [SQLValue] {
        let period = period(place)
        return SQLValue.values(of: period?.span) + SQLValue.values(of: period?.version)
    }

    private func period(_ place: Int) -> PaidPeriod? { periods.indices.contains(place) ? periods[place] : nil }

    /// What the first tables did not have.
    private var laterRow: [SQLValue] {
        [
            SQLValue(snapshot.trialEnd), SQLValue(snapshot.pausesAtPeriodEnd), SQLValue(snapshot.resumesAt),
            SQLValue(snapshot.quantity), SQLValue(snapshot.discount), SQLValue(snapshot.price?.minorUnits),
            SQLValue(snapshot.price?.currency.code), SQLValue(snapshot.pending?.tier),
        ] + SQLValue.values(of: snapshot.pending?.cycle)
            + [
                SQLValue(snapshot.pending?.quantity), SQLValue(snapshot.pending?.appliesAt),
            ] + SQLValue.values(of: period(0)?.terms) + SQLValue.values(of: period(1)?.terms)
            + [SQLValue(dropped?.tier), SQLValue(dropped?.appliesAt)]
            + values(ofPeriod: 2) + SQLValue.values(of: period(2)?.terms)
    }

    /// The rows of what was told and charged, after the columns that say where they belong.
    func lossRows(at place: [SQLValue]) -> [[SQLValue]] {
        told.map { place + [.text($0.kind.rawValue), SQLValue($0.at)] }
            + charges.map { place + [.text($0.kind), SQLValue($0.madeAt)] }
    }

    /// Reads the row of a subscription, and returns it without its losses, dues and others.
    init(_ reader: inout SQLRowReader) throws(StoreError) {
        let (id, provider) = (try reader.text(), ProviderID(try reader.text()))
        let version = try reader.version()
        let (tier, status) = (Tier.ID(try reader.text()), SubscriptionStatus(try reader.text()))
        let (cycle, period) = (try reader.recurrence(), try reader.span())
        let cancels = try reader.flag()
        let (endsAt, endedAt) = (try reader.optionalTimestamp(), try reader.optionalTimestamp())
        let pastDueAt = try reader.optionalTimestamp()
        let spans = (try PaidSpan(&reader), try PaidSpan(&reader))
        let catalog = Catalog.Version(try reader.integer())
        let snapshot = SubscriptionSnapshot(
            provider: provider,
            id: id,
            version: version,
            tier: tier,
            status: status,
            cycle: cycle,
            period: period,
            cancelsAtPeriodEnd: cancels,
            endsAt: endsAt,
            endedAt: endedAt,
            pastDueAt: pastDueAt,
            trialEnd: try reader.optionalTimestamp(),
            pausesAtPeriodEnd: try reader.flag(),
            resumesAt: try reader.optionalTimestamp(),
            quantity: try reader.optionalInteger(),
            discount: try reader.optionalText(),
            price: try reader.optionalMoney(),
            pending: try PendingChange.optional(&reader)
        )
        let terms = (try Terms.optional(&reader), try Terms.optional(&reader))
        let dropped = try DroppedChange.optional(&reader)
        let earlier = (try PaidSpan(&reader), try Terms.optional(&reader))
        self.init(
            snapshot: snapshot,
            periods: [
                spans.0?.period(for: terms.0), spans.1?.period(for: terms.1), earlier.0?.period(for: earlier.1),
            ].compactMap(\.self),
            dropped: dropped,
            catalog: catalog
        )
    }

    /// Returns the subscription with what was told and charged, which lies in rows of its own, added.
    func adding(_ rows: [ToldRow]) -> Subscription {
        Subscription(
            snapshot: snapshot,
            periods: periods,
            told: told + rows.compactMap { row in Told.Kind(rawValue: row.kind).map { Told($0, at: row.toldAt) } },
            charges: charges + rows.compactMap { Charge(kind: $0.kind, madeAt: $0.toldAt) },
            dropped: dropped,
            catalog: catalog
        )
    }

    /// What is told of a subscription at an instant.
    struct ToldRow {
        let kind: String
        let toldAt: Timestamp

        init(_ kind: String, _ toldAt: Timestamp) {
            (self.kind, self.toldAt) = (kind, toldAt)
        }
    }

    /// One row of the losses, dues and others of an account's subscriptions.
    struct LossRow {
        let subscription: Key
        let told: ToldRow

        init(_ reader: inout SQLRowReader) throws(StoreError) {
            subscription = Key(provider: ProviderID(try reader.text()), id: try reader.text())
            told = ToldRow(try reader.text(), try reader.timestamp())
        }
    }

    /// A paid period without what it was paid for, as its columns lie.
    private struct PaidSpan {
        let span: TimeSpan
        let version: ObjectVersion

        init?(_ reader: inout SQLRowReader) throws(StoreError) {
            let (start, end) = (try reader.optionalTimestamp(), try reader.optionalTimestamp())
            let version = try reader.optionalVersion()
            guard let start, let end, let version, let span = TimeSpan(start: start, end: end) else { return nil }
            (self.span, self.version) = (span, version)
        }

        func period(for terms: Terms?) -> PaidPeriod? {
            terms.map { PaidPeriod(span: span, version: version, terms: $0) }
        }
    }
}

extension [Subscription] {
    /// Puts subscriptions and their losses, dues and others together.
    init(_ subscriptions: [Subscription], losses: [Subscription.LossRow]) {
        let bySubscription = Dictionary(grouping: losses, by: \.subscription)
        self = subscriptions.map { subscription in
            bySubscription[subscription.key].map { subscription.adding($0.map(\.told)) } ?? subscription
        }
    }
}

extension Subscription.Charge {
    /// The words for charges, each of those for changes after the same of others.
    static let kinds = ["paid", "owed", "paid_change", "owed_change"]

    /// The word for what it is.
    fileprivate var kind: String { (isPaid ? "paid" : "owed") + (isForChange ? "_change" : "") }

    fileprivate init?(kind: String, madeAt: Timestamp) {
        guard Self.kinds.contains(kind) else { return nil }
        self.init(madeAt: madeAt, isPaid: kind.hasPrefix("paid"), isForChange: kind.hasSuffix("_change"))
    }
}

extension Subscription.Terms {
    fileprivate static func optional(_ reader: inout SQLRowReader) throws(StoreError) -> Subscription.Terms? {
        let (tier, quantity) = (try reader.optionalText(), try reader.optionalInteger())
        guard let number = try reader.optionalInteger(), let tier else { return nil }
        return Subscription.Terms(tier: Tier.ID(tier), quantity: quantity, catalog: Catalog.Version(number))
    }
}

extension SQLValue {
    fileprivate static func values(of terms: Subscription.Terms?) -> [SQLValue] {
        [SQLValue(terms?.tier), SQLValue(terms?.quantity), SQLValue(terms?.catalog.number)]
    }
}

extension Subscription.PendingChange {
    fileprivate static func optional(_ reader: inout SQLRowReader) throws(StoreError) -> Subscription.PendingChange? {
        let (tier, cycle) = (try reader.optionalText(), try reader.recurrence())
        let (quantity, appliesAt) = (try reader.optionalInteger(), try reader.optionalTimestamp())
        guard let tier, let appliesAt else { return nil }
        return Subscription.PendingChange(
            tier: Tier.ID(tier),
            cycle: cycle,
            quantity: quantity,
            appliesAt: appliesAt
        )
    }
}

extension Subscription.DroppedChange {
    fileprivate static func optional(_ reader: inout SQLRowReader) throws(StoreError) -> Subscription.DroppedChange? {
        let (tier, appliesAt) = (try reader.optionalText(), try reader.optionalTimestamp())
        guard let tier, let appliesAt else { return nil }
        return Subscription.DroppedChange(tier: Tier.ID(tier), appliesAt: appliesAt)
    }
}

extension SQLRowReader {
    /// Reads an amount and its currency; `nil` where they are empty.
    fileprivate mutating func optionalMoney() throws(StoreError) -> Money? {
        let (minorUnits, code) = (try optionalInteger(), try optionalText())
        guard let minorUnits, let code else { return nil }
        guard let currency = Currency(code: code) else {
            throw StoreError(.corrupt, "A price is in '\(code)', which is no currency.")
        }
        return Money(minorUnits: minorUnits, currency: currency)
    }
}
