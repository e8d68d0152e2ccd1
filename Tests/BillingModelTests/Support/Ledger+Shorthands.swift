import BillingModel
import Testing

// MARK: Shorthands for what is not the use of units

extension Ledger {
    /// Refunds what was used under a key, all of it unless a number is given.
    @discardableResult
    mutating func refund(
        _ amount: Int64? = nil,
        of meter: Meter.ID? = nil,
        under use: Account.Key,
        key: Account.Key? = nil,
        at now: Timestamp
    ) throws -> Account.Answer {
        try send(Account.Command(.refund(.init(of: use, meter: meter, amount: amount)), key: key), at: now).answer
    }

    @discardableResult
    mutating func record(
        _ amount: Int64 = 1,
        of meter: Meter.ID = .documents,
        key: Account.Key? = nil,
        at now: Timestamp
    ) throws -> Account.Answer {
        try send(.record(amount, of: meter, key: key), at: now).answer
    }

    @discardableResult
    mutating func correct(
        by amount: Int64,
        of meter: Meter.ID = .documents,
        because reason: String = "counted twice",
        as member: MemberID? = "ann",
        key: Account.Key? = nil,
        at now: Timestamp
    ) throws -> Account.Answer {
        let correction = Account.Command.Correction(meter: meter, amount: amount, reason: reason)
        return try send(Account.Command(.correct(correction), key: key, member: member), at: now).answer
    }

    @discardableResult
    mutating func count(
        _ events: [Account.Command.Event],
        key: Account.Key? = nil,
        at now: Timestamp
    ) throws -> Account.Answer {
        try send(Account.Command(.recordAll(events), key: key), at: now).answer
    }

    /// Gives credits, and returns the grant's name.
    @discardableResult
    mutating func credit(
        _ amount: Int64,
        from source: Account.Grant.Source = .promotion,
        expiry: Timestamp? = nil,
        at now: Timestamp
    ) throws -> Account.Grant.ID {
        let granting = Account.Command.Granting(amount, of: .pool(.ai), from: source, expiry: expiry)
        guard case .granted(_, let id) = try send(Account.Command(.grant(granting)), at: now).answer else {
            throw Fixture.Missing()
        }
        return id
    }

    @discardableResult
    mutating func buy(
        _ pack: Pack.ID = .credits,
        order: String = "order-1",
        boughtAt: Timestamp? = nil,
        key: Account.Key? = nil,
        at now: Timestamp
    ) throws -> Account.Answer {
        let reference = ProviderReference(provider: "polar", kind: .grant, id: order)
        let granting = Account.Command.PackGranting(pack, order: reference, boughtAt: boughtAt)
        return try send(Account.Command(.grantPack(granting), key: key), at: now).answer
    }

    @discardableResult
    mutating func set(_ meter: Meter.ID = .desks, to units: Int64, at now: Timestamp) throws -> Account.Answer {
        try send(Account.Command(.setLevel(.init(meter: meter, units: units))), at: now).answer
    }

    @discardableResult
    mutating func raise(
        _ meter: Meter.ID = .desks,
        by units: Int64 = 1,
        key: Account.Key? = nil,
        at now: Timestamp
    ) throws -> Account.Answer {
        try send(Account.Command(.raise(.init(meter: meter, amount: units)), key: key), at: now).answer
    }

    @discardableResult
    mutating func lower(
        _ meter: Meter.ID = .desks,
        by units: Int64 = 1,
        key: Account.Key? = nil,
        at now: Timestamp
    ) throws -> Account.Answer {
        try send(Account.Command(.lower(.init(meter: meter, amount: units)), key: key), at: now).answer
    }

    @discardableResult
    mutating func extend(_ work: Work, by duration: Duration, at now: Timestamp) throws -> Account.Answer {
        let (seconds, attoseconds) = duration.components
        let time = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        return try send(Account.Command(.extend(work.hold, byMicroseconds: time)), at: now).answer
    }

    @discardableResult
    mutating func override(_ overrides: Account.Override..., at now: Timestamp) throws -> Account.Answer {
        try send(Account.Command(.override(overrides)), at: now).answer
    }

    @discardableResult
    mutating func startTrial(key: Account.Key? = nil, at now: Timestamp) throws -> Account.Answer {
        try send(Account.Command(.startTrial, key: key), at: now).answer
    }

    /// Writes down what time alone has changed, and returns what is told of it.
    @discardableResult
    mutating func settle(at now: Timestamp) throws -> [Account.Notice.Kind] {
        try send(Account.Command(.settle), at: now).change?.notices.map(\.kind) ?? []
    }

    /// Returns the line of the credits, which has to be there.
    func credits(at now: Timestamp) throws -> Account.Overview.CreditLine {
        try #require(try overview(at: now)[.ai])
    }

    /// Returns the units of a meter that are left, which has to have a limit.
    func left(_ meter: Meter.ID = .documents, at now: Timestamp) throws -> Int64 {
        guard case .units(let units) = try line(meter, at: now).remaining else { throw Fixture.Missing() }
        return units
    }
}

extension Lab {
    /// Returns the catalog with other terms on its lowest tier, and with no threshold unless one is given.
    static func catalog(
        version: Catalog.Version = 1,
        free allowances: [Meter.ID: Allowance],
        rates: [Meter.ID: [Tier.Rate]] = [:],
        credits: [CreditPool.ID: Tier.Credits] = [:],
        trial: Catalog.Trial? = nil,
        settings: Catalog.Settings = .init(lowBalance: [])
    ) throws(CatalogError) -> Catalog {
        let free = Tier(.free, rank: 0, name: "Free", allowances: allowances, rates: rates, credits: credits)
        return try Catalog(
            version: version,
            meters: meters,
            pools: [CreditPool(.ai, name: "AI credits")],
            tiers: [free] + tiers.dropFirst(),
            fallback: .free,
            packs: packs,
            trial: trial,
            settings: settings
        )
    }
}
