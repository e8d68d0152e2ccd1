extension Account {
    /// What a change is reckoned to cost: an estimate, and never an invoice.
    ///
    /// The provider charges by its own rules, with tax, and its invoice counts. Where it can say beforehand what it will
    /// charge, that is preferred, see ``source``.
    public struct Estimate: Hashable, Sendable {
        /// Who has reckoned.
        public enum Source: String, Hashable, Sendable, CaseIterable {
            /// The kit, from the prices that it knows.
            case kit
            /// The provider itself.
            case provider
        }

        /// One line of an estimate.
        public struct Line: Hashable, Sendable {
            /// What a line is for.
            public enum Kind: String, Hashable, Sendable, CaseIterable {
                /// Time that was paid for and will not be used; the amount is nothing or below.
                case unusedTime = "unused_time"
                /// Time that is to be paid for.
                case time
            }

            /// What it is for.
            public let kind: Kind
            /// The tier that the time is on.
            public let tier: Tier.ID
            /// The time.
            public let span: TimeSpan
            /// The amount, rounded.
            public let amount: Money

            /// Creates a line.
            public init(kind: Kind, tier: Tier.ID, span: TimeSpan, amount: Money) {
                self.kind = kind
                self.tier = tier
                self.span = span
                self.amount = amount
            }
        }

        /// Who has reckoned.
        public let source: Source

        /// When it falls due.
        public let dueAt: Timestamp

        /// The lines.
        public let lines: [Line]

        /// The sum of the lines; below nothing where more is credited than charged.
        public let total: Money

        /// Creates an estimate.
        ///
        /// - Parameters:
        ///   - source: Who has reckoned.
        ///   - dueAt: When it falls due.
        ///   - lines: The lines, each rounded already.
        ///   - currency: The currency of every line.
        /// - Throws: ``MoneyError`` when a line is in another currency, or the sum is beyond the range.
        public init(source: Source, dueAt: Timestamp, lines: [Line], in currency: Currency) throws(MoneyError) {
            self.source = source
            self.dueAt = dueAt
            self.lines = lines
            total = try Money.sum(of: lines.map(\.amount), in: currency)
        }
    }
}

extension Account.Estimate {
    /// A price that is paid for a whole period of a tier.
    public struct PaidTime: Hashable, Sendable {
        /// The tier.
        public let tier: Tier.ID
        /// What a whole period costs.
        public let price: Money
        /// The period.
        public let period: TimeSpan

        /// Creates a price for a period.
        public init(tier: Tier.ID, price: Money, period: TimeSpan) {
            self.tier = tier
            self.price = price
            self.period = period
        }

        /// Returns what the time from an instant on costs, to the second.
        ///
        /// The time before is rounded and this is the rest. So it never grows as time goes on, and what is credited at one
        /// instant is never more than what was charged for the same time before.
        public func worth(from instant: Timestamp, rounding: Rounding = .halfAwayFromZero) -> Money {
            price.split(at: instant.wholeSecond, of: period, rounding: rounding).unused
        }
    }

    /// Returns what it costs to change from one price to another within a running period: the time that is left, credited at
    /// the old price and charged at the new one.
    ///
    /// Over any chain of changes the charges less the credits are exactly what the times in between cost, each at its own
    /// price; two changes in one second cost what one does.
    ///
    /// - Parameters:
    ///   - old: What was paid for.
    ///   - new: What is to be paid for. Its period is the same, or one that begins now.
    ///   - instant: When the change is made.
    ///   - refunded: What of the old price was given back before; so much less is credited.
    ///   - rounding: How the used part becomes whole minor units.
    /// - Returns: The estimate.
    /// - Throws: ``MoneyError`` when the prices are in two currencies, or a sum is beyond the range.
    public static func change(
        from old: PaidTime,
        to new: PaidTime,
        at instant: Timestamp,
        refunded: Money? = nil,
        rounding: Rounding = .halfAwayFromZero
    ) throws(MoneyError) -> Account.Estimate {
        let credit = try credit(for: old, at: instant, refunded: refunded, rounding: rounding)
        let charge = Line(
            kind: .time,
            tier: new.tier,
            span: TimeSpan(from: max(instant, new.period.start), to: new.period.end),
            amount: new.worth(from: instant, rounding: rounding)
        )
        return try Account.Estimate(source: .kit, dueAt: instant, lines: [credit, charge], in: old.price.currency)
    }

    /// Returns the line for time that was paid for and will not be used, which is never more than what was paid and not given
    /// back.
    static func credit(
        for old: PaidTime,
        at instant: Timestamp,
        refunded: Money? = nil,
        rounding: Rounding = .halfAwayFromZero
    ) throws(MoneyError) -> Line {
        let left = try refunded.map { (refunded) throws(MoneyError) in try old.price - refunded } ?? old.price
        let worth = min(old.worth(from: instant, rounding: rounding).minorUnits, max(0, left.minorUnits))
        return Line(
            kind: .unusedTime,
            tier: old.tier,
            span: TimeSpan(from: max(instant, old.period.start), to: old.period.end),
            amount: try Money(minorUnits: worth, currency: old.price.currency).negated()
        )
    }
}

extension Timestamp {
    /// The second that the instant lies in, as providers reckon time.
    fileprivate var wholeSecond: Timestamp {
        let rest = microseconds % Self.microsecondsPerSecond
        let down = rest < 0 ? rest + Self.microsecondsPerSecond : rest
        let (second, overflow) = microseconds.subtractingReportingOverflow(down)
        return overflow ? self : Timestamp(microseconds: second)
    }
}
