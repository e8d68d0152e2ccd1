import BillingModel
import Testing

@Suite struct HoldTests {
    let now = Fixture.day(3)

    @Test func `a hold keeps its units from others`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(7, at: now)
        #expect(work.receipt.remaining == .units(3) && work.receipt.amount == 7)
        #expect(try ledger.consume(4, at: now).denial?.remaining == 3)
        #expect(try ledger.consume(3, at: now).isApplied)
        let line = try ledger.line(at: now)
        #expect(line.held == 7 && line.used == 3 && line.remaining == .units(0))
        ledger.audit.check(ledger.account)
    }

    @Test func `a hold that does not fit is denied`() throws {
        var ledger = try Ledger()
        let answer = try ledger.send(.reserve(11), at: now).answer
        #expect(answer.denial?.limit.isAllowance == true)
        #expect(ledger.account.holds == [])
    }

    // MARK: Capture

    @Test func `capturing all uses up what was set aside`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(7, at: now)
        let receipt = try #require(ledger.capture(work, at: now + .minutes(5)).receipt)
        #expect(receipt.amount == 7 && receipt.overage == 0 && !receipt.isLate)
        #expect(receipt.remaining == .units(3) && receipt.at == now + .minutes(5))
        #expect(try ledger.line(at: now).used == 7)
        #expect(try ledger.line(at: now).held == 0)
        #expect(ledger.journal.last?.effectiveAt == now, "work counts when it began")
        ledger.audit.check(ledger.account)
    }

    @Test(arguments: [0, 1, 6] as [Int64])
    func `capturing less gives the rest back`(amount: Int64) throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(7, at: now)
        let receipt = try #require(ledger.capture(work, amount, at: now).receipt)
        #expect(receipt.amount == amount && receipt.overage == 0)
        #expect(receipt.remaining == .units(10 - amount))
        #expect(ledger.account.holds == [])
        ledger.audit.check(ledger.account)
    }

    @Test func `capturing more draws the difference`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(4, at: now)
        let receipt = try #require(ledger.capture(work, 9, at: now).receipt)
        #expect(receipt.amount == 9 && receipt.overage == 0 && receipt.remaining == .units(1))
        #expect(try ledger.line(at: now).used == 9)
        ledger.audit.check(ledger.account)
    }

    @Test func `capturing more than there is records the overage and is not refused`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(4, at: now)
        try ledger.consume(4, at: now)
        let receipt = try #require(ledger.capture(work, 9, at: now).receipt)
        #expect(receipt.amount == 9 && receipt.overage == 3 && receipt.remaining == .units(0))
        let line = try ledger.line(at: now)
        #expect(line.used == 13 && line.overage == 3 && line.remaining == .units(0))
        ledger.audit.check(ledger.account)
        #expect(try ledger.consume(at: now).denial?.remaining == 0)
    }

    @Test func `what others have set aside is not taken for more`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(2, key: "a", at: now)
        let other = try ledger.reserve(6, key: "b", at: now)
        #expect(try ledger.capture(work, 10, at: now).receipt?.overage == 6)
        #expect(try ledger.capture(other, at: now).receipt?.overage == 0)
        #expect(try ledger.line(at: now).used == 16)
        ledger.audit.check(ledger.account)
    }

    @Test func `work is counted once however often its end is told`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(7, at: now)
        let first = try ledger.capture(work, 5, at: now).receipt
        let before = ledger.account
        for later in [now, now + .days(1), now + .days(100)] {
            let decision = try ledger.send(work.capture(5), at: later)
            #expect(decision.answer == first.map { .repeated($0) } && decision.change == nil)
        }
        #expect(ledger.account == before)
    }

    @Test func `the key of work that is done gives its receipt and runs nothing`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(7, at: now)
        let receipt = try #require(ledger.capture(work, 5, at: now).receipt)
        #expect(try ledger.send(.reserve(7, attempt: "second"), at: now).answer == .repeated(receipt))
        #expect(code { try ledger.send(.reserve(6), at: now) } == .keyReused)
    }

    // MARK: Release

    @Test func `releasing gives everything back, once`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(7, at: now)
        #expect(try ledger.release(work, at: now).receipt?.remaining == .units(10))
        #expect(try ledger.release(work, at: now) == .alreadyReleased)
        #expect(try ledger.line(at: now).used == 0)
        #expect(ledger.journal.count == 2)
        ledger.audit.check(ledger.account)
    }

    @Test func `a hold that never was is already released`() throws {
        var ledger = try Ledger()
        #expect(try ledger.send(Account.Command(.release(Account.Hold.ID("9.9"))), at: now).answer == .alreadyReleased)
        #expect(ledger.journal == [])
    }

    @Test func `work that failed may be tried again under its key`() throws {
        var ledger = try Ledger()
        let failed = try ledger.reserve(7, at: now)
        try ledger.release(failed, at: now)
        let again = try ledger.reserve(7, attempt: "second", at: now)
        #expect(again.hold != failed.hold)
        #expect(try ledger.capture(again, at: now).isApplied)
        #expect(try ledger.line(at: now).used == 7)
    }

    @Test func `releasing after the capture gives nothing back`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(7, at: now)
        try ledger.capture(work, at: now)
        #expect(try ledger.release(work, at: now) == .alreadyReleased)
        #expect(try ledger.line(at: now).used == 7)
    }

    @Test func `capturing after the release counts the work all the same`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(7, at: now)
        try ledger.release(work, at: now)
        let receipt = try #require(ledger.capture(work, at: now).receipt)
        #expect(receipt.isLate && receipt.amount == 7 && receipt.remaining == .units(3))
    }

    // MARK: Lapse

    @Test func `a hold has lapsed at its instant and not before`() throws {
        var ledger = try Ledger()
        let end = now + .hours(1)
        _ = try ledger.reserve(10, for: .hours(1), at: now)
        #expect(try ledger.line(at: end - .tick).held == 10)
        #expect(try ledger.consume(at: end - .tick).denial?.remaining == 0)
        #expect(try ledger.line(at: end).held == 0)
        #expect(try ledger.consume(at: end).receipt?.remaining == .units(9))
        #expect(ledger.account.holds == [])
        ledger.audit.check(ledger.account)
    }

    @Test func `a hold lasts a year at most`() throws {
        var ledger = try Ledger()
        _ = try ledger.reserve(1, for: .days(366), at: now)
        #expect(ledger.account.holds.first?.lapsesAt == now + .days(366))
        for length in [Duration.days(366) + .tick, .seconds(Int64.max), .zero] {
            #expect(code { try ledger.send(.reserve(1, key: "b", for: length), at: now) } == .amountOutOfBounds)
        }
    }

    @Test func `a capture at the lapse is late, before it is not`() throws {
        for (tick, isLate) in [(Duration.zero - .tick, false), (.zero, true), (.tick, true)] {
            var ledger = try Ledger()
            let work = try ledger.reserve(7, for: .hours(1), at: now)
            let receipt = try #require(ledger.capture(work, at: now + .hours(1) + tick).receipt)
            #expect(receipt.isLate == isLate && receipt.overage == 0 && receipt.remaining == .units(3))
            #expect(try ledger.line(at: now).used == 7)
            ledger.audit.check(ledger.account)
        }
    }

    @Test func `a late capture takes what is still there and records the rest`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(7, for: .hours(1), at: now)
        try ledger.consume(6, at: now + .hours(2))
        let receipt = try #require(ledger.capture(work, at: now + .hours(3)).receipt)
        #expect(receipt.isLate && receipt.amount == 7 && receipt.overage == 3)
        let line = try ledger.line(at: now + .hours(3))
        #expect(line.used == 13 && line.overage == 3 && line.remaining == .units(0))
        ledger.audit.check(ledger.account)
    }

    @Test func `a late capture is counted once`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(7, for: .hours(1), at: now)
        let first = try ledger.capture(work, at: now + .hours(2))
        #expect(try ledger.capture(work, at: now + .hours(3)).receipt == first.receipt)
        #expect(try ledger.line(at: now + .hours(3)).used == 7)
    }

    @Test func `the owner of lapsed work may be replaced`() throws {
        var ledger = try Ledger()
        let crashed = try ledger.reserve(7, attempt: "first", for: .hours(1), at: now)
        let code = code { try ledger.reserve(7, attempt: "second", at: now + .hours(1) - .tick) }
        #expect(code == .workInProgress(until: now + .hours(1)))
        let adopted = try ledger.reserve(7, attempt: "second", at: now + .hours(1))
        #expect(adopted.hold != crashed.hold)
        #expect(ledger.account.holds.map(\.attempt) == ["second"])
        ledger.audit.check(ledger.account)
    }

    @Test func `of two owners of one piece of work the faster one counts`() throws {
        var ledger = try Ledger()
        let slow = try ledger.reserve(4, attempt: "first", for: .hours(1), at: now)
        let fast = try ledger.reserve(4, attempt: "second", for: .hours(9), at: now + .hours(1))
        let receipt = try #require(ledger.capture(slow, at: now + .hours(2)).receipt)
        #expect(receipt.isLate)
        #expect(try ledger.capture(fast, at: now + .hours(2)) == .repeated(receipt))
        let line = try ledger.line(at: now + .hours(2))
        #expect(line.used == 4 && line.held == 0 && line.remaining == .units(6))
        ledger.audit.check(ledger.account)
    }

    // MARK: Keys

    @Test func `work in progress is an error to another try`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(7, attempt: "first", for: .minutes(10), at: now)
        let code = code { try ledger.send(.reserve(7, attempt: "second"), at: now + .minutes(9)) }
        #expect(code == .workInProgress(until: now + .minutes(10)))
        #expect(try ledger.capture(work, at: now + .minutes(9)).isApplied)
    }

    @Test func `the same try gets its hold again`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(7, at: now)
        try ledger.consume(1, at: now)
        let decision = try ledger.send(.reserve(7), at: now + .minutes(1))
        guard case .held(let receipt, let hold) = decision.answer else {
            Issue.record("\(decision.answer)")
            return
        }
        #expect(hold == work.hold && decision.change == nil)
        #expect(receipt.revision == work.receipt.revision && receipt.at == now && receipt.amount == 7)
        #expect(receipt.remaining == .units(2), "what is left is told as it is now")
    }

    @Test func `the key of work in progress is taken`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(7, at: now)
        #expect(code { try ledger.send(.reserve(6), at: now) } == .keyReused)
        #expect(code { try ledger.send(.reserve(7, of: .searches), at: now) } == .keyReused)
        #expect(code { try ledger.consume(1, key: "job", at: now) } == .keyReused)
        #expect(try ledger.capture(work, at: now).isApplied, "so that its end finds its key free")
    }

    @Test func `a hold has a key`() throws {
        var ledger = try Ledger()
        #expect(code { try ledger.send(.reserve(1, key: nil), at: now) } == .malformedIdentifier)
    }

    // MARK: Across periods

    @Test func `work that began in a period counts there`() throws {
        var ledger = try Ledger()
        try ledger.consume(1, at: Fixture.opening)
        let end = Fixture.day(31)
        let work = try ledger.reserve(7, for: .days(2), at: end - .hours(1))
        #expect(try ledger.line(at: end).remaining == .units(10), "the new period is whole")
        let receipt = try #require(ledger.capture(work, at: end + .hours(1)).receipt)
        #expect(!receipt.isLate && receipt.overage == 0 && receipt.remaining == .units(10))
        let line = try ledger.line(at: end + .hours(1))
        #expect(line.used == 0 && line.remaining == .units(10))
        ledger.audit.check(ledger.account)
        #expect(ledger.account.grants.count == 1, "the grant that is over left with its last hold")
    }

    @Test func `what is released of a grant that is over expires at once`() throws {
        var ledger = try Ledger()
        try ledger.consume(1, at: Fixture.opening)
        let end = Fixture.day(31)
        let work = try ledger.reserve(7, for: .days(2), at: end - .hours(1))
        let rest = try ledger.reserve(2, key: "other", for: .days(2), at: end - .hours(1))
        #expect(try ledger.release(work, at: end).receipt?.remaining == .units(10))
        #expect(try ledger.capture(rest, 1, at: end).receipt?.remaining == .units(10))
        let books = ledger.audit.books.values.filter { $0.used > 0 }
        #expect(books.map(\.used) == [2] && books.map(\.expired) == [8])
        ledger.audit.check(ledger.account)
    }

    @Test func `a hold that lapses after its period gives nothing to the next`() throws {
        var ledger = try Ledger()
        try ledger.consume(1, at: Fixture.opening)
        let end = Fixture.day(31)
        _ = try ledger.reserve(7, for: .days(2), at: end - .hours(1))
        try ledger.consume(1, at: end)
        #expect(ledger.account.grants.count == 2)
        #expect(try ledger.consume(1, at: end + .days(3)).receipt?.remaining == .units(8))
        #expect(ledger.account.grants.count == 1)
        ledger.audit.check(ledger.account)
    }

    // MARK: Across tiers

    @Test func `a hold survives the way up and is honoured there`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(7, for: .days(1), at: now)
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(3, 34)), at: now + .hours(1))
        #expect(try ledger.line(at: now + .hours(1)).held == 7)
        let receipt = try #require(ledger.capture(work, at: now + .hours(2)).receipt)
        #expect(receipt.overage == 0 && !receipt.isLate)
        ledger.audit.check(ledger.account)
    }

    @Test func `a hold from before a paid period leaves its fresh allowance alone`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(7, for: .days(1), at: now)
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(3, 34) + .hours(1)), at: now + .hours(1))
        #expect(try ledger.capture(work, at: now + .hours(2)).receipt?.remaining == .units(50))
        #expect(try ledger.line(at: now + .hours(2)).used == 0)
        ledger.audit.check(ledger.account)
    }

    @Test func `a limit that is lowered does not cut into what is set aside`() throws {
        var ledger = try Ledger()
        let period = Fixture.days(0, 31)
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        try ledger.consume(20, at: now)
        let work = try ledger.reserve(25, for: .days(1), at: now)
        try ledger.take(Fixture.subscription(.free, period: period, at: now), at: now)
        var line = try ledger.line(at: now)
        #expect(line.allowance == .limited(10, per: .month))
        #expect(line.used == 20 && line.held == 25 && line.remaining == .units(0))
        #expect(try ledger.consume(at: now).denial?.remaining == 0)
        #expect(try ledger.capture(work, at: now).receipt?.overage == 0, "it was promised")
        line = try ledger.line(at: now)
        #expect(line.used == 45 && line.remaining == .units(0) && line.overage == 35)
        ledger.audit.check(ledger.account)
    }

    @Test func `what a lowered limit does not cover is not free after a release`() throws {
        var ledger = try Ledger()
        let period = Fixture.days(0, 31)
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        try ledger.consume(4, at: now)
        let work = try ledger.reserve(25, for: .days(1), at: now)
        try ledger.take(Fixture.subscription(.free, period: period, at: now), at: now)
        #expect(try ledger.line(at: now).remaining == .units(0))
        #expect(try ledger.release(work, at: now).receipt?.remaining == .units(6))
        let line = try ledger.line(at: now)
        #expect(line.used == 4 && line.held == 0 && line.overage == 0)
        ledger.audit.check(ledger.account)
    }

    @Test(arguments: [Tier.ID.free, .pro])
    func `a hold made without a limit counts against the limit that comes`(tier: Tier.ID) throws {
        var ledger = try Ledger()
        let period = Fixture.days(0, 31)
        try ledger.take(Fixture.subscription(.enterprise, period: period), at: now)
        try ledger.consume(2, at: now)
        let work = try ledger.reserve(5, for: .days(1), at: now)
        try ledger.take(Fixture.subscription(tier, period: period, at: now), at: now)
        let units: Int64 = tier == .free ? 10 : 50
        #expect(try ledger.line(at: now).remaining == .units(units - 2 - 5))
        #expect(try ledger.capture(work, at: now).receipt?.remaining == .units(units - 7))
        let line = try ledger.line(at: now)
        #expect(line.used == 7 && line.overage == 0 && line.remaining == .units(units - 7))
        ledger.audit.check(ledger.account)
    }

    @Test func `work that ends while there is no limit counts when the limit is back`() throws {
        var ledger = try Ledger()
        let period = Fixture.days(0, 31)
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        let work = try ledger.reserve(40, for: .days(9), at: now)
        try ledger.take(Fixture.subscription(.enterprise, period: period, at: now), at: now)
        try ledger.capture(work, at: now + .hours(1))
        try ledger.take(Fixture.subscription(.pro, period: period, at: now + .hours(2)), at: now + .hours(2))
        let line = try ledger.line(at: now + .hours(2))
        #expect(line.used == 40 && line.remaining == .units(10), "new allowance - used - held")
        ledger.audit.check(ledger.account)
    }

    @Test func `work that goes on across a time without a limit counts once`() throws {
        var ledger = try Ledger()
        let period = Fixture.days(0, 31)
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        let work = try ledger.reserve(40, for: .days(9), at: now)
        try ledger.take(Fixture.subscription(.enterprise, period: period, at: now), at: now)
        try ledger.take(Fixture.subscription(.pro, period: period, at: now + .hours(2)), at: now + .hours(2))
        #expect(try ledger.line(at: now + .hours(2)).remaining == .units(10))
        try ledger.capture(work, at: now + .hours(3))
        let line = try ledger.line(at: now + .hours(3))
        #expect(line.used == 40 && line.held == 0 && line.remaining == .units(10) && line.overage == 0)
        ledger.audit.check(ledger.account)
    }

    @Test func `a hold made before a period was told counts in that period`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 31)), at: now)
        try ledger.consume(30, at: now)
        let late = Fixture.day(31) + .hours(2)
        let work = try ledger.reserve(15, for: .days(1), at: Fixture.day(31) + .hours(1))
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(31, 59)), at: late)
        let line = try ledger.line(at: late)
        #expect(line.used == 0 && line.held == 15 && line.remaining == .units(35))
        #expect(try ledger.capture(work, at: late).receipt?.remaining == .units(35))
        #expect(try ledger.line(at: late).used == 15)
        ledger.audit.check(ledger.account)
    }

    @Test func `an account holds no more than its bound`() throws {
        let holds = (0..<Account.maximumHolds).map { number in
            Account.Hold(
                id: Account.Hold.ID("1.\(number)"),
                meter: .documents,
                parts: [Account.Hold.Part(grant: nil, amount: 1)],
                key: Account.Key("job \(number)"),
                attempt: "first",
                member: nil,
                reservedAt: now,
                lapsesAt: now + .days(1)
            )
        }
        let account = Account(
            customer: "acme",
            revision: 1,
            instant: now,
            anchor: now,
            standing: Account.Standing(tier: .free, catalog: 1, until: nil),
            periods: [],
            grants: [],
            holds: holds,
            subscriptions: [],
            upgrades: []
        )
        let catalog = try Fixture.catalog()
        #expect(code { try account.decide(.reserve(1), at: now, in: catalog) } == .tooMany)
        #expect(code { try account.decide(.reserve(1), at: now + .days(1), in: catalog) } == nil, "they have lapsed")
    }
}

extension TimeSpan {
    static func + (span: TimeSpan, duration: Duration) -> TimeSpan {
        TimeSpan(from: span.start + duration, to: span.end + duration)
    }
}
