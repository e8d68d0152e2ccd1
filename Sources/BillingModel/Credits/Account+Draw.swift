extension Account {
    /// Units that were used, with where they came from.
    ///
    /// Where a meter draws on credits there are draws of both: one of the meter, which ``Cover/credits`` covers, and
    /// one of the pool for each grant that paid.
    public struct Draw: Hashable, Sendable {
        /// What the units came from.
        public enum Cover: Hashable, Sendable {
            /// A grant, with where it came from.
            case grant(Grant.ID, Grant.Source)
            /// Credits, which the draws of a pool beside this one tell.
            case credits
            /// None: used on an unlimited meter, or beyond a limit.
            case nothing
        }

        /// The meter that was used.
        public let meter: Meter.ID

        /// The pool that its credits were drawn from, or `nil` for a draw of the meter itself.
        public let pool: CreditPool.ID?

        /// What the units came from.
        public let cover: Cover

        /// The units of the meter, or the credits of the pool.
        public let amount: Int64

        /// When the work counts that used them.
        public let at: Timestamp

        /// Creates a draw.
        public init(meter: Meter.ID, pool: CreditPool.ID? = nil, cover: Cover, amount: Int64, at: Timestamp) {
            self.meter = meter
            self.pool = pool
            self.cover = cover
            self.amount = amount
            self.at = at
        }

        /// What the units are of.
        public var subject: Balance.Subject { pool.map { .pool($0) } ?? .meter(meter) }

        /// The grant that the units came from, or `nil` where it was none.
        public var grant: Grant.ID? {
            if case .grant(let id, _) = cover { id } else { nil }
        }

        /// Returns the same draw of another number of units.
        func replacing(amount: Int64, cover: Cover? = nil) -> Draw {
            Draw(meter: meter, pool: pool, cover: cover ?? self.cover, amount: amount, at: at)
        }
    }

    /// Units of a draw that came back.
    public struct Return: Hashable, Sendable {
        /// What came back: a draw of as many units, at the instant of the one that it takes back.
        public let draw: Draw

        /// The revision whose draw it takes back, or `nil` for a correction of the count.
        public let revision: Int64?

        /// Creates a return.
        public init(_ draw: Draw, of revision: Int64?) {
            self.draw = draw
            self.revision = revision
        }
    }
}

extension Account.Draw.Cover {
    /// A Boolean value indicating whether the units are of a meter's own allowance or beyond it, and not of what
    /// was given beside.
    public var isOwn: Bool {
        switch self {
        case .grant(_, let source): source == .allowance
        case .credits: false
        case .nothing: true
        }
    }
}
