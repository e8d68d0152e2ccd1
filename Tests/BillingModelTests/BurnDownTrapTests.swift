import BillingModel
import Testing

/// What goes wrong elsewhere when units are drawn, expire, come back or are taken back.
@Suite struct BurnDownTrapTests {
    let now = Fixture.opening

    private func ledger(_ policy: Catalog.RefundPolicy = .expire) throws -> Ledger {
        try Ledger(
            catalog: Lab.catalog(
                free: [.documents: .limited(10, per: .month)],
                settings: .init(lowBalance: [.percent(20)], refunds: policy)
            )
        )
    }

    // MARK: Order

    @Test func `the burn order is total: priority, end, given before bought, age, name`() throws {
        func grant(
            _ id: String,
            _ basis: Account.Grant.Basis = .given,
            priority: Int64 = 0,
            from: Int64 = 1,
            to end: Int64? = nil
        ) -> Account.Grant {
            Account.Grant(
                id: Account.Grant.ID(id),
                subject: .meter(.documents),
                source: .promotion,
                basis: basis,
                priority: priority,
                effective: Fixture.day(from),
                expiry: end.map { Fixture.day($0) },
                amount: 1
            )
        }
        let expected = [
            grant("z", .bought, priority: -1), grant("y", .bought, to: 5), grant("x", to: 6),
            grant("w", .bought, from: 0, to: 6), grant("v", from: 0), grant("a"), grant("b"), grant("c", .bought),
            grant("d", priority: 1, to: 1),
        ]
        #expect(expected.reversed().sorted(by: Account.Grant.burnsBefore).map(\.id) == expected.map(\.id))
        for grant in expected { #expect(!Account.Grant.burnsBefore(grant, grant)) }
    }

    @Test func `ends are told apart to the microsecond`() throws {
        var ledger = try ledger()
        let later = try ledger.grant(1, expiry: Fixture.day(5) + .tick, at: now)
        let sooner = try ledger.grant(1, from: .order, expiry: Fixture.day(5), at: now)
        try ledger.consume(1, at: now)
        #expect(ledger.audit.books[sooner]?.used == 1 && ledger.audit.books[later]?.used == 0)
    }

    @Test func `two grants alike in all but their names are drawn on in one order, whatever order they are kept in`()
        throws
    {
        var ledger = try ledger()
        for _ in 0..<5 { try ledger.grant(1, expiry: Fixture.day(5), at: now) }
        let account = ledger.account
        for grants in [account.grants, account.grants.reversed()] {
            let patient = Patient(ledger, grants: grants)
            #expect(patient.account == account && patient.account.grants == account.grants)
        }
    }

    @Test func `a refund walks the order backwards, a release too`() throws {
        var ledger = try ledger()
        let soon = try ledger.grant(4, expiry: Fixture.day(5), at: now)
        let late = try ledger.grant(4, expiry: Fixture.day(6), at: now)
        try ledger.consume(6, key: "a", at: now)
        try ledger.refund(3, under: "a", at: now)
        #expect(ledger.audit.books[late]?.used == 0 && ledger.audit.books[soon]?.used == 3)
        let work = try ledger.reserve(4, at: now)
        try ledger.capture(work, 2, at: now)
        #expect(ledger.audit.books[soon]?.used == 4 && ledger.audit.books[late]?.used == 1)
        ledger.audit.check(ledger.account)
    }

    // MARK: Expiry

    @Test(arguments: [(Duration.zero - .tick, 15), (.zero, 10), (.tick, 10)] as [(Duration, Int64)])
    func `a grant can be used up to its end and not at it`(tick: Duration, left: Int64) throws {
        var ledger = try ledger()
        try ledger.grant(5, expiry: Fixture.day(2), at: now)
        let instant = Fixture.day(2) + tick
        #expect(try ledger.left(at: instant) == left)
        #expect(try ledger.decide(.consume(left), at: instant).answer.isApplied)
        #expect(try ledger.decide(.consume(left + 1), at: instant).answer.denial != nil)
    }

    @Test func `credits end when they end and not when a job gets round to it`() throws {
        var ledger = try ledger()
        try ledger.consume(10, at: now)
        try ledger.credit(50, expiry: Fixture.day(2), at: now)
        #expect(try ledger.consume(at: Fixture.day(2)).denial?.remaining == 0)
        #expect(ledger.account.grants.contains { $0.subject == .pool(.ai) }, "though nobody has written it down")
    }

    @Test func `what a hold has of a grant that ends is the hold's, and what comes back of it ends`() throws {
        var ledger = try ledger()
        let grant = try ledger.grant(5, expiry: Fixture.day(2), at: now)
        let work = try ledger.reserve(5, for: .days(9), at: now)
        try ledger.settle(at: Fixture.day(3))
        #expect(ledger.audit.books[grant] == Audit.Book(amount: 5, held: 5))
        let receipt = try #require(try ledger.capture(work, 3, at: Fixture.day(4)).receipt)
        #expect(receipt.overage == 0 && !receipt.isLate)
        #expect(ledger.audit.books[grant] == Audit.Book(amount: 5, used: 3, expired: 2))
        ledger.audit.check(ledger.account)
    }

    @Test(arguments: [(.expire, 10), (.extend(byDays: 3), 15), (.newGrant, 15)] as [(Catalog.RefundPolicy, Int64)])
    func `a refund into an expired grant follows the stated policy`(policy: Catalog.RefundPolicy, left: Int64) throws {
        var ledger = try ledger(policy)
        try ledger.grant(5, expiry: Fixture.day(2), at: now)
        try ledger.consume(5, key: "a", at: now)
        #expect(try ledger.refund(under: "a", at: Fixture.day(2)).receipt?.remaining == .units(left))
        ledger.audit.check(ledger.account)
    }

    @Test func `a refund does not give back by another way what somebody took back`() throws {
        var ledger = try ledger(.newGrant)
        let grant = try ledger.grant(5, expiry: Fixture.day(9), at: now)
        try ledger.consume(3, key: "a", at: now)
        try ledger.void(grant, at: now)
        #expect(try ledger.refund(under: "a", at: now).receipt?.remaining == .units(10))
    }

    @Test func `an expiry that makes a balance low is told of when it is due, though nobody uses anything`() throws {
        var ledger = try ledger()
        try ledger.consume(9, at: now)
        try ledger.grant(20, expiry: Fixture.day(2), at: now)
        #expect(ledger.account.dueAt == Fixture.day(2))
        #expect(try ledger.settle(at: Fixture.day(2)) == [.lowBalance(.meter(.documents), .percent(20), left: 1)])
    }

    // MARK: Negative and void

    @Test func `nothing that is taken back makes a balance negative`() throws {
        var ledger = try ledger()
        try ledger.consume(10, at: now)
        let grant = try ledger.grant(5, from: .order, at: now)
        try ledger.consume(4, at: now)
        #expect(try ledger.void(grant, at: now).receipt?.amount == 1)
        try ledger.record(7, at: now)
        let line = try ledger.line(at: now)
        #expect(line.remaining == .units(0) && line.used == 21 && line.overage == 7)
        ledger.audit.check(ledger.account)
    }

    @Test func `a balance that is below nothing by mistake lets nothing through`() throws {
        var ledger = try ledger()
        try ledger.consume(3, at: now)
        var grants = ledger.account.grants
        grants[0].used = 14
        let patient = Patient(ledger, grants: grants)
        let decision = try patient.account.decide(.consume(1), at: now, in: ledger.catalog)
        #expect(decision.answer.denial?.remaining == 0)
        let partly = try patient.account.decide(.consume(upTo: 1), at: now, in: ledger.catalog)
        #expect(partly.answer.denial != nil)
    }

    @Test func `a void is of this instant, and what was used before it stays used`() throws {
        var ledger = try ledger()
        let grant = try ledger.grant(5, expiry: Fixture.day(9), at: now)
        try ledger.consume(2, at: now)
        let later = Fixture.day(1)
        try ledger.void(grant, at: later)
        #expect(ledger.audit.books[grant] == Audit.Book(amount: 5, used: 2, voided: 3))
        #expect(try ledger.line(at: later).used == 2)
        #expect(try ledger.void(grant, at: later) == .alreadyOver)
    }

    @Test func `a void under its key takes once`() throws {
        var ledger = try ledger()
        let grant = try ledger.grant(5, at: now)
        let command = Account.Command(.void(grant), key: "chargeback")
        let receipt = try #require(try ledger.send(command, at: now).answer.receipt)
        #expect(try ledger.send(command, at: now).answer == .repeated(receipt))
    }

    @Test func `a grant that began before the running period is given all the same`() throws {
        var ledger = try ledger()
        try ledger.consume(10, at: now)
        try ledger.grant(5, effective: now - .days(40), at: now)
        #expect(try ledger.left(at: now) == 5)
        #expect(try ledger.line(at: now).used == 10, "and covers nothing that was used before it was given")
    }
}
