extension Account {
    /// What a command leads to.
    public struct Decision: Hashable, Sendable {
        /// The answer to who asked.
        public let answer: Answer

        /// The difference that is to be committed before the answer is given, or `nil` when nothing changes.
        public let change: Change?

        /// Creates a decision.
        public init(answer: Answer, change: Change? = nil) {
            self.answer = answer
            self.change = change
        }
    }

    /// The answer to a command.
    public enum Answer: Hashable, Sendable {
        /// Done now.
        case applied(Receipt)
        /// Done before under the same key; this is the receipt that was given then.
        case repeated(Receipt)
        /// Units were set aside.
        case held(Receipt, Hold.ID)
        /// Not done: there are not enough units.
        indirect case denied(Denial)
        /// Units were given.
        case granted(Receipt, Grant.ID)
        /// Units were given before for the same order or benefit.
        case alreadyGranted
        /// The grant is used up or over, so there was nothing to take back.
        case alreadyOver
        /// The hold is gone, so there was nothing to give back.
        case alreadyReleased
        /// The work goes on, and its hold lapses at this instant.
        case extended(until: Timestamp)
        /// Not done: of the units that were used under the key, only so many have not come back yet.
        case exceedsUse(left: Int64)
        /// The trial began.
        indirect case trial(Trial)
        /// No trial began.
        case trialRefused(TrialRefusal)
        /// What time alone had changed is written down, or nothing was.
        case settled
        /// The terms hold from now on.
        case overridden
        /// What an examination found.
        case examined([Finding])
        /// What an examination had found is mended, or was no longer there.
        case repaired
        /// The attempt to buy as it now stands.
        indirect case upgrade(Upgrade)
        /// The subscription can be changed as wished, and this is what comes of it once the provider has done it.
        indirect case planned(Plan)
        /// The subscription cannot be changed as wished.
        case planRefused(PlanRefusal)
        /// The provider's word was taken in.
        case taken
        /// The provider's word was taken in before, under the same key.
        case alreadyTaken
        /// The provider's word said nothing newer than what was known.
        case stale
    }

    /// Why no trial began.
    public enum TrialRefusal: Hashable, Sendable {
        /// The customer has had one, and this is it.
        indirect case alreadyTried(Trial)
        /// The customer paid for something before, at this instant.
        case alreadyPurchased(Timestamp)
    }

    /// The answer to an applied command.
    ///
    /// Asked again with the same key, the same receipt comes back.
    public struct Receipt: Hashable, Sendable {
        /// What a command did to one balance.
        public struct Line: Hashable, Sendable {
            /// The meter, or the pool for credits that were given.
            public let subject: Balance.Subject
            /// The units that were drawn, set aside, given or given back; of a gauge, those that it stands at.
            public let amount: Int64
            /// The units among them that were not there: the work was done, so they are recorded, not refused.
            public let overage: Int64
            /// What was left afterwards.
            public let remaining: Remaining

            /// Creates a line.
            public init(subject: Balance.Subject, amount: Int64, overage: Int64 = 0, remaining: Remaining) {
                self.subject = subject
                self.amount = amount
                self.overage = overage
                self.remaining = remaining
            }
        }

        /// The revision that the command made.
        public let revision: Int64

        /// What it did, to the first balance that it named.
        public let line: Line

        /// A Boolean value indicating whether the hold had lapsed when its work was done.
        public let isLate: Bool

        /// When it was done, by the account's time.
        public let at: Timestamp

        /// What it did to other balances beside it; empty for most.
        public let others: [Line]

        /// The events of a batch that had been counted before and were left out.
        public let skipped: Int64

        /// Creates a receipt.
        public init(
            revision: Int64,
            line: Line,
            isLate: Bool = false,
            at: Timestamp,
            others: [Line] = [],
            skipped: Int64 = 0
        ) {
            self.revision = revision
            self.line = line
            self.isLate = isLate
            self.at = at
            self.others = others
            self.skipped = skipped
        }

        /// The meter, or the pool for credits that were given.
        public var subject: Balance.Subject { line.subject }

        /// The meter, or `nil` for credits that were given.
        public var meter: Meter.ID? {
            if case .meter(let meter) = line.subject { meter } else { nil }
        }

        /// The units that were drawn, set aside, given or given back; of a gauge, those that it stands at.
        public var amount: Int64 { line.amount }

        /// The units among them that were not there: the work was done, so they are recorded, not refused.
        public var overage: Int64 { line.overage }

        /// What was left afterwards.
        public var remaining: Remaining { line.remaining }
    }

    /// What is left on a meter.
    public enum Remaining: Hashable, Sendable {
        /// A number of units, 0 or more.
        case units(Int64)
        /// No limit.
        case unlimited
    }

}

extension Account.Remaining: CustomStringConvertible {
    /// The number, or `unlimited`.
    public var description: String {
        switch self {
        case .units(let units): String(units)
        case .unlimited: "unlimited"
        }
    }
}
