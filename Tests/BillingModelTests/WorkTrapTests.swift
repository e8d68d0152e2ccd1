import BillingModel
import Testing

/// What goes wrong elsewhere when several things happen at once, or one thing twice.
@Suite struct WorkTrapTests {
    let now = Fixture.day(3)

    // MARK: Crossings

    @Test func `a crossing is part of the change that makes it, so no two tell of it`() throws {
        var ledger = try Ledger()
        try ledger.consume(8, at: now)
        // Two commands are decided on one state; the one that loses the race is decided again.
        let first = try ledger.decide(.consume(1, key: "a"), at: now)
        let second = try ledger.decide(.consume(1, key: "b"), at: now)
        #expect(first.change?.notices.count == 1 && second.change?.notices.count == 1)
        var account = ledger.account
        let isFirst = try account.apply(#require(first.change))
        let isSecond = try account.apply(#require(second.change))
        #expect(isFirst && !isSecond)
        let again = try account.decide(.consume(1, key: "b"), at: now, in: ledger.catalog)
        #expect(again.change?.notices.map(\.kind) == [.exhausted(.meter(.documents))], "the other crossing")
    }

    @Test func `a crossing is told of once under whatever comes after it`() throws {
        var ledger = try Ledger(catalog: Lab.catalog(free: [.documents: .limited(10, per: .month)], settings: .init()))
        try ledger.consume(9, key: "a", at: now)
        let count = ledger.notices.count
        try ledger.settle(at: now)
        try ledger.consume(of: .searches, at: now)
        try ledger.release(try ledger.reserve(1, at: now), at: now)
        try ledger.send(Account.Command(.examine(folded: nil)), at: now)
        try ledger.consume(9, key: "a", at: now)
        #expect(ledger.notices.filter { $0 == .lowBalance(.meter(.documents), .percent(20), left: 1) }.count == 1)
        #expect(ledger.notices.dropFirst(count) == [.exhausted(.meter(.documents))])
    }

    // MARK: Holds

    @Test func `work set aside on a lower tier gives back to where it came from`() throws {
        let tiers = [
            Tier(.free, rank: 0, name: "Free", allowances: [.documents: .limited(40, per: .month)]),
            Tier(.pro, rank: 1, name: "Pro", allowances: [.documents: .limited(100, per: .month)]),
        ]
        var ledger = try Ledger(catalog: Catalog(version: 1, meters: Fixture.meters, tiers: tiers, fallback: .free))
        let work = try ledger.reserve(40, for: .days(1), at: now)
        let grant = try #require(ledger.account.grants.first?.id)
        let later = now + .hours(1)
        try ledger.take(Fixture.subscription(.pro, period: TimeSpan(from: later, to: later + .days(31))), at: later)
        let receipt = try #require(try ledger.capture(work, 30, at: later).receipt)
        #expect(receipt.overage == 0 && receipt.remaining == .units(100), "nothing lands on the new tier")
        #expect(ledger.audit.books[grant] == Audit.Book(amount: 40, used: 30, expired: 10))
        ledger.audit.check(ledger.account)
    }

    @Test func `within a running period they come back to the larger allowance`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.free, period: Fixture.days(0, 31)), at: now)
        let work = try ledger.reserve(8, for: .days(1), at: now)
        let later = now + .hours(1)
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 31), at: later), at: later)
        #expect(try ledger.capture(work, 6, at: later).receipt?.remaining == .units(44))
        ledger.audit.check(ledger.account)
    }

    // MARK: Refunds

    @Test func `work is set aside, then captured or released, then refunded, each once`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(4, at: now)
        #expect(code { try ledger.refund(under: "job", at: now) } == .unknownUse, "nothing is used yet")
        try ledger.capture(work, at: now)
        #expect(try ledger.release(work, at: now) == .alreadyReleased)
        #expect(try ledger.refund(under: "job", at: now).receipt?.amount == 4)
        #expect(try ledger.refund(under: "job", at: now) == .exceedsUse(left: 0))
        #expect(try ledger.left(at: now) == 10)
        ledger.audit.check(ledger.account)
    }

    @Test func `a sweeper and a reconciler that both refund give back once`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(4, for: .hours(1), at: now)
        try ledger.settle(at: now + .hours(1))
        #expect(ledger.account.holds == [], "it has lapsed")
        #expect(code { try ledger.refund(under: "job", at: now + .hours(1)) } == .unknownUse)
        #expect(try ledger.release(work, at: now + .hours(1)) == .alreadyReleased)
        #expect(try ledger.left(at: now + .hours(1)) == 10)
        try ledger.capture(work, at: now + .hours(2))
        #expect(try ledger.refund(under: "job", key: "r", at: now + .hours(2)).receipt?.amount == 4)
        #expect(try ledger.refund(under: "job", at: now + .hours(2)) == .exceedsUse(left: 0))
    }

    @Test func `a retry of refunded work is new work under a key of its own, and is charged`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(4, key: "job, try 1", at: now)
        let first = try #require(try ledger.capture(work, at: now).receipt)
        try ledger.refund(under: "job, try 1", at: now)
        let again = try ledger.send(.reserve(4, key: "job, try 1", attempt: "second"), at: now)
        #expect(again.answer == .repeated(first), "the old key runs nothing, so nothing runs for free")
        let retry = try ledger.reserve(4, key: "job, try 2", at: now)
        try ledger.capture(retry, at: now)
        #expect(try ledger.line(at: now).used == 4)
        #expect(try ledger.refund(under: "job, try 2", at: now).receipt?.amount == 4, "and can be refunded itself")
    }

    // MARK: Keys

    @Test func `work has a key, for without one it cannot be found again`() throws {
        var ledger = try Ledger()
        #expect(code { try ledger.send(.reserve(1, key: nil), at: now) } == .malformedIdentifier)
        #expect(code { try ledger.send(.reserve(1, key: ""), at: now) } == .malformedIdentifier)
    }

    @Test func `two commands of one instant are two, unless they share a key`() throws {
        var ledger = try Ledger()
        try ledger.consume(1, key: "a", at: now)
        try ledger.consume(1, key: "b", at: now)
        try ledger.consume(1, key: "b", at: now)
        #expect(try ledger.line(at: now).used == 2)
    }
}
