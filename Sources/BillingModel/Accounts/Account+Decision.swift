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
        /// The attempt to buy as it now stands.
        indirect case upgrade(Upgrade)
        /// The provider's word was taken in.
        case taken
        /// The provider's word was taken in before, under the same key.
        case alreadyTaken
        /// The provider's word said nothing newer than what was known.
        case stale
    }

    /// The answer to an applied command.
    ///
    /// Asked again with the same key, the same receipt comes back.
    public struct Receipt: Hashable, Sendable {
        /// What was drawn on one meter.
        public struct Line: Hashable, Sendable {
            /// The meter that was drawn on.
            public let meter: Meter.ID
            /// The units that were drawn.
            public let amount: Int64
            /// What was left afterwards.
            public let remaining: Remaining

            /// Creates a line.
            public init(meter: Meter.ID, amount: Int64, remaining: Remaining) {
                self.meter = meter
                self.amount = amount
                self.remaining = remaining
            }
        }

        /// The revision that the command made.
        public let revision: Int64

        /// The meter that was drawn on.
        public let meter: Meter.ID

        /// The units that were drawn or set aside.
        public let amount: Int64

        /// The units among them that were not there: the work was done, so they are recorded, not refused.
        public let overage: Int64

        /// A Boolean value indicating whether the hold had lapsed when its work was done.
        public let isLate: Bool

        /// What was left afterwards.
        public let remaining: Remaining

        /// When it was done, by the account's time.
        public let at: Timestamp

        /// What was drawn on other meters beside it, by the same command; empty for most.
        public let others: [Line]

        /// Creates a receipt.
        public init(
            revision: Int64,
            meter: Meter.ID,
            amount: Int64,
            overage: Int64 = 0,
            isLate: Bool = false,
            remaining: Remaining,
            at: Timestamp,
            others: [Line] = []
        ) {
            self.revision = revision
            self.meter = meter
            self.amount = amount
            self.overage = overage
            self.isLate = isLate
            self.remaining = remaining
            self.at = at
            self.others = others
        }
    }

    /// What is left on a meter.
    public enum Remaining: Hashable, Sendable {
        /// A number of units, 0 or more.
        case units(Int64)
        /// No limit.
        case unlimited
    }

    /// A refusal, with all that a page needs to explain it.
    public struct Denial: Hashable, Sendable {
        /// Why units were refused.
        public enum Reason: String, Hashable, Sendable {
            /// The meter is not part of the tier.
            case notIncluded
            /// What the tier gives is used up or set aside, or less than asked for is left.
            case exhausted
        }

        /// Why it was refused.
        public let reason: Reason

        /// The meter.
        public let meter: Meter.ID

        /// The tier that the customer is on.
        public let tier: Tier.ID

        /// What that tier gives on the meter.
        public let allowance: Allowance

        /// The units that were asked for.
        public let requested: Int64

        /// The units that are left.
        public let remaining: Int64

        /// When the meter's next period begins, or `nil` when waiting changes nothing.
        public let resetsAt: Timestamp?

        /// The higher tiers that would let this request through, lowest first.
        public let unlockedBy: [Tier.ID]
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
