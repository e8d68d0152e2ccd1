import BillingModel
import Testing

/// Credits that several meters draw on, each at its own cost, after their own units.
@Suite struct CreditTests {
    let now = Fixture.opening

    /// A customer of the free tier with nothing left but credits: a document costs 10, a search 3.
    private func spent(credits: Int64 = 0) throws -> Ledger {
        var ledger = try Ledger(catalog: Lab.catalog(free: [.documents: .limited(10, per: .month)]))
        try ledger.consume(10, at: now)
        if credits > 0 { try ledger.credit(credits, at: now) }
        return ledger
    }

    private func draws(of change: Account.Change?) -> [Account.Draw] {
        (change?.effects ?? []).compactMap { if case .drawn(let draw) = $0 { draw } else { nil } }
    }

    @Test func `own units are used first, then credits at their cost`() throws {
        var ledger = try Ledger(catalog: Lab.catalog(free: [.documents: .limited(10, per: .month)]))
        try ledger.credit(45, at: now)
        #expect(try ledger.left(at: now) == 14, "10 and what 45 credits pay for")
        let receipt = try #require(try ledger.consume(12, at: now).receipt)
        #expect(receipt.overage == 0 && receipt.remaining == .units(2))
        #expect(try ledger.credits(at: now).used == 20)
        #expect(try ledger.credits(at: now).remaining == 25)
        #expect(try ledger.line(at: now).used == 12)
        ledger.audit.check(ledger.account)
    }

    @Test func `credits that do not pay for a whole unit pay for none`() throws {
        var ledger = try spent(credits: 9)
        #expect(try ledger.left(at: now) == 0)
        #expect(try ledger.consume(at: now).denial != nil)
        try ledger.credit(1, at: now)
        #expect(try ledger.consume(at: now).isApplied)
        #expect(try ledger.credits(at: now).remaining == 0)
    }

    @Test func `the cost of one unit may be split over grants`() throws {
        var ledger = try spent()
        let soon = try ledger.credit(7, expiry: Fixture.day(5), at: now)
        let late = try ledger.credit(20, at: now)
        try ledger.consume(2, at: now)
        #expect(ledger.audit.books[soon]?.used == 7)
        #expect(ledger.audit.books[late]?.used == 13)
        let paid = draws(of: ledger.journal.last)
        #expect(paid.map(\.amount) == [2, 7, 13])
        #expect(paid.map(\.pool) == [nil, .ai, .ai])
        #expect(paid.first?.cover == .credits)
    }

    @Test func `two meters draw on one pool, each at its cost`() throws {
        var ledger = try spent(credits: 16)
        #expect(try ledger.left(at: now) == 1)
        #expect(try ledger.left(.searches, at: now) == 5)
        try ledger.consume(2, of: .searches, at: now)
        #expect(try ledger.left(at: now) == 1)
        try ledger.consume(1, at: now)
        #expect(try ledger.left(.searches, at: now) == 0)
        #expect(try ledger.credits(at: now).used == 16)
    }

    @Test func `several meters of one command share the credits`() throws {
        var ledger = try spent(credits: 25)
        let both: [(Meter.ID, Int64)] = [(.documents, 2), (.searches, 2)]
        let denial = try #require(try ledger.send(.consumeAll(both), at: now).answer.denial)
        #expect(denial.meter == .searches && denial.remaining == 1, "after two documents 5 credits are left")
        #expect(try ledger.credits(at: now).remaining == 25, "all or none")
        let fewer: [(Meter.ID, Int64)] = [(.documents, 2), (.searches, 1)]
        let receipt = try #require(try ledger.send(.consumeAll(fewer), at: now).answer.receipt)
        #expect(receipt.lines.map(\.remaining) == [.units(0), .units(0)])
        #expect(try ledger.credits(at: now).remaining == 2)
        ledger.audit.check(ledger.account)
    }

    @Test func `an unlimited meter leaves credits alone`() throws {
        var ledger = try Ledger(catalog: Lab.catalog())
        try ledger.credit(50, at: now)
        try ledger.take(Fixture.subscription(.enterprise, period: Fixture.days(0, 31)), at: now)
        try ledger.consume(9, at: now)
        #expect(try ledger.credits(at: now).used == 0)
    }

    @Test func `a meter that is no part of the tier can live on credits`() throws {
        var ledger = try spent(credits: 3)
        #expect(try ledger.consume(of: .searches, at: now).isApplied)
        #expect(try ledger.consume(of: .searches, at: now).denial?.limit == .notIncluded)
    }

    @Test func `credits are given for a period like any allowance`() throws {
        let ledger = try Ledger(
            catalog: Lab.catalog(free: [:], credits: [.ai: .init(30, per: .month)])
        )
        let line = try ledger.credits(at: now)
        #expect(line.allowance == .limited(30, per: .month) && line.remaining == 30)
        #expect(line.period == Fixture.days(0, 31))
    }

    // MARK: Denials

    @Test func `a denial names the packs that would help, of units or of credits`() throws {
        var ledger = try spent(credits: 5)
        let small = try #require(try ledger.consume(2, at: now).denial)
        #expect(small.unlockedByPacks == [.credits, .documents])
        let large = try #require(try ledger.consume(13, at: now).denial)
        #expect(large.unlockedByPacks == [.documents], "125 credits pay for 12")
        #expect(try ledger.consume(21, at: now).denial?.unlockedByPacks == [])
        #expect(try ledger.consume(9, of: .searches, at: now).denial?.unlockedByPacks == [.credits])
    }

    @Test func `a denial says when credits come by themselves`() throws {
        var ledger = try Ledger(
            catalog: Lab.catalog(free: [:], credits: [.ai: .init(30, per: .week)])
        )
        try ledger.consume(3, at: now)
        #expect(try ledger.consume(1, at: now).denial?.resetsAt == Fixture.day(7))
        #expect(try ledger.consume(4, at: now).denial?.resetsAt == nil, "never as many")
    }

    // MARK: Holds

    @Test func `work sets credits aside, and captures them`() throws {
        var ledger = try spent(credits: 40)
        let work = try ledger.reserve(3, at: now)
        #expect(try ledger.credits(at: now).held == 30)
        #expect(try ledger.left(at: now) == 1)
        try ledger.capture(work, at: now)
        let line = try ledger.credits(at: now)
        #expect(line.held == 0 && line.used == 30 && line.remaining == 10)
        ledger.audit.check(ledger.account)
    }

    @Test func `captured less, the other units' credits come back`() throws {
        var ledger = try spent(credits: 40)
        let work = try ledger.reserve(3, at: now)
        #expect(try ledger.capture(work, 1, at: now).receipt?.remaining == .units(3))
        #expect(try ledger.credits(at: now).used == 10)
        ledger.audit.check(ledger.account)
    }

    @Test func `captured more, more credits pay, and what they do not pay for is overage`() throws {
        var ledger = try spent(credits: 45)
        let work = try ledger.reserve(3, at: now)
        let receipt = try #require(try ledger.capture(work, 6, at: now).receipt)
        #expect(receipt.amount == 6 && receipt.overage == 2)
        #expect(try ledger.credits(at: now).remaining == 5)
        ledger.audit.check(ledger.account)
    }

    @Test func `released, all credits come back`() throws {
        var ledger = try spent(credits: 40)
        let work = try ledger.reserve(3, at: now)
        try ledger.release(work, at: now)
        let line = try ledger.credits(at: now)
        #expect(line.held == 0 && line.used == 0 && line.remaining == 40)
        ledger.audit.check(ledger.account)
    }

    @Test func `own units that are set aside are captured before credits`() throws {
        var ledger = try Ledger(catalog: Lab.catalog(free: [.documents: .limited(10, per: .month)]))
        try ledger.credit(40, at: now)
        let work = try ledger.reserve(12, at: now)
        #expect(try ledger.credits(at: now).held == 20)
        try ledger.capture(work, 11, at: now)
        #expect(try ledger.credits(at: now).used == 10)
        #expect(try ledger.left(at: now) == 3)
    }

    @Test func `credits that expire under a hold are honoured, and what is given back of them expires`() throws {
        var ledger = try spent()
        let grant = try ledger.credit(40, expiry: Fixture.day(1), at: now)
        let work = try ledger.reserve(3, for: .days(3), at: now)
        #expect(try ledger.capture(work, 2, at: Fixture.day(2)).receipt?.overage == 0)
        #expect(ledger.audit.books[grant] == Audit.Book(amount: 40, used: 20, expired: 20))
    }
}
