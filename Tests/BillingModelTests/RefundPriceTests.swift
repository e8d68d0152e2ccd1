import BillingModel
import Testing

/// Credits that come back for units whose price, or whose pool, was another when they were drawn.
@Suite struct RefundPriceTests {
    let now = Fixture.opening
    let other = CreditPool.ID("other")

    /// A catalog of documents that only credits pay for.
    private func catalog(
        version: Catalog.Version = 1,
        cost: Int64,
        on pool: CreditPool.ID = .ai
    ) throws -> Catalog {
        try Catalog(
            version: version,
            meters: [Meter(.documents, name: "Documents", draw: .init(on: pool, cost: cost))],
            pools: [CreditPool(pool, name: "Credits")],
            tiers: [Tier(.free, rank: 0, name: "Free")],
            fallback: .free,
            settings: .init(lowBalance: [])
        )
    }

    /// Captures work under the terms of a later catalog than those it was reserved under.
    private func capture(_ captured: Int64, of reserved: Int64, at later: Catalog, in ledger: inout Ledger) throws {
        let work = try ledger.reserve(reserved, at: now)
        ledger.catalog = later
        try ledger.capture(work, captured, at: now)
    }

    @Test func `of work that had two prices, a refund of all gives all back`() throws {
        var ledger = try Ledger(catalog: catalog(cost: 1))
        try ledger.credit(1_000, at: now)
        try capture(100, of: 99, at: catalog(version: 2, cost: 100), in: &ledger)
        #expect(try ledger.credits(at: now).remaining == 1_000 - 99 - 100)
        try ledger.refund(under: "job", at: now)
        #expect(try ledger.credits(at: now).remaining == 1_000)
        ledger.audit.check(ledger.account)
    }

    @Test func `of work that had two prices, each unit comes back at its own, the last one first`() throws {
        var ledger = try Ledger(catalog: catalog(cost: 100))
        try ledger.credit(100_000, at: now)
        try capture(100, of: 99, at: catalog(version: 2, cost: 1), in: &ledger)
        let left = try ledger.credits(at: now).remaining
        try ledger.refund(1, under: "job", at: now)
        #expect(try ledger.credits(at: now).remaining == left + 1)
        try ledger.refund(1, under: "job", at: now)
        #expect(try ledger.credits(at: now).remaining == left + 1 + 100)
        ledger.audit.check(ledger.account)
    }

    @Test func `of work that two pools paid for, each gets its own back, the last one first`() throws {
        var ledger = try Ledger(catalog: catalog(cost: 1))
        let first = try ledger.credit(100, at: now)
        let work = try ledger.reserve(10, at: now)
        ledger.earlierCatalogs = [ledger.catalog]
        ledger.catalog = try catalog(version: 2, cost: 5, on: other)
        let granting = Account.Command.Granting(100, of: .pool(other), from: .promotion)
        try ledger.send(Account.Command(.grant(granting)), at: now)
        try ledger.capture(work, 20, at: now)
        #expect(try ledger.overview(at: now)[other]?.remaining == 50)
        try ledger.refund(10, under: "job", at: now)
        #expect(try ledger.overview(at: now)[other]?.remaining == 100)
        #expect(ledger.audit.books[first] == Audit.Book(amount: 100, used: 10))
        try ledger.refund(under: "job", at: now)
        #expect(ledger.audit.books[first] == Audit.Book(amount: 100))
        ledger.audit.check(ledger.account)
    }
}
