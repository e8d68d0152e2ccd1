import BillingModel
import Testing

/// Credits in numbers that cannot be counted together.
@Suite struct CreditBoundTests {
    let now = Fixture.opening
    /// Documents whose credits can be counted once and not twice.
    let half: Int64 = 500_000_000_000_000_000

    /// A customer with more credits than can be counted, of which a document costs ten.
    private func ledger() throws -> Ledger {
        var ledger = try Ledger(catalog: Lab.catalog(free: [:]))
        for _ in 0..<12 { try ledger.credit(Catalog.Limits.units, at: now) }
        return ledger
    }

    private func checkCounts(of ledger: Ledger) throws {
        let line = try ledger.credits(at: now)
        #expect(line.used >= 0 && line.held >= 0 && line.remaining >= 0)
        #expect(ledger.account.findings(in: ledger.catalog) == [])
        ledger.audit.check(ledger.account)
    }

    @Test func `no more credits are set aside than can be counted`() throws {
        var ledger = try ledger()
        _ = try ledger.reserve(half, key: "a", at: now)
        #expect(try ledger.credits(at: now).held == 10 * half)
        #expect(try ledger.send(.reserve(half, key: "b"), at: now).answer.denial != nil)
        #expect(try ledger.credits(at: now).held == 10 * half)
        try checkCounts(of: ledger)
    }

    @Test func `no more credits are used than can be counted, and what was comes back`() throws {
        var ledger = try ledger()
        #expect(try ledger.consume(half, key: "a", at: now).isApplied)
        #expect(try ledger.consume(half, key: "b", at: now).denial != nil)
        try checkCounts(of: ledger)
        try ledger.refund(under: "a", at: now)
        #expect(try ledger.credits(at: now).used == 0)
        #expect(try ledger.consume(half, key: "b", at: now).isApplied)
        try ledger.refund(under: "b", at: now)
        #expect(try ledger.credits(at: now).used == 0)
        try checkCounts(of: ledger)
    }

    @Test func `work that took more than was set aside can be refunded, however much it was`() throws {
        var ledger = try ledger()
        let work = try ledger.reserve(half, at: now)
        #expect(try ledger.capture(work, 2 * half, at: now).isApplied)
        try checkCounts(of: ledger)
        #expect(try ledger.refund(under: "job", at: now).receipt?.amount == 2 * half)
        let line = try ledger.line(at: now)
        #expect(line.used == 0 && line.held == 0 && line.overage == 0)
        #expect(try ledger.credits(at: now).used == 0)
        try checkCounts(of: ledger)
    }
}
