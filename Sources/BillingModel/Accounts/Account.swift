/// One customer's live billing state.
///
/// A value with no clock, no randomness and no I/O. Everything that changes it goes through
/// ``decide(_:facts:at:in:)``, which answers and returns the difference, and ``apply(_:)``, which takes the
/// difference in. It holds what is needed to decide and no history: that is the journal's.
public struct Account: Hashable, Sendable {
    /// Whose state it is.
    public let customer: CustomerID

    /// The number of changes so far; 0 for a customer who has none.
    public internal(set) var revision: Int64

    /// The latest instant the account has seen.
    ///
    /// Its time never runs backwards.
    public internal(set) var instant: Timestamp

    /// When the account was opened, from which its own periods count.
    public internal(set) var anchor: Timestamp

    /// The tier that the account was last seen to be on, and until when, or `nil` before its first change.
    public internal(set) var standing: Standing?

    /// What is held of each meter that was ever used or given anything on, by subject.
    public internal(set) var balances: [Balance]

    /// The live holds, oldest first.
    public internal(set) var holds: [Hold]

    /// The subscriptions, by id.
    public internal(set) var subscriptions: [Subscription]

    /// The attempts to buy, oldest first.
    public internal(set) var upgrades: [Upgrade]

    /// Creates the state of a customer of whom nothing is known yet.
    public init(customer: CustomerID) {
        self.customer = customer
        revision = 0
        instant = Timestamp(microseconds: .min)
        anchor = Timestamp(microseconds: .min)
        standing = nil
        balances = []
        holds = []
        subscriptions = []
        upgrades = []
    }

    /// Creates the state that a store has kept.
    ///
    /// Only a store calls this, with what it was once given. The lists may come in any order.
    package init(
        customer: CustomerID,
        revision: Int64,
        instant: Timestamp,
        anchor: Timestamp,
        standing: Standing?,
        periods: [Period],
        grants: [Grant],
        holds: [Hold],
        subscriptions: [Subscription],
        upgrades: [Upgrade]
    ) {
        self.customer = customer
        self.revision = revision
        self.instant = instant
        self.anchor = anchor
        self.standing = standing
        balances = Self.balances(of: periods, and: grants)
        self.holds = holds.sorted { ($0.reservedAt, $0.id) < ($1.reservedAt, $1.id) }
        self.subscriptions = subscriptions.sorted { $0.id < $1.id }
        self.upgrades = upgrades.sorted(by: Self.precedes)
        for index in balances.indices { balances[index].lookAhead(from: instant) }
    }

    private static func balances(of periods: [Period], and grants: [Grant]) -> [Balance] {
        var balances: [Balance.Subject: Balance] = [:]
        for period in periods {
            balances[.meter(period.meter), default: Balance(subject: .meter(period.meter))].open(period)
        }
        // The last to be drawn on first: each goes to the end of those before it.
        for grant in grants.sorted(by: Grant.burnsBefore).reversed() {
            balances[grant.subject, default: Balance(subject: grant.subject)].insert(grant)
        }
        return balances.values.sorted { $0.subject < $1.subject }
    }

    /// A boolean value indicating whether nothing has ever been committed for the customer.
    public var isNew: Bool { revision == 0 }

    /// The tier that the account was last seen to be on, or `nil` before its first change.
    public var tier: Tier.ID? { standing?.tier }

    /// The running period of each meter that was ever used, by meter.
    public var periods: [Period] { balances.compactMap(\.period) }

    /// The grants with units left or held, by subject, in the order that they are drawn on.
    public var grants: [Grant] { balances.flatMap(\.grants) }

    /// The number of live grants.
    var grantCount: Int { balances.reduce(0) { $0 + $1.grantCount } }

    /// The earliest instant at which anything happens by time alone, or `nil` when nothing will.
    ///
    /// A period or a grant ends, a grant starts, a hold lapses, access ends. The instant may be too early where
    /// a grant that was to end has been used up before, and never is too late.
    public var dueAt: Timestamp? {
        let ends = holds.map(\.lapsesAt) + balances.map(\.dueAt) + [standing?.until].compactMap(\.self)
        return ends.min().flatMap { $0.microseconds < .max ? $0 : nil }
    }

    static func precedes(_ left: Upgrade, _ right: Upgrade) -> Bool {
        func place(_ upgrade: Upgrade) -> (Timestamp, String, String) {
            let begun = upgrade.clickedAt ?? upgrade.checkoutAt ?? upgrade.completedAt
            return (begun ?? Timestamp(microseconds: .min), upgrade.reference ?? "", upgrade.tier.rawValue)
        }
        return place(left) < place(right)
    }
}
