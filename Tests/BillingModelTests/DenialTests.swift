import BillingModel
import Testing

/// Refusals, with all that a page needs to explain them.
@Suite struct DenialTests {
    let now = Fixture.opening

    private static let actions: [Account.Command.Action] = [
        .consume(.init(meter: .documents, amount: 11)),
        .consumeAll([.init(meter: .searches, amount: 1), .init(meter: .documents, amount: 11)]),
        .reserve(.init(meter: .documents, amount: 11, attempt: "first")), .raise(.init(meter: .desks, amount: 3)),
        .setLevel(.init(meter: .desks, units: 3)),
    ]

    @Test(arguments: actions)
    func `a denial carries the reference of the work, so that a page can come back to it`(
        action: Account.Command.Action
    ) throws {
        var ledger = try Ledger(catalog: Lab.catalog())
        let command = Account.Command(action, key: "k", member: "ann", reference: "job-123")
        let denial = try #require(try ledger.send(command, at: now).answer.denial)
        #expect(denial.reference == "job-123" && denial.tier == .free)
        #expect(try ledger.send(Account.Command(action, key: "k"), at: now).answer.denial?.reference == nil)
        #expect(ledger.account.isNew)
    }

    @Test func `a reference is no part of what is asked`() throws {
        var ledger = try Ledger()
        let use = Account.Command.Action.consume(.init(meter: .documents, amount: 1))
        let first = try ledger.send(Account.Command(use, key: "k", reference: "a"), at: now).answer.receipt
        #expect(try ledger.send(Account.Command(use, key: "k", reference: "b"), at: now).answer.receipt == first)
    }

    @Test func `a denial of as many as are left says what would let one through`() throws {
        var ledger = try Ledger(catalog: Lab.catalog())
        try ledger.consume(10, at: now)
        let denial = try #require(try ledger.send(.consume(upTo: 70), at: now).answer.denial)
        #expect(denial.requested == 70 && denial.remaining == 0)
        #expect(denial.resetsAt == Fixture.day(31))
        #expect(denial.unlockedBy == [.pro, .enterprise] && denial.unlockedByPacks == [.credits, .documents])
    }

    @Test func `what remains beyond a soft limit is what would be let through`() throws {
        var ledger = try Ledger(catalog: Lab.catalog())
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 31)), at: now)
        let denial = try #require(try ledger.consume(69, at: now).denial)
        #expect(denial.remaining == 50 + 8 + 10, "units, overage and what credits pay for")
        #expect(denial.unlockedBy == [.enterprise] && denial.unlockedByPacks == [.credits, .documents])
    }

    @Test func `a denial names only the tiers under which it would be let through`() throws {
        var ledger = try Ledger()
        try ledger.override(.init(.allowance(.limited(5, per: .month), of: .documents)), at: now)
        let denial = try #require(try ledger.consume(6, at: now).denial)
        #expect(denial.unlockedBy == [], "the customer's own allowance holds on each")
        try ledger.override(at: now)
        let other = try #require(try ledger.consume(11, at: now).denial)
        #expect(other.unlockedBy == [.pro, .enterprise])
        for tier in other.unlockedBy {
            var upgraded = ledger
            try upgraded.take(Fixture.subscription(tier, period: Fixture.days(0, 31)), at: now)
            #expect(try upgraded.consume(11, at: now).isApplied, "\(tier)")
        }
    }

    @Test func `a denial is over when it says that it is`() throws {
        var ledger = try Ledger(
            catalog: Lab.catalog(
                free: [.documents: .limited(10, per: .month)],
                credits: [.ai: .init(10, per: .day)]
            )
        )
        try ledger.consume(11, at: now)
        let denial = try #require(try ledger.consume(5, at: now).denial)
        let end = try #require(denial.resetsAt)
        #expect(end == Fixture.day(31), "a day's credits pay for one document")
        #expect(try ledger.consume(5, at: end).isApplied)
        ledger.audit.check(ledger.account)
    }
}
