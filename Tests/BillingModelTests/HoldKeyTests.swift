import BillingModel
import Testing

/// The key that the end of work is told under, and the name of a try.
@Suite struct HoldKeyTests {
    let now = Fixture.day(3)

    @Test(arguments: [nil, "other"] as [Account.Key?])
    func `work whose end is told under no key or another one is counted no more than once`(
        key: Account.Key?
    ) throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(3, at: now)
        let stray = Account.Command(.capture(.init(of: work.receipt, hold: work.hold, amount: 3)), key: key)
        for _ in 0..<2 { _ = code { try ledger.send(stray, at: now) } }
        _ = code { try ledger.capture(work, 3, at: now) }
        let line = try ledger.line(at: now)
        #expect(line.used == 3 && line.held == 0)
        ledger.audit.check(ledger.account)
    }

    @Test func `work that was released is counted once when its end is told twice`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(3, at: now)
        try ledger.release(work, at: now)
        let receipt = try #require(try ledger.capture(work, at: now).receipt)
        #expect(try ledger.capture(work, at: now) == .repeated(receipt))
        #expect(try ledger.line(at: now).used == 3)
        ledger.audit.check(ledger.account)
    }

    @Test(arguments: [String(repeating: "x", count: 5_000_000), "a\0b"])
    func `the name of a try is short and has no NUL`(attempt: String) throws {
        var ledger = try Ledger()
        #expect(code { try ledger.send(.reserve(1, attempt: attempt), at: now) } == .malformedIdentifier)
        #expect(ledger.account.isNew)
    }

    @Test func `tries are told apart by their bytes`() throws {
        var ledger = try Ledger()
        _ = try ledger.reserve(1, attempt: "\u{E9}", at: now)
        let code = code { try ledger.send(.reserve(1, attempt: "e\u{301}"), at: now) }
        #expect(code == .workInProgress(until: now + .hours(1)))
    }
}
