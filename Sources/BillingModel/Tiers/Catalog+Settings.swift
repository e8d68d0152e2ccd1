extension Catalog {
    /// The numbers that an operator sets, apart from what is sold.
    public struct Settings: Hashable, Sendable, Codable {
        /// How long access outlasts news that should have come.
        public let grace: Grace

        /// When a customer is told that little is left; empty for never.
        public let lowBalance: [Threshold]

        /// What becomes of units that come back after their grant has ended.
        public let refunds: RefundPolicy

        /// How long a hold lasts unless the host says otherwise, in seconds, from 1 to 31 days.
        public let holdSeconds: Int64

        /// How long attempts to buy last that nothing comes of.
        public let attempts: Attempts

        /// Creates settings.
        ///
        /// - Parameters:
        ///   - grace: How long access outlasts news that should have come.
        ///   - lowBalance: When a customer is told that little is left; under 20 % by default, early enough to buy
        ///     and late enough to be believed.
        ///   - refunds: What becomes of units that come back after their grant has ended. They are gone by default:
        ///     a refund makes nothing last longer than what was bought.
        ///   - holdLength: How long a hold lasts unless the host says otherwise, in whole seconds. 15 minutes by
        ///     default: longer than a piece of work, short enough that a crashed server's units come back soon.
        ///   - attempts: How long attempts to buy last that nothing comes of.
        public init(
            grace: Grace = Grace(),
            lowBalance: [Threshold] = [.percent(20)],
            refunds: RefundPolicy = .expire,
            holdLength: Duration = .seconds(15 * 60),
            attempts: Attempts = Attempts()
        ) {
            self.grace = grace
            self.lowBalance = lowBalance
            self.refunds = refunds
            self.holdSeconds = holdLength.components.seconds
            self.attempts = attempts
        }

        /// Reads settings; those that an earlier version did not have are as they are by default.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            grace = try container.decode(Grace.self, forKey: .grace)
            lowBalance = try container.decode([Threshold].self, forKey: .lowBalance)
            refunds = try container.decode(RefundPolicy.self, forKey: .refunds)
            holdSeconds = try container.decode(Int64.self, forKey: .holdSeconds)
            attempts = try container.decodeIfPresent(Attempts.self, forKey: .attempts) ?? Attempts()
        }
    }

    /// How long attempts to buy last that nothing comes of.
    public struct Attempts: Hashable, Sendable, Codable {
        /// Seconds after an offer or a click at which an attempt without a checkout has expired.
        public let lifeSeconds: Int64

        /// Seconds after a click, without a checkout, at which a host is told that the attempt is abandoned.
        public let abandonedSeconds: Int64

        /// Creates the two distances, each from a second to 366 days.
        ///
        /// They count for what is told from then on. A checkout has an end of its own, which its provider sets.
        ///
        /// - Parameters:
        ///   - life: How long after the last offer or click an attempt without a checkout expires. Thirty days by default:
        ///     longer than most people think a purchase over.
        ///   - abandonedAfter: How long after the last click without a checkout a host hears of it. One day by default, as
        ///     long as a checkout usually lasts.
        public init(life: Duration = .seconds(30 * 86_400), abandonedAfter: Duration = .seconds(86_400)) {
            lifeSeconds = life.components.seconds
            abandonedSeconds = abandonedAfter.components.seconds
        }
    }

    /// How long access outlasts news that should have come.
    public struct Grace: Hashable, Sendable, Codable {
        /// Seconds that access goes on after a period's end while no renewal or end has been reported.
        public let renewalSeconds: Int64

        /// Seconds that access goes on after a payment has failed.
        public let pastDueSeconds: Int64

        /// Creates the two distances, each from nothing to 366 days.
        ///
        /// - Parameters:
        ///   - renewal: How long after a period's end the tier is kept when the provider has said neither that
        ///     it goes on nor that it ended. Three days by default: it outlasts a provider's usual outage.
        ///   - pastDue: How long after a failed payment the tier is kept, and what was paid for in any case to its end. Seven
        ///     days by default. One that is longer than a billing period holds for who has paid as well, from the
        ///     period's start on: so nobody has less for having paid.
        public init(renewal: Duration = .seconds(3 * 86_400), pastDue: Duration = .seconds(7 * 86_400)) {
            renewalSeconds = renewal.components.seconds
            pastDueSeconds = pastDue.components.seconds
        }
    }

    /// A balance below which a customer is told that little is left.
    public enum Threshold: Hashable, Sendable, Codable {
        /// Less than so many hundredths of what was given is left, from 1 to 99.
        case percent(Int)
        /// Less than so many units are left, from 1 to ``Catalog/Limits/units``.
        case units(Int64)
    }

    /// What becomes of units that come back after their grant has ended.
    public enum RefundPolicy: Hashable, Sendable, Codable {
        /// They are gone with their grant.
        case expire
        /// They can be used for so many days from the refund on, from 1 to 366.
        case extend(byDays: Int)
        /// They come back as a grant of their own that does not end.
        case newGrant
    }
}
