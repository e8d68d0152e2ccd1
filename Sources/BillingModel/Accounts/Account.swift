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

    /// What is held of each meter and pool that was ever used or given anything on, by subject.
    public internal(set) var balances: [Balance]

    /// The gauges that stand above nothing, by meter.
    public internal(set) var levels: [Level]

    /// The running windows of rates, by meter and length.
    public internal(set) var windows: [Window]

    /// The thresholds that balances have fallen below, by subject.
    public internal(set) var warnings: [Warning]

    /// The terms that the customer has in place of the tier's.
    public internal(set) var overrides: [Override]

    /// The trial that the customer has had of the kit, or `nil` for none yet.
    public internal(set) var trial: Trial?

    /// When the customer first paid, or `nil` while that has not happened.
    public internal(set) var firstPurchaseAt: Timestamp?

    /// The live holds, oldest first.
    public internal(set) var holds: [Hold]

    /// The subscriptions, by id and provider.
    public internal(set) var subscriptions: [Subscription]

    /// What the provider gives beside the tier, by id and provider.
    public internal(set) var benefits: [Benefit]

    /// The attempts to buy, oldest first.
    public internal(set) var upgrades: [Upgrade]

    /// When the first of them expires by time alone; known beforehand, because it is asked with every change.
    var firstUpgradeExpiry = Derived<UpgradeExpiry>(.known(nil))

    /// Creates the state of a customer of whom nothing is known yet.
    public init(customer: CustomerID) {
        self.customer = customer
        revision = 0
        instant = Timestamp(microseconds: .min)
        anchor = Timestamp(microseconds: .min)
        standing = nil
        balances = []
        levels = []
        windows = []
        warnings = []
        overrides = []
        holds = []
        subscriptions = []
        benefits = []
        upgrades = []
    }

    /// Creates the state that a store has kept.
    ///
    /// Only a store calls this, with what it was once given. The lists may come in any order, but for the
    /// overrides, whose order is the host's.
    package init(
        customer: CustomerID,
        revision: Int64,
        instant: Timestamp,
        anchor: Timestamp,
        standing: Standing?,
        periods: [Period] = [],
        grants: [Grant] = [],
        holds: [Hold] = [],
        levels: [Level] = [],
        windows: [Window] = [],
        warnings: [Warning] = [],
        overrides: [Override] = [],
        trial: Trial? = nil,
        firstPurchaseAt: Timestamp? = nil,
        subscriptions: [Subscription] = [],
        benefits: [Benefit] = [],
        upgrades: [Upgrade] = []
    ) {
        self.customer = customer
        self.revision = revision
        self.instant = instant
        self.anchor = anchor
        self.standing = standing
        balances = Self.balances(of: periods, and: grants)
        self.holds = holds.sorted { ($0.reservedAt, $0.id) < ($1.reservedAt, $1.id) }
        self.levels = levels.sorted { $0.meter < $1.meter }
        self.windows = windows.sorted { $0.place < $1.place }
        self.warnings = warnings.sorted()
        self.overrides = overrides
        self.trial = trial
        self.firstPurchaseAt = firstPurchaseAt
        self.subscriptions = subscriptions.sorted { $0.key < $1.key }
        self.benefits = benefits.sorted { $0.key < $1.key }
        self.upgrades = upgrades.sorted(by: Self.precedes)
        firstUpgradeExpiry.value = .known(Self.firstExpiry(among: upgrades))
        for index in balances.indices { balances[index].lookAhead(from: instant) }
    }

    private static func balances(of periods: [Period], and grants: [Grant]) -> [Balance] {
        var balances: [Balance.Subject: Balance] = [:]
        for period in periods {
            balances[period.subject, default: Balance(subject: period.subject)].open(period)
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

    /// The running period of each meter and pool that was ever used, by subject.
    public var periods: [Period] { balances.compactMap(\.period) }

    /// The grants with units left or held, by subject, in the order that they are drawn on.
    public var grants: [Grant] { balances.flatMap(\.grants) }

    /// The number of live grants.
    var grantCount: Int { balances.reduce(0) { $0 + $1.grantCount } }

    /// The earliest instant at which anything happens by time alone, or `nil` when nothing will.
    ///
    /// A period or a grant ends, a grant starts, a hold lapses, access, a trial, an override or an attempt to buy ends. Reminders of a
    /// trial's end are not among it: when they are due is the catalog's to say, see ``dueAt(in:)``.
    public var dueAt: Timestamp? {
        // Asked with every change, so without making lists.
        var first = standing?.until ?? Timestamp(microseconds: .max)
        for balance in balances { first = min(first, balance.dueAt) }
        for hold in holds { first = min(first, hold.lapsesAt) }
        for override in overrides { first = min(first, override.end ?? first) }
        if let end = runningTrial?.end { first = min(first, end) }
        if let end = upgradesDueAt { first = min(first, end) }
        return first.microseconds < .max ? first : nil
    }

    /// About how many bytes the account takes in memory, which bounds a cache.
    ///
    /// Of many parts of one kind the last stands for all, as far as their texts go.
    ///
    /// - Complexity: O(*n*), where *n* is the number of meters and pools that were ever used.
    package var size: Int {
        let parts =
            balances.reduce(0) { $0 + 320 + $1.subject.name.utf8.count + $1.grantCount * 320 }
            + holds.count * (320 + (holds.last?.textLength ?? 0)) + levels.count * 64 + windows.count * 96
            + warnings.count * 64 + overrides.count * 192
        return 640 + customer.rawValue.utf8.count + parts
            + subscriptions.count * (896 + (subscriptions.last?.id.utf8.count ?? 0))
            + benefits.count * (256 + (benefits.last?.key.id.utf8.count ?? 0))
            + upgrades.reduce(0) { $0 + 640 + $1.textLength }
    }

    /// The span of the trial while its end has not been noticed, or `nil` when there is none.
    var runningTrial: TimeSpan? {
        trial.flatMap { $0.endedAt == nil ? $0.span(firstPurchase: firstPurchaseAt) : nil }
    }
}

extension Account.Hold {
    /// The bytes of the texts that others have chosen.
    fileprivate var textLength: Int {
        key.rawValue.utf8.count + attempt.utf8.count + (member?.rawValue.utf8.count ?? 0)
    }
}

extension Upgrade {
    /// The bytes of the texts that others have chosen.
    fileprivate var textLength: Int {
        let texts = acts.flatMap { [$0.wish?.promoCode, $0.member?.rawValue] + ($0.attribution?.texts ?? []) }
        return texts.reduce(key.name.utf8.count + acts.count * 512) { $0 + ($1?.utf8.count ?? 0) }
            + checkouts.reduce(0) { $0 + 320 + $1.id.utf8.count + ($1.url?.utf8.count ?? 0) }
    }
}
