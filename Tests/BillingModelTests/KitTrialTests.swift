import BillingModel
import Testing

/// Trials that the kit runs: so many days, or until the first purchase, once for each customer.
@Suite struct KitTrialTests {
    let now = Fixture.opening
    let end = Fixture.day(14)

    /// A customer whose trial of 14 days gives something, with reminders 7 and 3 days before its end.
    private func ledger(_ gift: Catalog.Trial.Gift = .tier(.pro)) throws -> Ledger {
        try Ledger(
            catalog: Lab.catalog(
                free: [.documents: .limited(10, per: .month)],
                trial: .init(days: 14, gives: gift, reminderDays: [7, 3])
            )
        )
    }

    private func trial(_ answer: Account.Answer) -> Account.Trial? {
        if case .trial(let trial) = answer { trial } else { nil }
    }

    // MARK: What it gives

    @Test func `a trial gives a tier until its end`() throws {
        var ledger = try ledger()
        #expect(trial(try ledger.startTrial(at: now))?.startedAt == now)
        #expect(try ledger.overview(at: end - .tick).tier.id == .pro)
        #expect(try ledger.overview(at: end - .tick).trialSpan == TimeSpan(from: now, to: end))
        #expect(try ledger.overview(at: end - .tick).accessUntil == end)
        #expect(try ledger.overview(at: end).tier.id == .free)
        #expect(try ledger.overview(at: end + .tick).tier.id == .free)
    }

    @Test func `a trial's tier has periods of its own, and after it a new one begins`() throws {
        var ledger = try ledger()
        try ledger.consume(10, at: now)
        let start = Fixture.day(2)
        try ledger.startTrial(at: start)
        #expect(try ledger.line(at: start).period == TimeSpan(from: start, to: start + .days(14)))
        #expect(try ledger.line(at: start).remaining == .units(50 + 10), "10 by credits")
        try ledger.consume(30, at: start)
        let line = try ledger.line(at: start + .days(14))
        #expect(line.used == 0 && line.remaining == .units(10))
        #expect(line.period == TimeSpan(from: start + .days(14), to: Fixture.day(31)))
        ledger.audit.check(ledger.account)
    }

    @Test func `a trial of credits leaves the tier as it is`() throws {
        var ledger = try ledger(.credits(60, of: .ai))
        try ledger.startTrial(at: now)
        #expect(try ledger.overview(at: now).tier.id == .free)
        #expect(try ledger.credits(at: end - .tick).remaining == 60)
        #expect(try ledger.credits(at: end).remaining == 0)
        #expect(try ledger.line(at: end).period == Fixture.days(0, 31), "and its periods")
    }

    @Test func `a trial of units gives them beside the tier's`() throws {
        var ledger = try ledger(.units(15, of: .documents))
        try ledger.startTrial(at: now)
        #expect(try ledger.left(at: now) == 25)
        try ledger.consume(12, at: now)
        #expect(try ledger.left(at: end) == 10, "what ends first was used first")
        #expect(ledger.account.grants.filter { $0.source == .trial }.map(\.expiry) == [end])
    }

    // MARK: Once

    @Test func `a customer has one trial for ever`() throws {
        var ledger = try ledger()
        let first = try #require(trial(try ledger.startTrial(at: now)))
        #expect(try ledger.startTrial(at: now) == .trialRefused(.alreadyTried(first)))
        let answer = try ledger.startTrial(at: Fixture.day(900))
        guard case .trialRefused(.alreadyTried(let known)) = answer else { throw Fixture.Missing() }
        #expect(known.startedAt == now)
    }

    @Test func `a trial under the same key is the same trial`() throws {
        var ledger = try ledger()
        let first = try #require(trial(try ledger.startTrial(key: "a", at: now)))
        let again = try ledger.send(Account.Command(.startTrial, key: "a"), at: now)
        #expect(again.answer == .trial(first) && again.change == nil)
        #expect(try ledger.startTrial(key: "b", at: now) == .trialRefused(.alreadyTried(first)))
    }

    @Test func `a trial under a key that was used for something else is an error`() throws {
        var ledger = try ledger()
        try ledger.consume(1, key: "a", at: now)
        #expect(code { try ledger.startTrial(key: "a", at: now) } == .keyReused)
        #expect(ledger.account.trial == nil)
    }

    @Test func `who has paid gets no trial`() throws {
        var ledger = try ledger()
        try ledger.take(Fixture.order(at: now), at: now)
        #expect(try ledger.startTrial(at: now) == .trialRefused(.alreadyPurchased(now)))
    }

    @Test func `a catalog without a trial has none`() throws {
        var ledger = try Ledger()
        #expect(code { try ledger.startTrial(at: now) } == .noTrial)
    }

    // MARK: The first purchase

    @Test func `the first purchase ends the trial`() throws {
        var ledger = try ledger()
        try ledger.startTrial(at: now)
        let paid = Fixture.day(4)
        try ledger.take(Fixture.order(at: paid), at: paid)
        #expect(ledger.account.trial?.endedAt == paid)
        #expect(ledger.notices.contains(.trialEnded))
        #expect(try ledger.overview(at: paid).tier.id == .free)
        #expect(try ledger.overview(at: paid).trialSpan == Fixture.days(0, 4))
    }

    @Test func `a pack is a purchase too, and takes what the trial has left`() throws {
        var ledger = try ledger(.units(15, of: .documents))
        try ledger.startTrial(at: now)
        try ledger.consume(5, at: now)
        try ledger.buy(.documents, at: Fixture.day(4))
        #expect(try ledger.left(at: Fixture.day(4)) == 10 + 20)
        #expect(ledger.audit.books.values.contains(Audit.Book(amount: 15, used: 5, voided: 10)))
        ledger.audit.check(ledger.account)
    }

    @Test func `an order of no money is no purchase`() throws {
        var ledger = try ledger()
        try ledger.startTrial(at: now)
        try ledger.take(Fixture.order(at: Fixture.day(1), total: 0), at: Fixture.day(1))
        try ledger.take(Fixture.order("order_2", at: Fixture.day(1), isPaid: false), at: Fixture.day(1))
        #expect(ledger.account.firstPurchaseAt == nil)
        #expect(try ledger.overview(at: end - .tick).tier.id == .pro)
    }

    @Test func `a purchase after the end changes nothing of the trial`() throws {
        var ledger = try ledger()
        try ledger.startTrial(at: now)
        try ledger.take(Fixture.order(at: Fixture.day(20)), at: Fixture.day(20))
        #expect(ledger.account.trial?.endedAt == end)
        #expect(ledger.notices.filter { $0 == .trialEnded }.count == 1)
    }

    @Test func `a purchase that is told late ended the trial when it was made`() throws {
        var ledger = try ledger()
        try ledger.startTrial(at: now)
        try ledger.take(Fixture.order(at: Fixture.day(4)), at: Fixture.day(9))
        #expect(ledger.account.trial?.endedAt == Fixture.day(4))
        #expect(try ledger.overview(at: Fixture.day(9)).tier.id == .free)
    }

    @Test func `what is refunded of a trial that a purchase has ended is lost`() throws {
        var ledger = try ledger(.units(15, of: .documents))
        try ledger.startTrial(at: now)
        try ledger.consume(15, key: "a", at: Fixture.day(1))
        try ledger.take(Fixture.order(at: Fixture.day(2)), at: Fixture.day(2))
        #expect(ledger.account.trial?.endedAt == Fixture.day(2))
        try ledger.refund(under: "a", at: Fixture.day(3))
        #expect(try ledger.left(at: Fixture.day(3)) == 10)
        ledger.audit.check(ledger.account)
    }

    @Test func `a purchase that is told after the trial's end leaves what the trial gave out of the tier's`() throws {
        var ledger = try ledger()
        try ledger.startTrial(at: now)
        try ledger.consume(40, at: Fixture.day(11))
        try ledger.settle(at: Fixture.day(15))
        #expect(try ledger.left(at: Fixture.day(15)) == 10)
        try ledger.take(Fixture.order(at: Fixture.day(10)), at: Fixture.day(16))
        #expect(try ledger.left(at: Fixture.day(16)) == 10)
        ledger.audit.check(ledger.account)
    }

    // MARK: Reminders

    @Test func `the customer is reminded so many days before the end`() throws {
        var ledger = try ledger()
        try ledger.startTrial(at: now)
        #expect(ledger.account.dueAt(in: ledger.catalog) == Fixture.day(7))
        #expect(try ledger.settle(at: Fixture.day(7) - .tick) == [])
        #expect(try ledger.settle(at: Fixture.day(7)) == [.trialEnding(end, days: 7)])
        #expect(ledger.account.dueAt(in: ledger.catalog) == Fixture.day(11))
        #expect(try ledger.settle(at: Fixture.day(10)) == [])
        #expect(try ledger.settle(at: Fixture.day(11)) == [.trialEnding(end, days: 3)])
        #expect(try ledger.settle(at: Fixture.day(12)) == [])
        #expect(try ledger.settle(at: end).contains(.trialEnded))
        #expect(try ledger.settle(at: end) == [])
    }

    @Test func `after a long sleep one reminder is enough`() throws {
        var ledger = try ledger()
        try ledger.startTrial(at: now)
        #expect(try ledger.settle(at: Fixture.day(12)) == [.trialEnding(end, days: 2)])
        #expect(try ledger.settle(at: Fixture.day(13)) == [])
    }

    @Test func `a trial that is over is not reminded of`() throws {
        var ledger = try ledger()
        try ledger.startTrial(at: now)
        #expect(
            try ledger.settle(at: Fixture.day(30)).filter { $0 != .trialEnded } == [.tierChanged(from: .pro, to: .free)]
        )
    }

    // MARK: Across catalogs

    @Test func `a trial stays as it was given when the catalog changes`() throws {
        var ledger = try ledger()
        try ledger.startTrial(at: now)
        ledger.earlierCatalogs = [ledger.catalog]
        ledger.catalog = try Lab.catalog(version: 2, free: [:], trial: .init(days: 2, gives: .tier(.enterprise)))
        #expect(try ledger.overview(at: Fixture.day(5)).tier.id == .pro)
        #expect(try ledger.overview(at: end).tier.id == .free)
    }
}
