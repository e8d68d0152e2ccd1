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
            + SQLValue.values(of: paidBefore?.span) + SQLValue.values(of: paidBefore?.version)
            + [.integer(catalog.number)]
    }

    /// The rows of the losses, after the columns that say where they belong.
    func lossRows(at place: [SQLValue]) -> [[SQLValue]] {
        losses.map { place + [SQLValue($0)] }
    }

    /// Reads the row of a subscription, and returns it without its losses.
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
            catalog: Catalog.Version(try reader.integer())
        )
    }

    /// Returns the subscription with losses that lie in rows of their own added.
    func adding(losses more: [Timestamp]) -> Subscription {
        Subscription(snapshot: snapshot, paid: paid, paidBefore: paidBefore, losses: losses + more, catalog: catalog)
    }

    /// One row of the losses of an account's subscriptions.
    struct LossRow {
        let subscription: String
        let lostAt: Timestamp

        init(_ reader: inout SQLRowReader) throws(StoreError) {
            subscription = try reader.text()
            lostAt = try reader.timestamp()
        }
    }
}

extension [Subscription] {
    /// Puts subscriptions and their losses together.
    init(_ subscriptions: [Subscription], losses: [Subscription.LossRow]) {
        let bySubscription = Dictionary(grouping: losses, by: \.subscription)
        self = subscriptions.map { subscription in
            bySubscription[subscription.id].map { subscription.adding(losses: $0.map(\.lostAt)) } ?? subscription
        }
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
