extension Account {
    /// Units set aside for work in progress.
    ///
    /// A hold is captured when the work is done or released when it failed; at its lapse it ends by itself.
    public struct Hold: Hashable, Sendable {
        /// The name of a hold within its customer, made from the revision that made it.
        public struct ID: Identifier {
            /// The text itself.
            public let rawValue: String

            /// Creates the id from its text.
            public init(_ rawValue: String) {
                self.rawValue = rawValue
            }
        }

        /// Units of one grant that a hold sets aside.
        public struct Part: Hashable, Sendable {
            /// The grant, or `nil` for units of an unlimited meter.
            public let grant: Grant.ID?

            /// The units.
            public let amount: Int64

            /// Creates a part.
            public init(grant: Grant.ID?, amount: Int64) {
                self.grant = grant
                self.amount = amount
            }
        }

        /// Credits that a hold sets aside for units that the meter's own grants do not cover.
        public struct Credits: Hashable, Sendable {
            /// The pool.
            public let pool: CreditPool.ID

            /// The units of the meter that the credits are for, 1 or more.
            public let units: Int64

            /// The grants that the credits come from, in the order that they are drawn; together a whole number
            /// for each unit.
            public let parts: [Part]

            /// Creates credits that are set aside.
            public init(pool: CreditPool.ID, units: Int64, parts: [Part]) {
                self.pool = pool
                self.units = units
                self.parts = parts
            }

            /// The credits set aside.
            public var amount: Int64 { parts.reduce(0) { $0 + $1.amount } }
        }

        /// The hold's name within its customer.
        public let id: ID

        /// The meter that is drawn on.
        public let meter: Meter.ID

        /// The grants that the units come from, in the order that they are drawn.
        public let parts: [Part]

        /// The credits beside them, or `nil` for none.
        public let credits: Credits?

        /// The key of the work that the hold is for.
        public let key: Key

        /// What tells one try at that work from another.
        public let attempt: String

        /// Who the work is done for.
        public let member: MemberID?

        /// When the units were set aside.
        public let reservedAt: Timestamp

        /// When the hold ends by itself.
        public let lapsesAt: Timestamp

        /// Creates a hold.
        public init(
            id: ID,
            meter: Meter.ID,
            parts: [Part],
            credits: Credits? = nil,
            key: Key,
            attempt: String,
            member: MemberID?,
            reservedAt: Timestamp,
            lapsesAt: Timestamp
        ) {
            self.id = id
            self.meter = meter
            self.parts = parts
            self.credits = credits
            self.key = key
            self.attempt = attempt
            self.member = member
            self.reservedAt = reservedAt
            self.lapsesAt = lapsesAt
        }

        /// Returns the hold with another supply or another end.
        func replacing(supply: Supply? = nil, lapsesAt: Timestamp? = nil) -> Hold {
            Hold(
                id: id,
                meter: meter,
                parts: supply?.parts ?? parts,
                credits: supply.map(\.credits) ?? credits,
                key: key,
                attempt: attempt,
                member: member,
                reservedAt: reservedAt,
                lapsesAt: lapsesAt ?? self.lapsesAt
            )
        }

        /// The units of the meter that are set aside.
        public var amount: Int64 { parts.reduce(credits?.units ?? 0) { $0 + $1.amount } }

        /// All that is set aside of grants, the meter's and the pool's.
        public var allParts: [Part] { parts + (credits?.parts ?? []) }

        /// What units are set aside of: the meter, and the pool that pays beside it.
        var subjects: [Balance.Subject] {
            [.meter(meter)] + (credits.map { [.pool($0.pool)] } ?? [])
        }

        /// What the hold sets aside.
        var supply: Supply { Supply(parts: parts, credits: credits) }
    }
}
