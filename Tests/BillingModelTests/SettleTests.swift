import BillingModel
import Testing

/// What time alone changes, written down when it is due.
@Suite struct SettleTests {
    let now = Fixture.opening

    @Test func `a customer of whom nothing is known has nothing due`() throws {
        var ledger = try Ledger()
        #expect(try ledger.send(Account.Command(.settle), at: now) == Account.Decision(answer: .settled))
        #expect(ledger.account.isNew)
    }

    @Test func `before anything is due there is nothing to write down`() throws {
        var ledger = try Ledger()
        try ledger.consume(1, at: now)
        #expect(ledger.account.dueAt == Fixture.day(31))
        #expect(try ledger.send(Account.Command(.settle), at: Fixture.day(31) - .tick).change == nil)
    }

    @Test func `a period that turns is written down when it does`() throws {
        var ledger = try Ledger()
        try ledger.consume(4, at: now)
        try ledger.settle(at: Fixture.day(31))
        #expect(ledger.account.periods.map(\.span) == [Fixture.days(31, 59)])
        #expect(ledger.account.dueAt == Fixture.day(59))
        ledger.audit.check(ledger.account)
    }

    @Test func `a hold that lapses is written down when it does`() throws {
        var ledger = try Ledger()
        _ = try ledger.reserve(4, for: .hours(1), at: now)
        #expect(ledger.account.dueAt == now + .hours(1))
        try ledger.settle(at: now + .hours(1))
        #expect(ledger.account.holds == [] && ledger.account.dueAt == Fixture.day(31))
    }

    @Test func `access that ends is told of when it does`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 20), cancels: true), at: now)
        #expect(ledger.account.dueAt == Fixture.day(20))
        #expect(try ledger.settle(at: Fixture.day(20)) == [.tierChanged(from: .pro, to: .free)])
    }

    @Test func `what is due is due once, also where a grant only starts or had been used up`() throws {
        var ledger = try Ledger()
        try ledger.consume(1, at: now)
        try ledger.grant(2, expiry: Fixture.day(5), at: now)
        try ledger.grant(3, effective: Fixture.day(8), at: now)
        try ledger.consume(2, at: now)
        for _ in 0..<6 {
            let due = try #require(ledger.account.dueAt(in: ledger.catalog))
            try ledger.settle(at: due)
            #expect(try #require(ledger.account.dueAt(in: ledger.catalog)) > due)
        }
        ledger.audit.check(ledger.account)
    }

    @Test func `a key is nothing to it`() throws {
        var ledger = try Ledger()
        try ledger.consume(1, key: "a", at: now)
        #expect(try ledger.send(Account.Command(.settle, key: "a"), at: Fixture.day(31)).change?.key == nil)
    }
}
