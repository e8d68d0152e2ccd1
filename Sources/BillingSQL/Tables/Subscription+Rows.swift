import BillingKit

extension Subscription {
    func row(at place: [SQLValue]) -> [SQLValue] {
        place + [.text(snapshot.id), SQLValue(snapshot.provider)] + SQLValue.values(of: snapshot.version)
            + [SQLValue(snapshot.tier), .text(snapshot.status.rawValue)] + SQLValue.values(of: snapshot.cycle)
            + SQLValue.values(of: snapshot.period)
            + [
                SQLValue(snapshot.cancelsAtPeriodEnd), SQLValue(snapshot.endsAt), SQLValue(snapshot.endedAt),
                SQLValue(snapshot.pastDueAt),
            ] + SQLValue.values(of: paid?.span) + SQLValue.values(of: paid?.version)
            + SQLValue.values(of: paidBefore?.span) + SQLValue.values(of: paidBefore?.version) + [
                SQLValue(lostAt), .integer(catalog.number),
            ]
    }

    init(_ reader: inout SQLRowReader) throws(StoreError) {
        let id = try reader.text()
        let snapshot = SubscriptionSnapshot(
            provider: ProviderID(try reader.text()),
            id: id,
            version: try reader.version(),
            tier: Tier.ID(try reader.text()),
            status: SubscriptionStatus(try reader.text()),
            cycle: try reader.recurrence(),
            period: try reader.span(),
            cancelsAtPeriodEnd: try reader.flag(),
            endsAt: try reader.optionalTimestamp(),
            endedAt: try reader.optionalTimestamp(),
            pastDueAt: try reader.optionalTimestamp()
        )
        self.init(
            snapshot: snapshot,
            paid: try PaidPeriod.optional(&reader),
            paidBefore: try PaidPeriod.optional(&reader),
            lostAt: try reader.optionalTimestamp(),
            catalog: Catalog.Version(try reader.integer())
        )
    }
}

extension Subscription.PaidPeriod {
    fileprivate static func optional(_ reader: inout SQLRowReader) throws(StoreError) -> Subscription.PaidPeriod? {
        let (start, end) = (try reader.optionalTimestamp(), try reader.optionalTimestamp())
        let version = try reader.optionalVersion()
        guard let start, let end, let version, let span = TimeSpan(start: start, end: end) else { return nil }
        return Subscription.PaidPeriod(span: span, version: version)
    }
}
