import BillingModel
import Testing

/// Units that were used and come back, each to where it came from.
@Suite struct RefundTests {
    let now = Fixture.opening

    private func ledger(_ policy: Catalog.RefundPolicy = .expire) throws -> Ledger {
        try Ledger(
            catalog: Lab.catalog(
                free: [.documents: .limited(10, per: .month)],
                settings: .init(lowBalance: [], refunds: policy)
            )
        )
    }

    @Test func `what is refunded can be used again`() throws {
        var ledger = try ledger()
        try ledger.consume(10, key: "a", at: now)
        let receipt = try #require(try ledger.refund(4, under: "a", at: now).receipt)
        #expect(receipt.amount == 4 && receipt.remaining == .units(4))
        #expect(try ledger.line(at: now).used == 6)
        #expect(try ledger.consume(4, at: now).isApplied)
        ledger.audit.check(ledger.account)
    }

    @Test func `refunds add up and never exceed what was used`() throws {
        var ledger = try ledger()
        try ledger.consume(9, key: "a", at: now)
        try ledger.refund(4, under: "a", at: now)
        #expect(try ledger.refund(6, under: "a", at: now) == .exceedsUse(left: 5))
        try ledger.refund(3, under: "a", at: now)
        #expect(try ledger.refund(under: "a", at: now).receipt?.amount == 2, "the rest")
        #expect(try ledger.refund(under: "a", at: now) == .exceedsUse(left: 0))
        #expect(try ledger.left(at: now) == 10)
    }

    @Test func `work that was captured can be refunded, and no more than it took`() throws {
        var ledger = try ledger()
        try ledger.capture(try ledger.reserve(8, at: now), 5, at: now)
        #expect(try ledger.refund(6, under: "job", at: now) == .exceedsUse(left: 5))
        #expect(try ledger.refund(under: "job", at: now).receipt?.amount == 5)
    }

    @Test func `only what was used under the key is refunded`() throws {
        var ledger = try ledger()
        try ledger.consume(2, key: "a", at: now)
        try ledger.grant(3, key: "gift", at: now)
        _ = try ledger.reserve(1, key: "going on", at: now)
        for key in ["never", "gift", "going on"] as [Account.Key] {
            #expect(code { try ledger.refund(under: key, at: now) } == .unknownUse)
        }
        #expect(code { try ledger.refund(of: .searches, under: "a", at: now) } == .unknownUse)
    }

    @Test func `of several meters one is named`() throws {
        var ledger = try Ledger(catalog: Lab.catalog())
        try ledger.send(.consumeAll([(.documents, 3), (.searches, 2)], key: "a"), at: now)
        #expect(code { try ledger.refund(under: "a", at: now) } == .unknownUse)
        #expect(try ledger.refund(of: .searches, under: "a", at: now).receipt?.amount == 2)
        #expect(try ledger.refund(of: .documents, under: "a", at: now).receipt?.amount == 3)
    }

    @Test func `a refund under its own key is done once`() throws {
        var ledger = try ledger()
        try ledger.consume(9, key: "a", at: now)
        let first = try #require(try ledger.refund(2, under: "a", key: "r", at: now).receipt)
        #expect(try ledger.refund(2, under: "a", key: "r", at: now) == .repeated(first))
        #expect(code { try ledger.refund(3, under: "a", key: "r", at: now) } == .keyReused)
        #expect(try ledger.line(at: now).used == 7)
    }

    @Test func `draws are walked backwards`() throws {
        var ledger = try ledger()
        let first = try ledger.grant(3, priority: -2, at: now)
        let second = try ledger.grant(3, priority: -1, at: now)
        try ledger.consume(8, key: "a", at: now)
        try ledger.refund(3, under: "a", at: now)
        #expect(ledger.audit.books[first]?.used == 3 && ledger.audit.books[second]?.used == 2)
        try ledger.refund(3, under: "a", at: now)
        #expect(ledger.audit.books[first]?.used == 2 && ledger.audit.books[second]?.used == 0)
        ledger.audit.check(ledger.account)
    }

    @Test func `what lies beyond a limit comes back first`() throws {
        var ledger = try ledger()
        try ledger.record(13, key: "a", at: now)
        try ledger.refund(2, under: "a", at: now)
        #expect(try ledger.line(at: now).overage == 1)
        try ledger.refund(2, under: "a", at: now)
        let line = try ledger.line(at: now)
        #expect(line.overage == 0 && line.used == 9 && line.remaining == .units(1))
        ledger.audit.check(ledger.account)
    }

    @Test func `credits come back at the cost they were drawn at`() throws {
        var ledger = try ledger()
        let grant = try ledger.credit(40, at: now)
        try ledger.consume(13, key: "a", at: now)
        try ledger.refund(2, under: "a", at: now)
        #expect(ledger.audit.books[grant]?.used == 10)
        try ledger.refund(2, under: "a", at: now)
        #expect(ledger.audit.books[grant]?.used == 0)
        #expect(try ledger.line(at: now).used == 9)
        ledger.audit.check(ledger.account)
    }

    @Test func `a grant that was used up is live again`() throws {
        var ledger = try ledger()
        let grant = try ledger.grant(3, priority: -1, at: now)
        try ledger.consume(3, key: "a", at: now)
        #expect(ledger.audit.retired.contains(grant))
        try ledger.refund(2, under: "a", at: now)
        #expect(ledger.account.grants.contains { $0.id == grant && $0.remaining == 2 })
        #expect(try ledger.left(at: now) == 12)
        ledger.audit.check(ledger.account)
    }

    @Test func `what comes back of an earlier period is none of this one's`() throws {
        var ledger = try ledger()
        try ledger.consume(10, key: "a", at: now)
        let next = Fixture.day(31)
        try ledger.consume(1, at: next)
        #expect(try ledger.refund(under: "a", at: next).receipt?.remaining == .units(9))
        let line = try ledger.line(at: next)
        #expect(line.used == 1 && line.remaining == .units(9))
        ledger.audit.check(ledger.account)
    }

    @Test func `units of an unlimited meter come back to the count`() throws {
        var ledger = try Ledger(catalog: Lab.catalog())
        try ledger.take(Fixture.subscription(.enterprise, period: Fixture.days(0, 31)), at: now)
        try ledger.consume(7, key: "a", at: now)
        try ledger.refund(3, under: "a", at: now)
        #expect(try ledger.line(at: now).used == 4)
    }

    // MARK: Into a grant that is over

    @Test func `into an expired grant nothing comes back, unless the operator says otherwise`() throws {
        var ledger = try ledger(.expire)
        let grant = try ledger.grant(5, expiry: Fixture.day(1), at: now)
        try ledger.consume(5, key: "a", at: now)
        let receipt = try #require(try ledger.refund(under: "a", at: Fixture.day(2)).receipt)
        #expect(receipt.amount == 5 && receipt.remaining == .units(10))
        #expect(ledger.audit.books[grant] == Audit.Book(amount: 5, expired: 5))
        ledger.audit.check(ledger.account)
    }

    @Test func `extended, what comes back lasts some days more`() throws {
        var ledger = try ledger(.extend(byDays: 3))
        let grant = try ledger.grant(5, from: .order, priority: 4, expiry: Fixture.day(1), at: now)
        try ledger.consume(10, at: now)
        try ledger.consume(5, key: "a", at: now)
        try ledger.refund(2, under: "a", at: Fixture.day(2))
        #expect(ledger.audit.books[grant] == Audit.Book(amount: 5, used: 3, moved: 2))
        let new = try #require(ledger.account.grants.first { $0.source == .refund })
        #expect(new.amount == 2 && new.expiry == Fixture.day(5))
        #expect(new.basis == .bought && new.priority == 4, "as it was")
        #expect(try ledger.left(at: Fixture.day(5) - .tick) == 2)
        #expect(try ledger.left(at: Fixture.day(5)) == 0)
        ledger.audit.check(ledger.account)
    }

    @Test func `as a new grant, what comes back lasts for ever`() throws {
        var ledger = try ledger(.newGrant)
        try ledger.grant(5, expiry: Fixture.day(1), at: now)
        try ledger.consume(5, key: "a", at: now)
        try ledger.refund(under: "a", at: Fixture.day(2))
        #expect(try ledger.left(at: Fixture.day(900)) == 15)
        ledger.audit.check(ledger.account)
    }

    @Test(arguments: [Catalog.RefundPolicy.expire, .extend(byDays: 3), .newGrant])
    func `into a grant that somebody took back nothing comes back, whatever the policy`(
        policy: Catalog.RefundPolicy
    ) throws {
        var ledger = try ledger(policy)
        let grant = try ledger.grant(5, priority: -1, at: now)
        try ledger.consume(3, key: "a", at: now)
        try ledger.void(grant, at: now)
        #expect(try ledger.refund(under: "a", at: now).receipt?.remaining == .units(10))
        #expect(ledger.audit.books[grant] == Audit.Book(amount: 5, expired: 3, voided: 2))
        ledger.audit.check(ledger.account)
    }

    // MARK: Across tiers

    /// Free gives 10 documents, Pro 50 and Enterprise 60, and each starts over.
    private func startingOver() throws -> Ledger {
        let units: [(Tier.ID, Int64)] = [(.free, 10), (.pro, 50), (.enterprise, 60)]
        let tiers = units.enumerated().map { rank, tier in
            Tier(tier.0, rank: rank, name: "Tier", allowances: [.documents: .limited(tier.1, per: .month)])
        }
        return try Ledger(
            catalog: Catalog(
                version: 1,
                meters: [Meter(.documents, name: "Documents", tierChange: .startsOver)],
                tiers: tiers,
                fallback: .free,
                settings: .init(lowBalance: [])
            )
        )
    }

    @Test func `where a tier starts over, a refund of what was used before gives no more than the tier`() throws {
        var ledger = try startingOver()
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 30)), at: now)
        try ledger.consume(40, key: "a", at: Fixture.day(1))
        let later = Fixture.day(2)
        try ledger.take(Fixture.subscription(.enterprise, period: Fixture.days(0, 30), at: later), at: later)
        #expect(try ledger.left(at: later) == 60)
        try ledger.refund(under: "a", at: later)
        #expect(try ledger.left(at: later) == 60)
        ledger.audit.check(ledger.account)
    }

    @Test func `where a tier started over and has ended, nothing comes back into what it gave`() throws {
        var ledger = try startingOver()
        let period = Fixture.days(0, 30)
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        try ledger.consume(40, at: Fixture.day(1))
        try ledger.take(Fixture.subscription(.enterprise, period: period, at: Fixture.day(2)), at: Fixture.day(2))
        try ledger.consume(60, key: "a", at: Fixture.day(3))
        let end = Fixture.day(5)
        try ledger.take(Fixture.subscription(.enterprise, .canceled, period: period, at: end, endedAt: end), at: end)
        let left = try ledger.left(at: Fixture.day(6))
        try ledger.refund(under: "a", at: Fixture.day(6))
        #expect(try ledger.left(at: Fixture.day(6)) == left)
        ledger.audit.check(ledger.account)
    }
}
