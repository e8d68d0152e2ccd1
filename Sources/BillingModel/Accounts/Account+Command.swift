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
            /// Count many events, each once.
            indirect case recordAll([Event])
            /// Set units aside for work that begins.
            indirect case reserve(Reservation)
            /// Use up what was set aside, or more, or less, because the work is done.
            indirect case capture(Capture)
            /// Give work more time: its hold lapses so many microseconds from now, and never earlier than before.
            case extend(Hold.ID, byMicroseconds: Int64)
            /// Give back what was set aside, because the work failed.
            case release(Hold.ID)
            /// Give back units that were used up.
            indirect case refund(Refund)
            /// Put a count right.
            indirect case correct(Correction)
            /// Let a gauge stand at a level, 0 or more.
            case setLevel(Level)
            /// Let a gauge stand higher.
            case raise(Consumption)
            /// Let a gauge stand lower.
            case lower(Consumption)
            /// Give units beside what the tier gives.
            indirect case grant(Granting)
            /// Give what is in a pack.
            indirect case grantPack(PackGranting)
            /// Take back what a grant has left.
            case void(Account.Grant.ID)
            /// Begin the trial that the catalog has.
            case startTrial
            /// Put terms in place of the tier's, and of all that were put there before.
            case override([Account.Override])
            /// Write down what time alone has changed.
            case settle
            /// Look for contradictions in the account, and tell of those that are there.
            ///
            /// The account that the journal folds to is compared where it is given.
            indirect case examine(folded: Account?)
            /// Mend what an examination found.
            indirect case repair(Finding)
            /// Record that the customer asked to buy.
            indirect case startUpgrade(UpgradeRequest)
            /// Record what else happened to an attempt to buy.
            indirect case advanceUpgrade(UpgradeAdvance)
            /// Work out what becomes of a subscription that is changed; it is the provider's to change it.
            indirect case changeSubscription(SubscriptionChange)
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

        /// What is asked.
        public let action: Action

        /// The key under which the command takes effect once: 1 to 600 bytes without NUL.
        public let key: Key?

        /// Who acts.
        public let member: MemberID?

        /// The host's reference for the work: a denial carries it, so that a page can come back to the work.
        public let reference: String?

        /// Creates a command.
        public init(_ action: Action, key: Key? = nil, member: MemberID? = nil, reference: String? = nil) {
            self.action = action
            self.key = key
            self.member = member
            self.reference = reference
        }

        /// What the command's kind is called in the journal.
        public var kind: Change.Kind {
            switch action {
            case .consume, .consumeAll: .consume
            case .record, .recordAll: .record
            case .reserve: .reserve
            case .capture: .capture
            case .extend: .extend
            case .release: .release
            case .refund: .refund
            case .correct: .correct
            case .setLevel: .setLevel
            case .raise: .raise
            case .lower: .lower
            case .grant, .grantPack: .grant
            case .void: .void
            case .startTrial: .startTrial
            case .override: .override
            case .settle: .settle
            case .examine: .examine
            case .repair: .repair
            case .startUpgrade: .startUpgrade
            case .advanceUpgrade: .advanceUpgrade
            // Nothing comes of it but an answer, so this is in no journal.
            case .changeSubscription: .provider
            case .take: .provider
            }
        }
    }
}
