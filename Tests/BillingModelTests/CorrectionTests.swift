import BillingModel
import Testing

/// Counts that a person puts right, up or down, with a reason and a name.
@Suite struct CorrectionTests {
    let now = Fixture.day(3)

    @Test func `a correction down gives units of the allowance back`() throws {
        var ledger = try Ledger()
        try ledger.consume(8, at: now)
        let receipt = try #require(try ledger.correct(by: -3, at: now).receipt)
        #expect(receipt.amount == 3 && receipt.remaining == .units(5))
        #expect(try ledger.line(at: now).used == 5)
        ledger.audit.check(ledger.account)
    }

    @Test func `a correction up counts more, and what is not there is overage`() throws {
        var ledger = try Ledger()
        try ledger.consume(8, at: now)
        let receipt = try #require(try ledger.correct(by: 5, at: now).receipt)
        #expect(receipt.amount == 5 && receipt.overage == 3)
        let line = try ledger.line(at: now)
        #expect(line.used == 13 && line.overage == 3)
    }

    @Test func `what lies beyond the limit is taken back first`() throws {
        var ledger = try Ledger()
        try ledger.record(13, at: now)
        try ledger.correct(by: -2, at: now)
        #expect(try ledger.line(at: now).overage == 1)
        try ledger.correct(by: -2, at: now)
        #expect(try ledger.line(at: now).overage == 0)
        #expect(try ledger.left(at: now) == 1)
    }

    @Test func `no more is taken back than the allowance and what is beyond it count`() throws {
        var ledger = try Ledger()
        try ledger.grant(5, priority: -1, at: now)
        try ledger.consume(8, at: now)
        #expect(code { try ledger.correct(by: -4, at: now) } == .amountOutOfBounds, "3 are of the allowance")
        #expect(try ledger.correct(by: -3, at: now).isApplied)
        #expect(try ledger.left(at: now) == 10)
    }

    @Test func `a correction says why and who, and the journal keeps it`() throws {
        var ledger = try Ledger()
        try ledger.consume(8, at: now)
        try ledger.correct(by: -1, because: "The import ran twice.", as: "ann", at: now)
        let change = try #require(ledger.journal.last)
        #expect(change.kind == .correct && change.reason == "The import ran twice." && change.member == "ann")
        #expect(ledger.journal.first?.reason == nil)
    }

    @Test func `a correction without a reason, an author or an amount is an error`() throws {
        var ledger = try Ledger()
        try ledger.consume(8, at: now)
        #expect(code { try ledger.correct(by: -1, because: "", at: now) } == .malformedIdentifier)
        let long = String(repeating: "x", count: Account.maximumReasonLength + 1)
        #expect(code { try ledger.correct(by: -1, because: long, at: now) } == .malformedIdentifier)
        #expect(code { try ledger.correct(by: -1, as: nil, at: now) } == .malformedRequest)
        #expect(code { try ledger.correct(by: 0, at: now) } == .amountOutOfBounds)
        #expect(code { try ledger.correct(by: .min, at: now) } == .amountOutOfBounds)
    }

    @Test func `a correction under its key is made once`() throws {
        var ledger = try Ledger()
        try ledger.consume(8, at: now)
        let first = try #require(try ledger.correct(by: -3, key: "ticket 7", at: now).receipt)
        #expect(try ledger.correct(by: -3, key: "ticket 7", at: now) == .repeated(first))
        #expect(code { try ledger.correct(by: 3, key: "ticket 7", at: now) } == .keyReused)
        #expect(try ledger.line(at: now).used == 5)
    }

    @Test func `what was corrected and is refunded comes back once`() throws {
        var ledger = try Ledger()
        try ledger.consume(8, key: "a", at: now)
        try ledger.correct(by: -8, at: now)
        #expect(try ledger.refund(under: "a", at: now) == .exceedsUse(left: 0), "nothing of it is counted any more")
        #expect(try ledger.line(at: now).used == 0)
        ledger.audit.check(ledger.account)
    }

    @Test func `what was corrected in one period and refunded in another leaves no count below nothing`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 31)), at: now)
        let work = Fixture.day(5)
        try ledger.consume(3, key: "a", at: work)
        try ledger.correct(by: -3, at: work)
        for (hour, period) in [(1, Fixture.days(4, 35)), (3, Fixture.days(0, 31))] as [(Int64, TimeSpan)] {
            let at = work + .hours(hour)
            try ledger.take(Fixture.subscription(.pro, period: period, at: at), at: at)
            if hour == 1 { try ledger.refund(under: "a", at: at) }
        }
        let line = try ledger.line(at: work + .hours(3))
        #expect(line.used == 0 && line.overage == 0 && line.remaining == .units(50))
        ledger.audit.check(ledger.account)
    }

    @Test func `only the running period is corrected`() throws {
        var ledger = try Ledger()
        try ledger.consume(8, at: now)
        #expect(code { try ledger.correct(by: -1, at: now + .days(31)) } == .amountOutOfBounds)
    }

    @Test func `a correction is of the period it was made in, when another turns out to have begun since`() throws {
        var ledger = try Ledger()
        try ledger.consume(2, at: Fixture.opening)
        try ledger.consume(7, key: "a", at: now)
        try ledger.correct(by: -9, at: now + .days(1))
        #expect(try ledger.refund(under: "a", at: now + .days(1)) == .exceedsUse(left: 0))
        let later = now + .days(2)
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(2, 33)), at: later)
        let line = try ledger.line(at: later)
        #expect(line.used == 7 && line.overage == 0 && line.remaining == .units(43))
        #expect(ledger.account.findings(in: ledger.catalog) == [])
        ledger.audit.check(ledger.account)
    }
}
