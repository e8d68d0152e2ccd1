import BillingModel
import Testing

/// More time for work that goes on.
@Suite struct ExtendTests {
    let now = Fixture.day(3)

    @Test func `work that is given time keeps its units for so long from now`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(10, for: .hours(1), at: now)
        let later = now + .minutes(50)
        let end = later + .hours(2)
        #expect(try ledger.extend(work, by: .hours(2), at: later) == .extended(until: end))
        #expect(try ledger.consume(at: end - .tick).denial != nil)
        #expect(try ledger.consume(at: end).isApplied)
        ledger.audit.check(ledger.account)
    }

    @Test func `work is never given less time than it has`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(10, for: .hours(1), at: now)
        let decision = try ledger.send(Account.Command(.extend(work.hold, byMicroseconds: 1)), at: now)
        #expect(decision.answer == .extended(until: now + .hours(1)) && decision.change == nil)
    }

    @Test func `work that has lapsed is given no time`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(10, for: .hours(1), at: now)
        let end = now + .hours(1)
        #expect(try ledger.extend(work, by: .hours(1), at: end) == .alreadyReleased)
        #expect(try ledger.left(at: end) == 10)
    }

    @Test func `work that has ended is given no time`() throws {
        var ledger = try Ledger()
        let done = try ledger.reserve(2, key: "done", at: now)
        try ledger.capture(done, at: now)
        let failed = try ledger.reserve(2, key: "failed", at: now)
        try ledger.release(failed, at: now)
        #expect(try ledger.extend(done, by: .hours(1), at: now) == .alreadyReleased)
        #expect(try ledger.extend(failed, by: .hours(1), at: now) == .alreadyReleased)
    }

    @Test func `a capture within the given time is not late`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(5, for: .hours(1), at: now)
        try ledger.extend(work, by: .hours(3), at: now)
        let receipt = try #require(try ledger.capture(work, at: now + .hours(2)).receipt)
        #expect(!receipt.isLate && receipt.overage == 0)
        #expect(ledger.journal.last?.effectiveAt == now, "it counts when it began")
    }

    @Test func `another try is told when the given time is over`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(5, for: .hours(1), at: now)
        try ledger.extend(work, by: .hours(3), at: now)
        let code = code { try ledger.reserve(5, attempt: "second", at: now + .hours(2)) }
        #expect(code == .workInProgress(until: now + .hours(3)))
    }

    @Test(arguments: [0, -1, .max] as [Int64])
    func `time is given from a microsecond to 366 days`(microseconds: Int64) throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(5, at: now)
        let command = Account.Command(.extend(work.hold, byMicroseconds: microseconds))
        #expect(code { try ledger.send(command, at: now) } == .amountOutOfBounds)
        #expect(try ledger.extend(work, by: .days(366), at: now) == .extended(until: now + .days(366)))
    }
}
