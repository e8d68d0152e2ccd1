import BillingModel
import Testing

@Suite struct GateTests {
    let now = Fixture.day(3)

    @Test func `the last unit is given and the next one refused`() throws {
        var ledger = try Ledger()
        for unit in 1...10 as ClosedRange<Int64> {
            let receipt = try #require(ledger.consume(at: now).receipt)
            #expect(receipt.remaining == .units(10 - unit))
            #expect(receipt.amount == 1 && receipt.overage == 0 && !receipt.isLate)
            #expect(receipt.at == now && receipt.revision == ledger.account.revision)
        }
        let before = ledger.account
        #expect(try ledger.consume(at: now).denial?.limit.isAllowance == true)
        #expect(ledger.account == before, "a denial leaves no trace")
    }

    @Test func `a request is met whole or not at all`() throws {
        var ledger = try Ledger()
        try ledger.consume(8, at: now)
        let denial = try #require(ledger.consume(3, at: now).denial)
        #expect(denial.requested == 3 && denial.remaining == 2)
        #expect(try ledger.consume(2, at: now).receipt?.remaining == .units(0))
    }

    @Test func `a period ends at the instant at which the next begins`() throws {
        var ledger = try Ledger()
        try ledger.consume(at: Fixture.opening)
        try ledger.consume(9, at: Fixture.day(20))
        let end = Fixture.day(31)
        #expect(try ledger.line(at: end - .tick).period == Fixture.days(0, 31))
        #expect(try ledger.consume(at: end - .tick).denial?.resetsAt == end)
        #expect(try ledger.line(at: end).remaining == .units(10))
        #expect(try ledger.consume(4, at: end).receipt?.remaining == .units(6))
        #expect(try ledger.consume(at: end + .tick).receipt?.remaining == .units(5))
        #expect(try ledger.line(at: end + .tick).period == Fixture.days(31, 59))
        #expect(try ledger.line(at: end + .tick).used == 5)
        ledger.audit.check(ledger.account)
    }

    @Test func `a meter keeps its own time`() throws {
        var ledger = try Ledger()
        try ledger.consume(at: now)
        try ledger.consume(3, of: .searches, at: now)
        #expect(try ledger.consume(of: .searches, at: now + .days(1) - .tick).denial?.resetsAt == now + .days(1))
        #expect(try ledger.consume(of: .searches, at: now + .days(1)).isApplied)
        #expect(try ledger.line(.searches, at: now + .days(1)).remaining == .units(2))
        #expect(try ledger.line(.documents, at: now + .days(1)).remaining == .units(9))
    }

    @Test func `after a long sleep the account catches up in one step`() throws {
        var ledger = try Ledger()
        try ledger.consume(10, at: Fixture.opening)
        let later = Fixture.opening + .days(400)
        #expect(try ledger.consume(at: later).receipt?.remaining == .units(9))
        #expect(ledger.journal.count == 2)
        #expect(ledger.account.grants.count == 1, "what is over does not pile up")
        #expect(try ledger.line(at: later).period?.contains(later) == true)
    }

    @Test func `an unlimited meter is never refused and still counted`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.enterprise, period: Fixture.days(0, 31)), at: now)
        for _ in 0..<3 { #expect(try ledger.consume(1_000_000, at: now).receipt?.remaining == .unlimited) }
        let line = try ledger.line(at: now)
        #expect(line.used == 3_000_000 && line.remaining == .unlimited && line.overage == 0)
        #expect(line.allowance == .unlimited)
        #expect(ledger.notices.filter { $0 == .exhausted(.meter(.documents)) } == [])
    }

    @Test func `a meter that is not part of the tier is refused as such`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 31)), at: now)
        let denial = try #require(ledger.consume(of: .searches, at: now).denial)
        #expect(denial.limit == .notIncluded)
        #expect(denial.allowance == .none && denial.remaining == 0)
        #expect(denial.resetsAt == nil)
        #expect(denial.tier == .pro)
        #expect(denial.unlockedBy == [.enterprise], "a lower tier that has it unlocks nothing")
    }

    // MARK: Denials

    @Test func `a denial says what is left, when there is more and what would help now`() throws {
        var ledger = try Ledger()
        try ledger.consume(7, at: Fixture.opening)
        let denial = try #require(ledger.consume(4, at: now).denial)
        #expect(
            denial.limit == .allowance(.limited(10, per: .month)) && denial.meter == .documents && denial.tier == .free
        )
        #expect(denial.allowance == .limited(10, per: .month))
        #expect(denial.requested == 4 && denial.remaining == 3)
        #expect(denial.resetsAt == Fixture.day(31))
        #expect(denial.unlockedBy == [.pro, .enterprise])
    }

    @Test func `waiting and small tiers do not help whoever asks for too much`() throws {
        var ledger = try Ledger()
        let large = try #require(ledger.consume(11, at: now).denial)
        #expect(large.resetsAt == nil && large.remaining == 10 && large.unlockedBy == [.pro, .enterprise])
        #expect(try ledger.consume(50, at: now).denial?.unlockedBy == [.pro, .enterprise])
        #expect(try ledger.consume(51, at: now).denial?.unlockedBy == [.enterprise])
        #expect(try ledger.consume(.max, at: now).denial?.unlockedBy == [.enterprise])
        #expect(ledger.account.isNew, "who was only refused has no account")
    }

    @Test func `what is set aside is not left`() throws {
        var ledger = try Ledger()
        _ = try ledger.reserve(6, at: now)
        let denial = try #require(ledger.consume(5, at: now).denial)
        #expect(denial.remaining == 4 && denial.resetsAt == now + .days(31))
    }

    // MARK: Keys

    @Test func `the same key gives the first receipt again`() throws {
        var ledger = try Ledger()
        let first = try #require(ledger.consume(4, key: "request", at: now).receipt)
        try ledger.consume(6, at: now)
        let before = ledger.account
        for later in [now, now + .days(1), now + .days(300)] {
            let decision = try ledger.send(.consume(4, key: "request"), at: later)
            #expect(decision.answer == .repeated(first))
            #expect(decision.change == nil)
        }
        #expect(ledger.account == before)
        #expect(ledger.usage(of: .meter(.documents), since: Fixture.opening).units == 10)
    }

    @Test func `a retry of the call that took the last unit gets its receipt`() throws {
        var ledger = try Ledger()
        let first = try #require(ledger.consume(10, key: "all", at: now).receipt)
        #expect(try ledger.consume(10, key: "all", at: now) == .repeated(first))
    }

    @Test func `the same key for something else is an error`() throws {
        var ledger = try Ledger()
        try ledger.consume(4, key: "request", at: now)
        #expect(code { try ledger.consume(5, key: "request", at: now) } == .keyReused)
        #expect(code { try ledger.consume(4, of: .searches, key: "request", at: now) } == .keyReused)
        #expect(code { try ledger.reserve(4, key: "request", at: now) } == .keyReused)
        let wish = Account.Command.UpgradeRequest(tier: .pro, cycle: nil, reference: nil)
        #expect(code { try ledger.send(Account.Command(.startUpgrade(wish), key: "request"), at: now) } == .keyReused)
        let snapshot = ProviderSnapshot(provider: "polar")
        #expect(code { try ledger.send(.take(snapshot, key: "request"), at: now) } == .keyReused)
        #expect(ledger.usage(of: .meter(.documents), since: Fixture.opening).units == 4)
    }

    @Test func `who asks is no part of what is asked`() throws {
        var ledger = try Ledger()
        let use = Account.Command.Action.consume(.init(meter: .documents, amount: 1))
        let first = try ledger.send(Account.Command(use, key: "k", member: "ann"), at: now).answer.receipt
        #expect(try ledger.send(Account.Command(use, key: "k", member: "bob"), at: now).answer.receipt == first)
        #expect(ledger.journal.map(\.member) == ["ann"])
    }

    @Test func `a denial is not remembered`() throws {
        var ledger = try Ledger()
        try ledger.consume(10, at: Fixture.opening)
        #expect(try ledger.consume(key: "request", at: now).denial != nil)
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(3, 34)), at: now)
        #expect(try ledger.consume(key: "request", at: now).isApplied)
    }

    // MARK: Notices

    @Test func `exhausted is told exactly on the crossing`() throws {
        var ledger = try Ledger(catalog: Fixture.catalog(lowBalance: []))
        try ledger.consume(9, at: now)
        #expect(ledger.notices == [])
        try ledger.consume(1, at: now)
        #expect(ledger.notices == [.exhausted(.meter(.documents))])
        try ledger.consume(1, at: now)
        try ledger.consume(10, at: now + .days(31))
        #expect(
            ledger.notices == [.exhausted(.meter(.documents)), .exhausted(.meter(.documents))],
            "once in each period"
        )
    }

    @Test func `setting the last units aside exhausts the meter, giving them back does not`() throws {
        var ledger = try Ledger(catalog: Fixture.catalog(lowBalance: []))
        let work = try ledger.reserve(10, at: now)
        #expect(ledger.notices == [.exhausted(.meter(.documents))])
        try ledger.capture(work, at: now)
        #expect(ledger.notices.count == 1)
        var other = try Ledger(catalog: Fixture.catalog(lowBalance: []))
        let failed = try other.reserve(9, at: now)
        try other.release(failed, at: now)
        #expect(other.notices == [])
    }

    @Test func `a notice says whose, when and where in the journal it is`() throws {
        var ledger = try Ledger()
        try ledger.consume(1, at: now)
        try ledger.consume(9, at: now)
        let notice = try #require(ledger.journal.last?.notices.first)
        #expect(notice.customer == "acme" && notice.at == now && notice.revision == 2 && notice.ordinal == 0)
    }

    // MARK: Malformed input

    @Test(arguments: [0, -1, .min] as [Int64])
    func `an amount is 1 or more`(amount: Int64) throws {
        var ledger = try Ledger()
        #expect(code { try ledger.consume(amount, at: now) } == .amountOutOfBounds)
        #expect(code { try ledger.reserve(amount, at: now) } == .amountOutOfBounds)
        #expect(code { try ledger.reserve(1, for: .microseconds(amount), at: now) } == .amountOutOfBounds)
    }

    @Test func `less than a microsecond is no time to hold units`() throws {
        var ledger = try Ledger()
        #expect(code { try ledger.reserve(1, for: .nanoseconds(999), at: now) } == .amountOutOfBounds)
    }

    @Test(arguments: ["", "a\0b", String(repeating: "k", count: 601)])
    func `a malformed key is an error`(key: String) throws {
        var ledger = try Ledger()
        #expect(code { try ledger.consume(key: Account.Key(key), at: now) } == .malformedIdentifier)
        #expect(code { try ledger.send(.reserve(1, key: Account.Key(key)), at: now) } == .malformedIdentifier)
    }

    @Test func `a key of 600 bytes will do`() throws {
        var ledger = try Ledger()
        #expect(try ledger.consume(key: Account.Key(String(repeating: "k", count: 600)), at: now).isApplied)
    }

    @Test(arguments: ["", "a\0b", String(repeating: "x", count: 256)])
    func `malformed customers, members and references are errors`(text: String) throws {
        var ledger = try Ledger(CustomerID(text))
        #expect(code { try ledger.consume(at: now) } == .malformedIdentifier)
        ledger = try Ledger()
        let use = Account.Command.Action.consume(.init(meter: .documents, amount: 1))
        #expect(code { try ledger.send(Account.Command(use, member: MemberID(text)), at: now) } == .malformedIdentifier)
        #expect(code { try ledger.startUpgrade(reference: text, at: now) } == .malformedIdentifier)
    }

    @Test func `an unknown meter is an error`() throws {
        var ledger = try Ledger()
        #expect(code { try ledger.consume(of: .calls, at: now) } == .unknownMeter)
        #expect(code { try ledger.reserve(1, of: .calls, at: now) } == .unknownMeter)
    }

    // MARK: Overflow

    @Test func `what cannot be counted is an error and leaves no trace`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.enterprise, period: Fixture.days(0, 31)), at: now)
        try ledger.consume(.max - 1, at: now)
        let before = ledger.account
        #expect(code { try ledger.consume(2, at: now) } == .overflow)
        #expect(ledger.account == before)
        #expect(try ledger.consume(1, at: now).isApplied)
        #expect(try ledger.line(at: now).used == .max)
    }

    @Test func `what is set aside can be counted too`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.enterprise, period: Fixture.days(0, 31)), at: now)
        let work = try ledger.reserve(.max - 1, at: now)
        #expect(code { try ledger.reserve(2, key: "other", at: now) } == .overflow)
        #expect(try ledger.line(at: now).held == .max - 1)
        #expect(try ledger.capture(work, at: now).isApplied)
    }

    @Test func `a limit as high as one can be is reached exactly`() throws {
        let most = Catalog.Limits.units
        let tiers = [Tier(.free, rank: 0, name: "Free", allowances: [.documents: .limited(most, per: .month)])]
        var ledger = try Ledger(
            catalog: Catalog(version: 1, meters: Fixture.meters, tiers: tiers, fallback: .free)
        )
        try ledger.consume(most - 1, at: now)
        #expect(try ledger.consume(2, at: now).denial?.remaining == 1)
        #expect(try ledger.consume(1, at: now).receipt?.remaining == .units(0))
    }

    // MARK: Several meters

    @Test func `of several meters all is used or none`() throws {
        var ledger = try Ledger(catalog: Fixture.catalog(lowBalance: []))
        let uses: [(Meter.ID, Int64)] = [(.documents, 4), (.searches, 3)]
        let receipt = try #require(try ledger.send(.consumeAll(uses, key: "a"), at: now).answer.receipt)
        #expect(receipt.lines.map(\.amount) == [4, 3])
        #expect(receipt.lines.map(\.remaining) == [.units(6), .units(0)])
        #expect(ledger.notices == [.exhausted(.meter(.searches))])
        #expect(try ledger.send(.consumeAll(uses, key: "a"), at: now).answer == .repeated(receipt))
        let before = ledger.account
        let denial = try #require(
            try ledger.send(.consumeAll([(.documents, 4), (.searches, 1)]), at: now).answer.denial
        )
        #expect(denial.meter == .searches && denial.remaining == 0)
        #expect(ledger.account == before)
    }

    @Test func `a request names each meter once, and at least one`() throws {
        let ledger = try Ledger()
        let instant = now
        let many = (0...Account.maximumMeters).map { (Meter.ID("meter \($0)"), Int64(1)) }
        for uses in [[], [(.documents, 1), (.documents, 1)], many] as [[(Meter.ID, Int64)]] {
            #expect(code { try ledger.decide(.consumeAll(uses), at: instant) } == .malformedRequest)
        }
        #expect(code { try ledger.decide(.consumeAll([(.documents, 0)]), at: instant) } == .amountOutOfBounds)
        #expect(code { try ledger.decide(.consumeAll([(.documents, 1), (.calls, 1)]), at: instant) } == .unknownMeter)
    }

    // MARK: What is left, and what was used already

    @Test func `as many as are left are used, and where none is left it is a denial`() throws {
        var ledger = try Ledger(catalog: Fixture.catalog(lowBalance: []))
        #expect(try ledger.send(.consume(upTo: 4), at: now).answer.receipt?.amount == 4)
        let receipt = try #require(try ledger.send(.consume(upTo: 40, key: "a"), at: now).answer.receipt)
        #expect(receipt.amount == 6 && receipt.overage == 0 && receipt.remaining == .units(0))
        #expect(ledger.notices == [.exhausted(.meter(.documents))])
        #expect(try ledger.send(.consume(upTo: 40, key: "a"), at: now).answer == .repeated(receipt))
        #expect(code { try ledger.decide(.consume(40, key: "a"), at: now) } == .keyReused)
        let denial = try #require(try ledger.send(.consume(upTo: 40), at: now).answer.denial)
        #expect(denial.requested == 40 && denial.remaining == 0)
    }

    @Test func `of an unlimited meter as many as asked for are left`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.enterprise, period: Fixture.days(0, 31)), at: now)
        #expect(try ledger.send(.consume(upTo: 1_000), at: now).answer.receipt?.amount == 1_000)
    }

    @Test func `what was used already is counted, and what was not there is overage`() throws {
        var ledger = try Ledger(catalog: Fixture.catalog(lowBalance: []))
        try ledger.grant(5, from: .order, at: now)
        let receipt = try #require(try ledger.send(.record(18, key: "a"), at: now).answer.receipt)
        #expect(receipt.amount == 18 && receipt.overage == 3 && receipt.remaining == .units(0))
        #expect(try ledger.send(.record(18, key: "a"), at: now).answer == .repeated(receipt))
        let line = try ledger.line(at: now)
        #expect(line.used == 18 && line.overage == 3)
        #expect(try ledger.send(.record(1), at: now).answer.receipt?.overage == 1, "never refused")
        #expect(ledger.notices == [.exhausted(.meter(.documents))], "told once")
    }

    @Test func `what is recorded on a meter that is no part of the tier is overage whole`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 31)), at: now)
        #expect(try ledger.send(.record(2, of: .searches), at: now).answer.receipt?.overage == 2)
    }

    // MARK: The pure function

    @Test func `an earlier clock counts as the account's last instant`() throws {
        var ledger = try Ledger()
        try ledger.consume(at: now)
        let receipt = try #require(ledger.consume(at: now - .days(2)).receipt)
        #expect(receipt.at == now)
        #expect(ledger.account.instant == now)
        #expect(try ledger.overview(at: .init(microseconds: .min)).at == now)
    }

    @Test func `a change fits its own account at its own revision only`() throws {
        var ledger = try Ledger()
        try ledger.consume(at: now)
        let first = try #require(ledger.journal.first)
        var again = ledger.account
        var other = Account(customer: "other")
        var fresh = Account(customer: "acme")
        let applied = [again.apply(first), other.apply(first), fresh.apply(first)]
        #expect(applied == [false, false, true])
        #expect(again == ledger.account)
        #expect(other == Account(customer: "other"))
        #expect(fresh == ledger.account)
    }

    @Test func `deciding and looking change nothing`() throws {
        var ledger = try Ledger()
        try ledger.consume(3, at: now)
        let before = ledger.account
        let decision = try ledger.decide(.consume(2), at: now)
        #expect(try ledger.decide(.consume(2), at: now) == decision)
        #expect(decision.answer.receipt?.remaining == .units(5))
        _ = try ledger.overview(at: now + .days(90))
        #expect(ledger.account == before)
    }

    @Test func `a customer of whom nothing is known has the fallback tier`() throws {
        let overview = try Ledger().overview(at: now)
        #expect(overview.tier.id == .free && overview.subscription == nil && overview.accessUntil == nil)
        #expect(overview.upgrades == [] && overview.subscriptions == [])
        #expect(overview[.documents]?.remaining == .units(10))
        #expect(overview[.documents]?.period?.start == now)
        #expect(overview[.calls] == nil)
    }
}
