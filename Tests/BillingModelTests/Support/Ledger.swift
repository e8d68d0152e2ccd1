import BillingModel
import Testing

/// One customer's account with its journal in memory: decides and applies as the engine does, with the facts
/// taken from the journal, and audits every change.
struct Ledger {
    private(set) var account: Account
    private(set) var journal: [Account.Change] = []
    private(set) var audit = Audit()
    var catalog: Catalog
    /// The catalogs that decisions may ask for beside the current one.
    var earlierCatalogs: [Catalog] = []
    /// Whom the provider's names belong to.
    var owners: [ProviderReference: CustomerID] = [:]
    private var precedents: [Account.Key: Account.Facts.Precedent] = [:]
    private var orders: [ProviderReference: Account.Order] = [:]
    private var events: [Account.EventID: Timestamp] = [:]

    init(_ customer: CustomerID = "acme", catalog: Catalog? = nil) throws {
        account = Account(customer: customer)
        self.catalog = try catalog ?? Fixture.catalog()
    }

    /// Decides a command, applies what it changes and writes it down.
    @discardableResult
    mutating func send(_ command: Account.Command, at now: Timestamp) throws -> Account.Decision {
        let decision = try decide(command, at: now)
        if let change = decision.change {
            let isNext = account.apply(change)
            #expect(isNext, "a decided change is the account's next one")
            audit.take(change)
            keep(change)
        }
        return decision
    }

    /// Decides a command with all facts it asks for, and changes nothing.
    func decide(_ command: Account.Command, at now: Timestamp) throws -> Account.Decision {
        try withFacts(for: command, at: now) { facts throws(Account.DecisionError) in
            try account.decide(command, facts: facts, at: now, in: catalog)
        }
    }

    /// Decides a command the long way, which has to lead to the same.
    func decideStepByStep(_ command: Account.Command, at now: Timestamp) throws -> Account.Decision {
        try withFacts(for: command, at: now) { facts throws(Account.DecisionError) in
            try account.decideStepByStep(command, facts: facts, at: now, in: catalog)
        }
    }

    /// What a command would lead to.
    func preview(_ command: Account.Command, at now: Timestamp) throws -> Account.Preview {
        try withFacts(for: command, at: now) { facts throws(Account.DecisionError) in
            try account.preview(command, facts: facts, at: now, in: catalog)
        }
    }

    func overview(at now: Timestamp) throws -> Account.Overview {
        try withFacts(at: now) { facts throws(Account.DecisionError) in
            try account.overview(facts: facts, at: now, in: catalog)
        }
    }

    /// Returns the line of a meter, which has to be there.
    func line(_ meter: Meter.ID = .documents, at now: Timestamp) throws -> Account.Overview.Line {
        try #require(try overview(at: now)[meter])
    }

    /// The notices of all changes so far.
    var notices: [Account.Notice.Kind] { journal.flatMap(\.notices).map(\.kind) }

    private func withFacts<Answer>(
        for command: Account.Command? = nil,
        at now: Timestamp,
        _ body: (Account.Facts) throws(Account.DecisionError) -> Answer
    ) throws -> Answer {
        var facts = Account.Facts(precedent: command?.key.flatMap { precedents[$0] })
        if case .take(let snapshot)? = command?.action {
            facts.order = snapshot.order.flatMap { orders[$0.providerReference] }
        }
        for reference in command?.references ?? [] { facts.owners[reference] = owners[reference] }
        if let key = command?.spendingKey { facts.spending[key] = spending(under: key) }
        facts.knownEvents = Set(events.filter { $0.value > now - .days(32) }.keys)
        // Each round answers all that the last one asked; a need that comes back after its answer is an error.
        for _ in 0..<4 {
            do throws(Account.DecisionError) {
                return try body(facts)
            } catch {
                guard case .missing(let needs) = error.code, !needs.isEmpty else { throw error }
                for need in needs { try answer(need, in: &facts) }
            }
        }
        return try body(facts)
    }

    private func answer(_ need: Account.Facts.Need, in facts: inout Account.Facts) throws {
        switch need {
        case .usage(let question): facts.usage[question] = usage(of: question.subject, since: question.since)
        case .orders(of: let key):
            facts.orders[key] = orders.values.filter { $0.subscriptionKey == key }
        case .catalog(let version): facts.catalogs[version] = earlierCatalogs.first { $0.version == version }
        }
    }

    /// The units that were drawn from an instant on and have not come back, by the journal.
    func usage(of subject: Account.Balance.Subject, since start: Timestamp) -> Account.Facts.Usage {
        var usage = Account.Facts.Usage()
        func count(_ draw: Account.Draw, _ sign: Int64) {
            let drawn: Account.Balance.Subject = draw.pool.map { .pool($0) } ?? .meter(draw.meter)
            guard drawn == subject, draw.at >= start else { return }
            usage.units += sign * draw.amount
            switch draw.cover {
            case .grant(_, .allowance), .nothing: break
            case .grant, .credits: usage.fromOtherGrants += sign * draw.amount
            }
        }
        for effect in journal.flatMap(\.effects) {
            if case .drawn(let draw) = effect { count(draw, 1) }
            if case .returned(let back) = effect { count(back.draw, -1) }
        }
        return usage
    }

    /// What was used under a key and what of it has come back, by the journal.
    func spending(under key: Account.Key) -> Account.Facts.Spending? {
        guard let use = journal.first(where: { $0.key == key }) else { return nil }
        var (draws, returns): ([Account.Draw], [Account.Draw]) = ([], [])
        for case .drawn(let draw) in use.effects { draws.append(draw) }
        var retired: [Account.Grant.ID: Account.Grant] = [:]
        for effect in journal.flatMap(\.effects) {
            if case .returned(let back) = effect, back.revision == use.revision { returns.append(back.draw) }
            if case .retired(let grant) = effect { retired[grant.id] = grant }
            if case .restored(let grant) = effect { retired[grant.id] = nil }
        }
        let names = Set(draws.compactMap(\.grant))
        return Account.Facts.Spending(
            revision: use.revision,
            draws: draws,
            returns: returns,
            retired: retired.filter { names.contains($0.key) }
        )
    }

    private mutating func keep(_ change: Account.Change) {
        journal.append(change)
        if let key = change.key {
            #expect(precedents[key] == nil, "a key is used up once")
            precedents[key] = Account.Facts.Precedent(
                receipt: change.receipt,
                fingerprint: change.fingerprint,
                at: change.recordedAt
            )
        }
        for reference in change.references { owners[reference] = account.customer }
        for event in change.events { events[event] = change.recordedAt }
        for case .ordered(let order) in change.effects { orders[order.providerReference] = order }
    }
}

// MARK: Shorthands

extension Ledger {
    @discardableResult
    mutating func consume(
        _ amount: Int64 = 1,
        of meter: Meter.ID = .documents,
        key: Account.Key? = nil,
        at now: Timestamp
    ) throws -> Account.Answer {
        try send(.consume(amount, of: meter, key: key), at: now).answer
    }

    /// Sets units aside; they lapse after an hour unless another time is given.
    mutating func reserve(
        _ amount: Int64,
        of meter: Meter.ID = .documents,
        key: Account.Key = "job",
        attempt: String = "first",
        for duration: Duration = .hours(1),
        at now: Timestamp
    ) throws -> Work {
        let command = Account.Command.reserve(amount, of: meter, key: key, attempt: attempt, for: duration)
        guard case .held(let receipt, let hold) = try send(command, at: now).answer else { throw Fixture.Missing() }
        return Work(key: key, receipt: receipt, hold: hold)
    }

    @discardableResult
    mutating func capture(_ work: Work, _ amount: Int64? = nil, at now: Timestamp) throws -> Account.Answer {
        try send(work.capture(amount), at: now).answer
    }

    @discardableResult
    mutating func release(_ work: Work, at now: Timestamp) throws -> Account.Answer {
        try send(Account.Command(.release(work.hold)), at: now).answer
    }

    /// Gives units, and returns the grant's name.
    @discardableResult
    mutating func grant(
        _ amount: Int64,
        of meter: Meter.ID = .documents,
        from source: Account.Grant.Source = .promotion,
        basis: Account.Grant.Basis? = nil,
        priority: Int64 = 0,
        effective: Timestamp? = nil,
        expiry: Timestamp? = nil,
        for identity: String? = nil,
        key: Account.Key? = nil,
        at now: Timestamp
    ) throws -> Account.Grant.ID {
        let command = Account.Command.grant(
            amount,
            of: meter,
            from: source,
            basis: basis,
            priority: priority,
            effective: effective,
            expiry: expiry,
            for: identity,
            key: key
        )
        guard case .granted(_, let id) = try send(command, at: now).answer else { throw Fixture.Missing() }
        return id
    }

    @discardableResult
    mutating func void(_ grant: Account.Grant.ID, at now: Timestamp) throws -> Account.Answer {
        try send(Account.Command(.void(grant)), at: now).answer
    }

    @discardableResult
    mutating func take(_ subscriptions: SubscriptionSnapshot..., at now: Timestamp) throws -> Account.Answer {
        try send(.take(ProviderSnapshot(provider: "polar", subscriptions: subscriptions)), at: now).answer
    }

    @discardableResult
    mutating func take(_ order: Account.Order, at now: Timestamp) throws -> Account.Answer {
        try send(.take(ProviderSnapshot(provider: order.provider, order: order)), at: now).answer
    }

    @discardableResult
    mutating func take(_ checkout: CheckoutSnapshot, at now: Timestamp) throws -> Account.Answer {
        try send(.take(ProviderSnapshot(provider: "polar", checkout: checkout)), at: now).answer
    }

    @discardableResult
    mutating func startUpgrade(
        to tier: Tier.ID = .pro,
        reference: String? = nil,
        by member: MemberID? = nil,
        at now: Timestamp
    ) throws -> Upgrade {
        let request = Account.Command.UpgradeRequest(tier: tier, cycle: .month, reference: reference)
        let answer = try send(Account.Command(.startUpgrade(request), member: member), at: now).answer
        guard case .upgrade(let upgrade) = answer else { throw Fixture.Missing() }
        return upgrade
    }
}

/// Work that a hold was made for.
struct Work {
    let key: Account.Key
    let receipt: Account.Receipt
    let hold: Account.Hold.ID

    func capture(_ amount: Int64? = nil) -> Account.Command {
        Account.Command(.capture(Account.Command.Capture(of: receipt, hold: hold, amount: amount)), key: key)
    }
}

extension Account.Command {
    static func consume(_ amount: Int64, of meter: Meter.ID = .documents, key: Account.Key? = nil) -> Self {
        Account.Command(.consume(Consumption(meter: meter, amount: amount)), key: key)
    }

    static func consume(upTo amount: Int64, of meter: Meter.ID = .documents, key: Account.Key? = nil) -> Self {
        Account.Command(.consume(Consumption(meter: meter, amount: amount, isPartial: true)), key: key)
    }

    static func consumeAll(_ uses: [(Meter.ID, Int64)], key: Account.Key? = nil) -> Self {
        Account.Command(.consumeAll(uses.map { Consumption(meter: $0.0, amount: $0.1) }), key: key)
    }

    static func record(_ amount: Int64, of meter: Meter.ID = .documents, key: Account.Key? = nil) -> Self {
        Account.Command(.record(Consumption(meter: meter, amount: amount)), key: key)
    }

    static func reserve(
        _ amount: Int64,
        of meter: Meter.ID = .documents,
        key: Account.Key? = "job",
        attempt: String = "first",
        for duration: Duration = .hours(1)
    ) -> Self {
        let reservation = Reservation(meter: meter, amount: amount, attempt: attempt, lapsesAfter: duration)
        return Account.Command(.reserve(reservation), key: key)
    }

    static func grant(
        _ amount: Int64,
        of meter: Meter.ID = .documents,
        from source: Account.Grant.Source = .promotion,
        basis: Account.Grant.Basis? = nil,
        priority: Int64 = 0,
        effective: Timestamp? = nil,
        expiry: Timestamp? = nil,
        for identity: String? = nil,
        key: Account.Key? = nil
    ) -> Self {
        let granting = Granting(
            amount,
            of: .meter(meter),
            from: source,
            basis: basis,
            priority: priority,
            effective: effective,
            expiry: expiry,
            identity: identity.map { ProviderReference(provider: "polar", kind: .grant, id: $0) }
        )
        return Account.Command(.grant(granting), key: key)
    }

    static func take(_ snapshot: ProviderSnapshot, key: Account.Key? = nil) -> Self {
        Account.Command(.take(snapshot), key: key)
    }
}

extension Account.Denial.Limit {
    var isAllowance: Bool {
        if case .allowance = self { true } else { false }
    }
}

extension Account.Answer {
    var receipt: Account.Receipt? {
        switch self {
        case .applied(let receipt), .repeated(let receipt), .held(let receipt, _), .granted(let receipt, _): receipt
        default: nil
        }
    }

    var denial: Account.Denial? {
        if case .denied(let denial) = self { denial } else { nil }
    }

    var isApplied: Bool {
        if case .applied = self { true } else { false }
    }
}

/// Returns the code of the error that a body throws, or `nil` when it throws none.
func code(of body: () throws -> some Any) -> Account.DecisionError.Code? {
    do {
        _ = try body()
        return nil
    } catch {
        return (error as? Account.DecisionError)?.code
    }
}
