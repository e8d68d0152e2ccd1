extension Subscription {
    /// An order of the provider for a subscription, as far as it tells what was paid.
    public struct Charge: Hashable, Sendable {
        /// When the order was made.
        public let madeAt: Timestamp

        /// A Boolean value indicating whether it is paid, and not given back.
        public let isPaid: Bool

        /// A Boolean value indicating whether it is for a change that the customer asked for.
        public let isForChange: Bool

        /// Creates a charge.
        public init(madeAt: Timestamp, isPaid: Bool, isForChange: Bool) {
            self.madeAt = madeAt
            self.isPaid = isPaid
            self.isForChange = isForChange
        }
    }

    /// When orders for its periods were made that are paid, oldest first.
    public var payments: [Timestamp] { charges.filter(\.isPaid).map(\.madeAt) }

    /// Keeps what was charged for its periods, as far as that counts.
    mutating func note(_ charges: [Charge]) {
        self.charges = asksForCharges ? Array(Set(charges).sorted().suffix(Self.maximumCharges)) : []
    }

    /// A Boolean value indicating whether what was charged tells more than the reports do: while a payment is due, or has
    /// been before a period that is not known to be paid.
    var asksForCharges: Bool { snapshot.status == .pastDue || told.contains { $0.kind == .due } }

    /// The most charges that are kept.
    private static let maximumCharges = 16

    /// Returns what was charged for a period.
    ///
    /// The order for a period is made about its start: a purchase's moments before, a renewal's when the provider gets
    /// round to it. One for a change is for a period that the change began, which is one within another one, and not for
    /// a renewal that it happens to be near to.
    func charges(for period: PaidPeriod) -> [Charge] {
        let start = period.span.start
        let first = start.advanced(by: .zero - Self.orderPrecedesPeriodWithin)
        let earlier = periods.filter { $0.span.start < start }
        let isBegunByChange = earlier.isEmpty || earlier.contains { start < $0.span.end }
        let lastForChange = isBegunByChange ? start.advanced(by: Self.orderPrecedesPeriodWithin) : first
        let last = min(period.failsBefore, max(period.span.end, start))
        return charges.filter { first <= $0.madeAt && $0.madeAt < ($0.isForChange ? lastForChange : last) }
    }

    /// How far from a period's start the order for it is made, at most: a purchase's comes first by moments.
    private static let orderPrecedesPeriodWithin = Duration.seconds(3_600)
}

extension Subscription.Charge: Comparable {
    /// Returns whether the first comes before the second.
    public static func < (left: Self, right: Self) -> Bool {
        (left.madeAt, left.place) < (right.madeAt, right.place)
    }

    private var place: Int { (isPaid ? 2 : 0) + (isForChange ? 1 : 0) }
}

extension Account.Order {
    /// What the order tells of what was paid for a subscription, or `nil` where it tells nothing: it is of a pack, was given
    /// back, or asks for nothing.
    var charge: Subscription.Charge? {
        guard pack == nil, !isGivenBack, isPaid || total.minorUnits > 0 else { return nil }
        return Subscription.Charge(madeAt: createdAt, isPaid: isPaid, isForChange: purpose == .change)
    }
}
