extension Account {
    /// Something that is asked of an account.
    public struct Command: Hashable, Sendable {
        /// What is asked; the larger payloads are boxed, so that a consume stays small.
        public enum Action: Hashable, Sendable {
            /// Use units up, all or none, or as many as are left.
            case consume(Consumption)
            /// Use units of several meters up, all or none.
            case consumeAll([Consumption])
            /// Count units that were used already, whatever is left.
            case record(Consumption)
            /// Set units aside for work that begins.
            indirect case reserve(Reservation)
            /// Use up what was set aside, or more, or less, because the work is done.
            indirect case capture(Capture)
            /// Give back what was set aside, because the work failed.
            case release(Hold.ID)
            /// Give units beside what the tier gives.
            indirect case grant(Granting)
            /// Take back what a grant has left.
            case void(Account.Grant.ID)
            /// Record that the customer asked to buy.
            indirect case startUpgrade(UpgradeRequest)
            /// Take in what the provider says.
            indirect case take(ProviderSnapshot)
        }

        /// A use of units.
        public struct Consumption: Hashable, Sendable {
            /// The meter.
            public let meter: Meter.ID
            /// The units, 1 or more.
            public let amount: Int64
            /// A Boolean value indicating whether fewer will do where fewer are left.
            public let isPartial: Bool

            /// Creates a use of units.
            public init(meter: Meter.ID, amount: Int64, isPartial: Bool = false) {
                self.meter = meter
                self.amount = amount
                self.isPartial = isPartial
            }
        }

        /// A setting aside of units.
        public struct Reservation: Hashable, Sendable {
            /// The meter.
            public let meter: Meter.ID
            /// The units, 1 or more.
            public let amount: Int64
            /// What tells this try at the work from another under the same key.
            public let attempt: String
            /// How long the units stay set aside, in microseconds from now, 1 or more.
            public let lapsesAfterMicroseconds: Int64

            /// Creates a setting aside of units.
            public init(meter: Meter.ID, amount: Int64, attempt: String, lapsesAfter: Duration) {
                self.meter = meter
                self.amount = amount
                self.attempt = attempt
                self.lapsesAfterMicroseconds = lapsesAfter.wholeMicroseconds
            }
        }

        /// The end of work that is done.
        public struct Capture: Hashable, Sendable {
            /// The hold that the work began with.
            public let hold: Hold.ID
            /// The meter of the hold.
            public let meter: Meter.ID
            /// The units that were set aside.
            public let reserved: Int64
            /// When they were set aside.
            public let reservedAt: Timestamp
            /// The units that the work took, 0 or more.
            public let amount: Int64

            /// Creates the end of the work that a hold was for.
            ///
            /// - Parameters:
            ///   - receipt: The receipt of the reservation.
            ///   - hold: The hold that the reservation made.
            ///   - amount: The units that the work took; what was set aside when left out.
            public init(of receipt: Receipt, hold: Hold.ID, amount: Int64? = nil) {
                self.hold = hold
                self.meter = receipt.meter
                self.reserved = receipt.amount
                self.reservedAt = receipt.at
                self.amount = amount ?? receipt.amount
            }
        }

        /// A wish to buy.
        public struct UpgradeRequest: Hashable, Sendable {
            /// The tier to buy.
            public let tier: Tier.ID
            /// How often it is to be billed.
            public let cycle: Recurrence?
            /// The host's reference for the work that the wish began from.
            public let reference: String?

            /// Creates a wish to buy.
            public init(tier: Tier.ID, cycle: Recurrence?, reference: String?) {
                self.tier = tier
                self.cycle = cycle
                self.reference = reference
            }
        }

        /// What is asked.
        public let action: Action

        /// The key under which the command takes effect once: 1 to 600 bytes without NUL.
        public let key: Key?

        /// Who acts.
        public let member: MemberID?

        /// Creates a command.
        public init(_ action: Action, key: Key? = nil, member: MemberID? = nil) {
            self.action = action
            self.key = key
            self.member = member
        }

        /// What the command's kind is called in the journal.
        public var kind: Change.Kind {
            switch action {
            case .consume, .consumeAll: .consume
            case .record: .record
            case .reserve: .reserve
            case .capture: .capture
            case .release: .release
            case .grant: .grant
            case .void: .void
            case .startUpgrade: .startUpgrade
            case .take: .provider
            }
        }
    }
}

extension Account.Command {
    /// The provider's names that the command is about, of which a decision has to know the owners.
    package var references: [ProviderReference] {
        switch action {
        case .take(let snapshot): snapshot.references
        case .grant(let granting): [granting.identity].compactMap(\.self)
        default: []
        }
    }

    /// A number that stands for what the command asks, so that a key used again for something else is noticed.
    ///
    /// The end of a piece of work has the number of its beginning: they share a key. Who acts and which try it
    /// is are no part of it; a retry may come from elsewhere. It is the 64-bit FNV-1a hash of a plain text, the
    /// same on every platform and in every process.
    package var fingerprint: Int64 {
        switch action {
        case .consume(let use):
            var hash = FNV1a(use.isPartial ? "consume up to" : "consume")
            hash.add(use.meter.rawValue)
            hash.add(use.amount)
            return hash.value
        case .consumeAll(let uses):
            var hash = FNV1a("consume all")
            for use in uses {
                hash.add(use.meter.rawValue)
                hash.add(use.amount)
            }
            return hash.value
        case .record(let use): return Self.hash("record\u{0}\(use.meter)\u{0}\(use.amount)")
        case .reserve(let use): return Self.hash("work\u{0}\(use.meter)\u{0}\(use.amount)")
        case .capture(let use): return Self.hash("work\u{0}\(use.meter)\u{0}\(use.reserved)")
        case .release(let hold): return Self.hash("release\u{0}\(hold)")
        case .grant(let granting): return Self.hash("grant\u{0}\(granting.plainText)")
        case .void(let grant): return Self.hash("void\u{0}\(grant)")
        case .startUpgrade(let wish):
            let cycle = wish.cycle?.description ?? ""
            return Self.hash("upgrade\u{0}\(wish.tier)\u{0}\(cycle)\u{0}\(wish.reference ?? "")")
        // A delivery is known by its id alone: its provider signs and words a retry anew.
        case .take(let snapshot): return Self.hash("provider\u{0}\(snapshot.provider)")
        }
    }

    private static func hash(_ text: String) -> Int64 {
        FNV1a(text).value
    }
}
