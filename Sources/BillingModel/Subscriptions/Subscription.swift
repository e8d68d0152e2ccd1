/// The customer's contract at the provider, as last reported.
///
/// It holds two memories that move on their own: the newest report of all, and the newest report in which the
/// contract was being paid for. Each only ever moves to a newer version, so the order in which reports arrive
/// does not show in what is left.
public struct Subscription: Hashable, Sendable {
    /// A period that the provider reported while the contract was being paid for.
    public struct PaidPeriod: Hashable, Sendable {
        /// The period as the provider gave it.
        public let span: TimeSpan

        /// The version of the report that it came with.
        public let version: ObjectVersion

        /// Creates a paid period.
        public init(span: TimeSpan, version: ObjectVersion) {
            self.span = span
            self.version = version
        }
    }

    /// The newest report.
    public var snapshot: SubscriptionSnapshot

    /// The newest period that was being paid for, or `nil` when no report has shown one.
    public var paid: PaidPeriod?

    /// The catalog version that the present tier was bought under.
    public var catalog: Catalog.Version

    /// Creates a subscription.
    public init(snapshot: SubscriptionSnapshot, paid: PaidPeriod?, catalog: Catalog.Version) {
        self.snapshot = snapshot
        self.paid = paid
        self.catalog = catalog
    }

    /// The provider's name for the subscription.
    public var id: String { snapshot.id }

    /// Returns the subscription with a report taken in, or `nil` when the report says nothing newer.
    ///
    /// - Parameters:
    ///   - report: What the provider says.
    ///   - catalog: The version that a tier bought with this report is pinned to.
    /// - Returns: The subscription as it is then.
    func merging(_ report: SubscriptionSnapshot, under catalog: Catalog.Version) -> Subscription? {
        var merged = self
        if report.version > snapshot.version {
            if report.tier != snapshot.tier { merged.catalog = catalog }
            merged.snapshot = report
        }
        if let paid = report.paidPeriod, self.paid.map({ $0.version < paid.version }) ?? true {
            merged.paid = paid
        }
        return merged == self ? nil : merged
    }

    /// When access that this subscription gives ends or ended, or `nil` when it has given none so far.
    ///
    /// What the provider says of the end decides; where it says nothing, the end is the paid period's end plus
    /// the catalog's grace, so that a renewal reported late takes nothing away and one that never comes does.
    func accessEnd(grace: Catalog.Grace) -> Timestamp? {
        guard let paid else { return nil }
        let said = [snapshot.endedAt, snapshot.endsAt].compactMap(\.self).min()
        switch snapshot.status {
        case .active, .trialing:
            let renewal = snapshot.cancelsAtPeriodEnd ? 0 : grace.renewalSeconds
            return said ?? paid.span.end.advanced(by: .seconds(renewal))
        case .pastDue:
            let since = snapshot.pastDueAt ?? snapshot.version.object
            let limit = since.advanced(by: .seconds(grace.pastDueSeconds))
            return said.map { min($0, limit) } ?? limit
        case .canceled, .unpaid, .paused, .incomplete, .incompleteExpired:
            return snapshot.endedAt ?? min(snapshot.endsAt ?? snapshot.version.object, snapshot.version.object)
        default:
            // A status newer than this code: what was paid for is kept to its end, and nothing beyond.
            return said ?? paid.span.end
        }
    }
}
