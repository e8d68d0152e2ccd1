import BillingModel

/// The life of one customer of the recruiting catalog, as the articles tell it: each command is decided, applied and
/// kept, as an engine does.
struct Story {
    private(set) var ledger: Ledger

    var account: Account { ledger.account }
    var journal: [Account.Change] { ledger.journal }
    var catalog: Catalog { ledger.catalog }
    var notices: [Account.Notice.Kind] { ledger.notices }

    /// Begins a life on the starter tier.
    init(trial: Catalog.Trial? = nil, refunds: Catalog.RefundPolicy = .expire) throws {
        ledger = try Ledger(catalog: Recruiting.catalog(trial: trial, refunds: refunds))
    }

    @discardableResult
    mutating func send(
        _ action: Account.Command.Action,
        key: Account.Key? = nil,
        by member: MemberID? = nil,
        for reference: String? = nil,
        at now: Timestamp
    ) throws -> Account.Answer {
        let command = Account.Command(action, key: key, member: member, reference: reference)
        return try ledger.send(command, at: now).answer
    }

    func overview(at now: Timestamp) throws -> Account.Overview {
        try ledger.overview(at: now)
    }

    /// Sets units aside, and returns the receipt and the hold.
    mutating func reserve(
        _ reservation: Account.Command.Reservation,
        key: Account.Key,
        at now: Timestamp
    ) throws -> (receipt: Account.Receipt, hold: Account.Hold.ID) {
        let answer = try send(.reserve(reservation), key: key, at: now)
        guard case .held(let receipt, let hold) = answer else { throw Fixture.Missing() }
        return (receipt, hold)
    }

    /// Lets the provider tell of a subscription that is paid for.
    mutating func subscribe(
        to tier: Tier.ID,
        for period: TimeSpan,
        every cycle: Recurrence = .month,
        endedAt: Timestamp? = nil,
        at now: Timestamp
    ) throws {
        let status: SubscriptionStatus = endedAt == nil ? .active : .canceled
        try ledger.take(
            Fixture.subscription(tier, status, period: period, at: now, cycle: cycle, endedAt: endedAt),
            at: now
        )
    }
}

/// Returns an instant of January 2026, in UTC.
func january(_ day: Int64, hour: Int64 = 0, minute: Int64 = 0) -> Timestamp {
    Fixture.day(day - 1) + .hours(hour) + .minutes(minute)
}

/// Returns an instant of February 2026, in UTC.
func february(_ day: Int64, hour: Int64 = 0, minute: Int64 = 0) -> Timestamp {
    january(31 + day, hour: hour, minute: minute)
}

extension Recruiting {
    /// The catalog of the article on tiers and meters at its prices, with another trial and refund policy.
    static func catalog(trial: Catalog.Trial?, refunds: Catalog.RefundPolicy) throws -> Catalog {
        let growth = growth(costing: Shop.money(4_900), orYearly: Shop.money(49_000))
        let catalog = try catalog(growth: growth, packFor: Shop.money(990))
        return try Catalog(
            version: catalog.version,
            meters: catalog.meters,
            pools: catalog.pools,
            features: catalog.features,
            tiers: catalog.tiers,
            fallback: catalog.fallback,
            packs: catalog.packs,
            trial: trial,
            settings: .init(lowBalance: catalog.settings.lowBalance, refunds: refunds)
        )
    }
}
