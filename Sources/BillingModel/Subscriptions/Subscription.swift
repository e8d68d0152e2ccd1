/// The customer's contract at the provider, as last reported.
///
/// It holds what the provider has said, each only as far as it may still matter: the newest report of all, the newest
/// periods that were shown as paid, when it said that nothing is given or that a payment is due, and what it charged for.
/// Each is the same whatever order that was told in, and what was paid for is worked out from them.
public struct Subscription: Hashable, Sendable {
    /// What a period was paid for.
    public struct Terms: Hashable, Sendable {
        /// The tier.
        public let tier: Tier.ID

        /// The seats or units, or `nil` where the product is not sold by number.
        public let quantity: Int64?

        /// The catalog version that the tier was bought under.
        public let catalog: Catalog.Version

        /// Creates terms.
        public init(tier: Tier.ID, quantity: Int64?, catalog: Catalog.Version) {
            self.tier = tier
            self.quantity = quantity
            self.catalog = catalog
        }
    }

    /// A period that the provider reported while the contract was being paid for.
    ///
    /// That it was reported so proves no payment: a provider opens a period before the payment for it is made.
    public struct PaidPeriod: Hashable, Sendable {
        /// The period as the provider gave it.
        public let span: TimeSpan

        /// The version of the newest such report of it.
        public let version: ObjectVersion

        /// What it was paid for.
        public let terms: Terms

        /// Creates a paid period.
        public init(span: TimeSpan, version: ObjectVersion, terms: Terms) {
            self.span = span
            self.version = version
            self.terms = terms
        }
    }

    /// The newest report.
    public var snapshot: SubscriptionSnapshot

    /// The newest periods that were shown as paid, the newest report's first: each with a start of its own, at most 3.
    ///
    /// Where the payment of one fails, the one before goes on; so more than one has to be known.
    public private(set) var periods: [PaidPeriod]

    /// When the provider said that nothing is given, that a payment is due, or what is newer than this code: each instant
    /// once for each, oldest first.
    ///
    /// Those are left out that can no longer matter. All others are kept and not the first alone, because a payment between
    /// two of them may still be told. Of each kind there are at most 18: the first after each of the periods, and the
    /// newest 15.
    public internal(set) var told: [Told]

    /// What was charged for its periods, oldest first: the newest 16, and empty unless a payment is due, since it is asked
    /// about then alone.
    public internal(set) var charges: [Charge]

    /// The change that was dropped last, for as long as reports repeat it, so that it is told of once; else `nil`.
    public internal(set) var dropped: DroppedChange?

    /// The catalog version that the present tier was bought under.
    public var catalog: Catalog.Version

    /// Creates a subscription.
    ///
    /// - Parameters:
    ///   - snapshot: The newest report.
    ///   - periods: Periods that were shown as paid, in any order. Those that count are kept.
    ///   - told: When the provider said what is no payment, in any order. What counts is kept.
    ///   - charges: What was charged for its periods, in any order. What counts is kept.
    ///   - dropped: The change that was dropped last and is repeated.
    ///   - catalog: The catalog version that the present tier was bought under.
    public init(
        snapshot: SubscriptionSnapshot,
        periods: [PaidPeriod],
        told: [Told] = [],
        charges: [Charge] = [],
        dropped: DroppedChange? = nil,
        catalog: Catalog.Version
    ) {
        self.snapshot = snapshot
        self.periods = []
        self.told = []
        self.charges = []
        self.dropped = dropped
        self.catalog = catalog
        for period in periods { remember(period) }
        note(told)
        note(charges)
    }

    /// The provider's name for the subscription.
    public var id: String { snapshot.id }

    /// The newest period that was shown as paid, or `nil` when no report has shown one.
    public var paid: PaidPeriod? { periods.first }

    /// When the provider said, after the newest report of a payment, that nothing is given, oldest first.
    public var losses: [Timestamp] { instants([.lost]) }

    /// When the provider said, after the newest report of a payment, that one is due, and since when, oldest first.
    public var dues: [Timestamp] { instants([.due, .failed]) }

    /// When the provider used a word for its standing, after the newest report of a payment, that is newer than this code,
    /// oldest first.
    public var unknowns: [Timestamp] { instants([.unknown]) }

    /// When the provider first said, after the newest report of a payment, that nothing is given, or `nil` when it has not.
    ///
    /// It does not move with later reports of the same: each would begin a new period of the fallback tier.
    public var lostAt: Timestamp? { losses.first }

    private func instants(_ kinds: Set<Told.Kind>) -> [Timestamp] {
        let counting = told.filter { one in
            kinds.contains(one.kind) && paid.map { $0.version.object < one.at } ?? true
        }
        return Set(counting.map(\.at)).sorted()
    }

    /// Creates the subscription of which this is the first report.
    ///
    /// - Parameters:
    ///   - report: What the provider says.
    ///   - pinned: The version that its tier is pinned to, or `nil` where none is known to have it.
    ///   - current: The version that counts where none has.
    init(_ report: SubscriptionSnapshot, under pinned: Catalog.Version?, else current: Catalog.Version) {
        self.init(
            snapshot: report,
            periods: [pinned.flatMap(report.paidPeriod)].compactMap(\.self),
            told: report.told,
            catalog: pinned ?? current
        )
    }

    /// Returns the subscription with a report taken in, or `nil` when the report says nothing newer.
    ///
    /// A payment for a tier that no catalog is known to have is not kept: nothing could be given for it.
    ///
    /// - Parameters:
    ///   - report: What the provider says.
    ///   - pinned: The version that its tier is pinned to, or `nil` where none is known to have it.
    /// - Returns: The subscription as it is then.
    func merging(_ report: SubscriptionSnapshot, under pinned: Catalog.Version?) -> Subscription? {
        var merged = self
        if report.version > snapshot.version {
            merged.catalog = pinned ?? catalog
            merged.snapshot = report
            if report.pending.map(DroppedChange.init) != dropped { merged.dropped = nil }
        }
        if let period = pinned.flatMap(report.paidPeriod) { merged.remember(period) }
        merged.note(told + report.told)
        merged.note(charges)
        return merged == self ? nil : merged
    }

    /// Returns the catalog version that a tier was bought under, the first where there are several, or `nil` where it is
    /// not known to have been.
    func pinned(_ tier: Tier.ID) -> Catalog.Version? {
        let bought = periods.lazy.map(\.terms).filter { $0.tier == tier }.map(\.catalog)
        return ((tier == snapshot.tier ? [catalog] : []) + bought).min()
    }

    /// Keeps the newest periods, each at its newest version, whatever order they are told in.
    private mutating func remember(_ period: PaidPeriod) {
        guard !periods.contains(where: { $0.version == period.version }) else { return }
        var newest: [Timestamp: PaidPeriod] = [:]
        for candidate in periods + [period] {
            let known = newest[candidate.span.start]
            if known.map({ $0.version < candidate.version }) ?? true { newest[candidate.span.start] = candidate }
        }
        periods = Array(
            newest.values.sorted { ($1.version, $1.span.start) < ($0.version, $0.span.start) }
                .prefix(Self.maximumPeriods)
        )
    }

    /// The most periods that are kept.
    static let maximumPeriods = 3
}
