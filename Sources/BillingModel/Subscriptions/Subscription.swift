/// The customer's contract at the provider, as last reported.
///
/// It holds memories that move on their own: the newest report of all, the newest reports in which the contract was
/// being paid for, and when it was said since that nothing is given. Each only ever moves to newer versions, so the
/// order in which reports arrive does not show in what is left.
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
    public struct PaidPeriod: Hashable, Sendable {
        /// The period as the provider gave it.
        public let span: TimeSpan

        /// The version of the report that it came with.
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

    /// The newest period that was being paid for, or `nil` when no report has shown one.
    public var paid: PaidPeriod?

    /// The newest one with another start, or `nil` when no report has shown one.
    public var paidBefore: PaidPeriod?

    /// When the provider said, after the newest payment, that nothing is given: the instants of those reports'
    /// versions, each once, oldest first.
    ///
    /// All of them are kept and not the first alone, because a payment between two of them may still be told. There
    /// are at most 16: the first and the newest 15.
    public private(set) var losses: [Timestamp]

    /// When the provider said, after the newest payment, that one is due, and since when: kept as ``losses`` are, and as
    /// many.
    public private(set) var dues: [Timestamp]

    /// When the provider used a word for its standing, after the newest payment, that is newer than this code: kept as
    /// ``losses`` are, and as many.
    public private(set) var unknowns: [Timestamp]

    /// When orders for its periods were made that are paid, each once, oldest first: the newest 16, and empty unless a
    /// payment is due, since they are asked about then alone.
    public private(set) var payments: [Timestamp]

    /// The change that was dropped last, for as long as reports repeat it, so that it is told of once; else `nil`.
    public internal(set) var dropped: DroppedChange?

    /// The catalog version that the present tier was bought under.
    public var catalog: Catalog.Version

    /// Creates a subscription.
    ///
    /// - Parameters:
    ///   - snapshot: The newest report.
    ///   - paid: The newest period that was being paid for.
    ///   - paidBefore: The newest one with another start.
    ///   - losses: When the provider said that nothing is given, in any order. Those that count are kept.
    ///   - dues: When the provider said that a payment is due, in any order. Those that count are kept.
    ///   - unknowns: When it used a word that is newer than this code, in any order. Those that count are kept.
    ///   - payments: When paid orders for its periods were made, in any order. Those that count are kept.
    ///   - dropped: The change that was dropped last and is repeated.
    ///   - catalog: The catalog version that the present tier was bought under.
    public init(
        snapshot: SubscriptionSnapshot,
        paid: PaidPeriod?,
        paidBefore: PaidPeriod?,
        losses: [Timestamp] = [],
        dues: [Timestamp] = [],
        unknowns: [Timestamp] = [],
        payments: [Timestamp] = [],
        dropped: DroppedChange? = nil,
        catalog: Catalog.Version
    ) {
        self.snapshot = snapshot
        self.paid = paid
        self.paidBefore = paidBefore
        self.losses = Self.instants(among: losses, since: paid)
        self.dues = Self.instants(among: dues, since: paid)
        self.unknowns = Self.instants(among: unknowns, since: paid)
        self.payments = []
        self.dropped = dropped
        self.catalog = catalog
        note(payments)
    }

    /// The provider's name for the subscription.
    public var id: String { snapshot.id }

    /// When the provider first said, after the newest payment, that nothing is given, or `nil` when it has not.
    ///
    /// It does not move with later reports of the same: each would begin a new period of the fallback tier.
    public var lostAt: Timestamp? { losses.first }

    /// Creates the subscription of which this is the first report.
    ///
    /// - Parameters:
    ///   - report: What the provider says.
    ///   - catalog: The version that a tier bought with this report is pinned to.
    init(_ report: SubscriptionSnapshot, under catalog: Catalog.Version) {
        self.init(
            snapshot: report,
            paid: report.paidPeriod(under: catalog),
            paidBefore: nil,
            losses: report.losses,
            dues: report.dues,
            unknowns: report.unknowns,
            catalog: catalog
        )
    }

    /// Returns the subscription with a report taken in, or `nil` when the report says nothing newer.
    ///
    /// - Parameters:
    ///   - report: What the provider says.
    ///   - catalog: The version that a tier bought with this report is pinned to.
    /// - Returns: The subscription as it is then.
    func merging(_ report: SubscriptionSnapshot, under catalog: Catalog.Version) -> Subscription? {
        var merged = self
        let catalog = pinned(report.tier) ?? catalog
        if report.version > snapshot.version {
            merged.catalog = catalog
            merged.snapshot = report
            if report.pending.map(DroppedChange.init) != dropped { merged.dropped = nil }
        }
        if let period = report.paidPeriod(under: catalog) { merged.remember(period) }
        merged.losses = Self.instants(among: losses + report.losses, since: merged.paid)
        merged.dues = Self.instants(among: dues + report.dues, since: merged.paid)
        merged.unknowns = Self.instants(among: unknowns + report.unknowns, since: merged.paid)
        merged.note(payments)
        return merged == self ? nil : merged
    }

    /// Returns the catalog version that a tier was bought under, or `nil` where it is not known to have been.
    func pinned(_ tier: Tier.ID) -> Catalog.Version? {
        if tier == snapshot.tier { return catalog }
        return [paid, paidBefore].compactMap { $0?.terms }.first { $0.tier == tier }?.catalog
    }

    /// Returns the instants, of losses or of dues, that a payment still to be told could make the first one after it,
    /// oldest first.
    ///
    /// Those up to the newest payment are over. Of too many, those between the first and the newest 15 go, which
    /// leaves the same whatever order they are told in. As long as no payment is told late, the first alone counts.
    /// Only a payment that is told after 15 losses newer than the one it precedes may find that one gone; the next
    /// that is kept then counts, which is past as well, so that access lasts no longer for it.
    private static func instants(among instants: [Timestamp], since paid: PaidPeriod?) -> [Timestamp] {
        let counting = instants.filter { instant in paid.map { $0.version.object < instant } ?? true }
        let ordered = Set(counting).sorted()
        guard ordered.count > maximumInstants else { return ordered }
        return ordered.prefix(1) + ordered.suffix(maximumInstants - 1)
    }

    /// The most losses, dues and others that are kept of each: more than a contract usually has between two payments, and few
    /// enough to be read with every account.
    private static let maximumInstants = 16

    /// Keeps the two newest paid periods, each at its newest version, whatever order they are told in.
    private mutating func remember(_ period: PaidPeriod) {
        guard paid?.version != period.version, paidBefore?.version != period.version else { return }
        var newest: [Timestamp: PaidPeriod] = [:]
        for candidate in [paid, paidBefore, period].compactMap(\.self) {
            let known = newest[candidate.span.start]
            if known.map({ $0.version < candidate.version }) ?? true { newest[candidate.span.start] = candidate }
        }
        let ordered = newest.values.sorted { ($1.version, $1.span.start) < ($0.version, $0.span.start) }
        paid = ordered.first
        paidBefore = ordered.dropFirst().first
    }

    /// Keeps when paid orders for its periods were made, as far as that counts.
    mutating func note(_ payments: [Timestamp]) {
        self.payments = isPaymentDue ? Set(payments).sorted().suffix(Self.maximumInstants) : []
    }

    /// The newest period that has been paid, by all that is known: the one whose allowance may be used; `nil` when none has.
    ///
    /// A provider opens a period before it is paid. When that payment fails, the period gives nothing until it
    /// succeeds, and the one before goes on, where there was one.
    var metered: PaidPeriod? { isRenewalDue ? paidBefore : paid }

    /// A Boolean value indicating whether a payment is due, as far as is known.
    var isPaymentDue: Bool { snapshot.status == .pastDue || !dues.isEmpty }

    /// A Boolean value indicating whether the payment that is due is the one that began the newest period.
    ///
    /// One that fails later than a renewal's would, that of a change in the middle of the period, takes nothing away
    /// that was paid for; nor does one beside an order for the period that is paid.
    var isRenewalDue: Bool {
        guard isPaymentDue, let paid, !isTrial(paid) else { return false }
        // One that has begun within it is the one that is due. One that follows leaves it as it is.
        let next = snapshot.period.start
        guard next <= paid.span.start || paid.span.end <= next else { return false }
        let last = paid.span.start.advanced(by: Self.renewalFailsWithin)
        guard dueSince < last else { return false }
        let first = paid.span.start.advanced(by: .zero - Self.orderPrecedesPeriodWithin)
        return !payments.contains { first <= $0 && $0 < min(last, max(paid.span.end, paid.span.start)) }
    }

    /// Returns whether a period is known from a report of a trial that the provider ran: one from before its end.
    func isTrial(_ period: PaidPeriod) -> Bool {
        snapshot.trialEnd.map { period.version.object < $0 } ?? false
    }

    /// Since when a payment is due.
    ///
    /// Where the provider does not say, it is since the first report of it after the newest payment: what later ones
    /// have as their own time moves.
    var dueSince: Timestamp { snapshot.pastDueAt ?? dues.first ?? snapshot.period.start }

    /// How long after a period's start its renewal's payment fails, if it does: providers try within hours.
    static let renewalFailsWithin = Duration.seconds(2 * 86_400)

    /// How long before a period's start the order for it is made, at most: a purchase's comes first by moments.
    private static let orderPrecedesPeriodWithin = Duration.seconds(3_600)
}
