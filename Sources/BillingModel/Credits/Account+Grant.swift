extension Account {
    /// One lot of units.
    ///
    /// What was given is always accounted for: amount = used + held + expired + voided + moved + remaining.
    public struct Grant: Hashable, Sendable {
        /// The name of a grant within its customer, made from the revision that gave it.
        public struct ID: Identifier {
            /// The text itself.
            public let rawValue: String

            /// Creates the id from its text.
            public init(_ rawValue: String) {
                self.rawValue = rawValue
            }
        }

        /// Where a grant comes from.
        public enum Source: String, Hashable, Sendable, CaseIterable {
            /// What a tier gives for one period.
            case allowance
            /// What was left of an allowance at its interval's end and moved to the next.
            case rollover
            /// What a tier gives once more, because the customer has changed to it and the meter starts over.
            case renewal
            /// What is given to try the product with.
            case trial
            /// What is given for nothing, to please or to win someone.
            case promotion
            /// What was bought with an order: a pack.
            case order
            /// What was used and came back.
            case refund
            /// What a person has put right.
            case adjustment
        }

        /// Whether units have a price; those without one are used up first.
        public enum Basis: String, Hashable, Sendable, CaseIterable {
            /// They came for nothing, or with a tier.
            case given
            /// They were paid for by themselves.
            case bought
        }

        /// The grant's name within its customer.
        public let id: ID

        /// What the units are of.
        public let subject: Balance.Subject

        /// Where it comes from.
        public let source: Source

        /// Whether the units were given or bought.
        public let basis: Basis

        /// The grant's place among others, lower being used up first; 0 unless somebody says otherwise.
        public let priority: Int64

        /// When the units can first be used.
        public let effective: Timestamp

        /// The first instant at which what is left can no longer be used, or `nil` when it stays for ever.
        public var expiry: Timestamp?

        /// The units given.
        public var amount: Int64

        /// The units used up.
        public var used: Int64

        /// The units set aside by live holds.
        public var held: Int64

        /// The units that were left when the grant ended.
        public var expired: Int64

        /// The units that were left when somebody took the grant back.
        public var voided: Int64

        /// The units that went on to another grant.
        public var moved: Int64

        /// Creates a grant.
        public init(
            id: ID,
            subject: Balance.Subject,
            source: Source,
            basis: Basis = .given,
            priority: Int64 = 0,
            effective: Timestamp,
            expiry: Timestamp?,
            amount: Int64,
            used: Int64 = 0,
            held: Int64 = 0,
            expired: Int64 = 0,
            voided: Int64 = 0,
            moved: Int64 = 0
        ) {
            self.id = id
            self.subject = subject
            self.source = source
            self.basis = basis
            self.priority = priority
            self.effective = effective
            self.expiry = expiry
            self.amount = amount
            self.used = used
            self.held = held
            self.expired = expired
            self.voided = voided
            self.moved = moved
        }

        /// The units that are neither used up, nor set aside, nor gone.
        public var remaining: Int64 {
            // Exact for every grant that was decided, and no trap for one that somebody has written by hand.
            amount &- used &- held &- expired &- voided &- moved
        }

        /// The units that are left, whatever the numbers: those of a row that was changed by hand may be anything.
        var exactlyRemaining: Int128 {
            let gone = Int128(used) + Int128(held) + Int128(expired) + Int128(voided) + Int128(moved)
            return Int128(amount) - gone
        }

        /// The units that were given and neither went on to another grant nor were taken back.
        var given: Int64 { amount &- moved &- voided }

        /// When the units can be used; to the end of time where they do not expire.
        public var span: TimeSpan { TimeSpan(from: effective, to: expiry ?? Timestamp(microseconds: .max)) }
    }
}

extension Account.Grant {
    /// Returns whether a grant is drawn on before another.
    ///
    /// Lower priority comes first; then the one that expires soonest, those that never do last; then what was
    /// given before what was bought; then the one that has been there longest; then the lower id. No two grants
    /// of a customer share an id, so of any two one is before the other.
    package static func burnsBefore(_ left: Self, _ right: Self) -> Bool {
        if left.priority != right.priority { return left.priority < right.priority }
        if left.expiry != right.expiry {
            guard let end = left.expiry else { return false }
            return right.expiry.map { end < $0 } ?? true
        }
        if left.basis != right.basis { return left.basis == .given }
        if left.effective != right.effective { return left.effective < right.effective }
        return left.id < right.id
    }

    /// Returns whether the units can be used at an instant.
    ///
    /// An allowance can from when it is given: where the provider's clock is ahead, its period begins by that.
    func isUsable(at now: Timestamp) -> Bool {
        (effective <= now || source == .allowance) && !isOver(at: now)
    }

    /// Returns whether what is left can no longer be used at an instant.
    func isOver(at now: Timestamp) -> Bool {
        expiry.map { $0 <= now } ?? false
    }

    /// A Boolean value indicating whether the grant belongs to a period beside its allowance, and ends with it
    /// whenever that is.
    var isOfPeriod: Bool { source == .rollover || source == .renewal }

    /// A Boolean value indicating whether nothing is left and nothing set aside, so that nothing can happen to
    /// the grant any more.
    var isFinished: Bool { remaining == 0 && held == 0 }
}
