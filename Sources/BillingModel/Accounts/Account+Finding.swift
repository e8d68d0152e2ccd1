extension Account {
    /// A contradiction in an account.
    ///
    /// Decisions never lead to one; a row that was changed by hand, a disk or a catalog that lost a tier does. Each
    /// has a ``repair``, and once that is applied it is found no more.
    public struct Finding: Hashable, Sendable {
        /// How bad a finding is.
        public enum Severity: String, Hashable, Sendable, CaseIterable, Comparable {
            /// Nothing is counted wrong, but something is there that should not be.
            case warning
            /// Units are counted wrong.
            case error

            /// Returns whether the first is less bad than the second.
            public static func < (left: Self, right: Self) -> Bool {
                left == .warning && right == .error
            }
        }

        /// What is wrong.
        public enum Fault: Hashable, Sendable {
            /// The customer stands on a tier that its catalog does not have.
            case unknownTier(Tier.ID, Catalog.Version)
            /// A subscription is to a tier that its catalog does not have.
            case unknownSubscribedTier(subscription: String, Tier.ID, Catalog.Version)
            /// There are units of a meter or a pool that no catalog has.
            case unknownSubject(Balance.Subject)
            /// A gauge stands below nothing.
            case malformedLevel(Meter.ID, Int64)
            /// A count of a period is below nothing, or counts more beyond the limit than was used.
            case malformedCount(Balance.Subject)
            /// The units that a period gives start or end at another time than it does.
            case malformedPeriod(Balance.Subject)
            /// A period names a grant that is not there.
            case missingGrant(Balance.Subject, Grant.ID)
            /// A number of a grant is below nothing, or its units are not all accounted for.
            case unconserved(Grant.ID)
            /// A grant has other units set aside than the holds on it have.
            case unbackedGrant(Grant.ID, held: Int64, byHolds: Int64)
            /// A hold is on a grant that is not there, or sets nothing aside.
            case unbackedHold(Hold.ID)
            /// A part of the account is not what the journal says.
            case differsFromJournal(Part)
        }

        /// A part of an account, as the journal has it.
        public enum Part: Hashable, Sendable {
            /// A grant that the journal has.
            case grant(Grant)
            /// A grant that the journal does not have.
            case surplusGrant(Grant.ID)
            /// A hold that the journal has.
            case hold(Hold)
            /// A hold that the journal does not have.
            case surplusHold(Hold.ID)
            /// A running period that the journal has.
            case period(Period)
            /// Where a gauge stands by the journal.
            case level(Meter.ID, Int64)
            /// The standing that the journal has.
            case standing(Standing)
            /// A subscription that the journal has.
            case subscription(Subscription)
            /// The terms of the customer's own that the journal has.
            case overrides([Override])
            /// The trial that the journal has.
            case trial(Trial)
            /// The running window of a rate that the journal has.
            case window(Window)
            /// Something else, named in words; no command mends it, but loading the account from its journal does.
            case other(String)
        }

        /// What is wrong.
        public let fault: Fault

        /// Creates a finding.
        public init(_ fault: Fault) {
            self.fault = fault
        }

        /// How bad it is.
        public var severity: Severity {
            switch fault {
            case .unknownSubject, .unknownTier: .warning
            default: .error
            }
        }

        /// The command that mends it, or `nil` where only another catalog can.
        public var repair: Command? {
            switch fault {
            case .unknownSubscribedTier, .differsFromJournal(.other): nil
            default: Command(.repair(self))
            }
        }
    }
}

extension Account.Finding: CustomStringConvertible {
    /// What is wrong, as a sentence.
    public var description: String {
        switch fault {
        case .unknownTier(let tier, let version):
            "The customer stands on tier '\(tier)', which catalog version \(version) does not have."
        case .unknownSubscribedTier(let subscription, let tier, let version):
            "Subscription '\(subscription)' is to tier '\(tier)', which catalog version \(version) does not have; "
                + "give the version that it was bought under."
        case .unknownSubject(let subject): "There are units of \(subject), which no catalog has."
        case .malformedLevel(let meter, let units): "Gauge '\(meter)' stands at \(units)."
        case .malformedCount(let subject): "What is counted of \(subject) in its period is below nothing or too much."
        case .malformedPeriod(let subject): "The running period of \(subject) is not where it can be."
        case .missingGrant(let subject, let grant):
            "The running period of \(subject) gives grant '\(grant)', which is not there."
        case .unconserved(let grant): "The units of grant '\(grant)' are not all accounted for."
        case .unbackedGrant(let grant, let held, let byHolds):
            "Grant '\(grant)' has \(held) units set aside, and the holds on it have \(byHolds)."
        case .unbackedHold(let hold): "Hold '\(hold)' is on a grant that is not there, or sets nothing aside."
        case .differsFromJournal(let part): "The journal says otherwise of \(part)."
        }
    }
}

extension Account.Finding.Part: CustomStringConvertible {
    /// The part in words, such as `grant '4.0'`.
    public var description: String {
        switch self {
        case .grant(let grant): "grant '\(grant.id)'"
        case .surplusGrant(let id): "grant '\(id)', which it does not have"
        case .hold(let hold): "hold '\(hold.id)'"
        case .surplusHold(let id): "hold '\(id)', which it does not have"
        case .period(let period): "the running period of \(period.subject)"
        case .level(let meter, let units): "gauge '\(meter)', which stands at \(units)"
        case .standing(let standing): "the tier, which is '\(standing.tier)'"
        case .subscription(let subscription): "subscription '\(subscription.id)'"
        case .overrides: "the terms of the customer's own"
        case .trial: "the trial"
        case .window(let window): "the window of \(window.seconds) seconds of '\(window.meter)'"
        case .other(let words): words
        }
    }
}
