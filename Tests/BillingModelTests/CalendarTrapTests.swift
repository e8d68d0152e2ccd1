import BillingModel
import Testing

/// What goes wrong elsewhere with months, trials and clocks.
@Suite struct CalendarTrapTests {
    private func instant(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    /// Returns the days on which the periods of a customer begin that was opened at an instant.
    private func periods(
        from opening: String,
        per recurrence: Recurrence = .month,
        count: Int = 5
    ) throws -> [String] {
        var ledger = try Ledger(catalog: Lab.catalog(free: [.documents: .limited(10, per: recurrence)]))
        var instant = try instant(opening)
        var starts: [String] = []
        for _ in 0..<count {
            try ledger.consume(1, at: instant)
            let line = try ledger.line(at: instant)
            #expect(line.used == 1 && line.period?.start == instant, "each instant begins a period")
            starts.append(String(instant.description.prefix(10)))
            instant = try #require(line.period?.end)
        }
        return starts
    }

    @Test(
        arguments: [
            ("2026-01-29", ["2026-01-29", "2026-02-28", "2026-03-29", "2026-04-29", "2026-05-29"]),
            ("2026-01-30", ["2026-01-30", "2026-02-28", "2026-03-30", "2026-04-30", "2026-05-30"]),
            ("2026-01-31", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
            ("2028-01-31", ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31"]),
        ]
    )
    func `a month's end is clamped from the anchor and never from the month before`(
        opening: String,
        starts: [String]
    ) throws {
        #expect(try periods(from: "\(opening)T00:00:00Z") == starts)
    }

    @Test func `a year from 29 February ends on the 28th, and on the 29th when there is one`() throws {
        let starts = ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]
        #expect(try periods(from: "2024-02-29T00:00:00Z", per: .year) == starts)
    }

    @Test func `quarters from the 31st meet the months`() throws {
        let quarters = try periods(from: "2026-01-31T00:00:00Z", per: Recurrence(every: 3, .month), count: 5)
        let months = try periods(from: "2026-01-31T00:00:00Z", count: 13)
        #expect(quarters == [0, 3, 6, 9, 12].map { months[$0] })
    }

    @Test func `a pack's life is clamped as a period is`() throws {
        var ledger = try Ledger(catalog: Lab.catalog())
        try ledger.buy(.credits, at: instant("2026-01-31T00:00:00Z"))
        #expect(try ledger.account.grants.first { $0.source == .order }?.expiry == instant("2026-02-28T00:00:00Z"))
    }

    @Test func `an offset moves the day that a month is counted from, and no clock change does`() throws {
        // 31 January at 23:00 UTC is 1 February where the clock is two hours ahead.
        let utc = try periods(from: "2026-01-31T23:00:00Z", count: 3)
        #expect(utc == ["2026-01-31", "2026-02-28", "2026-03-31"])
        let ahead = Recurrence.month.offset(bySeconds: 7_200)
        #expect(
            try periods(from: "2026-01-31T23:00:00Z", per: ahead, count: 3) == [
                "2026-01-31", "2026-02-28", "2026-03-31",
            ]
        )
        #expect(try ahead.boundary(1, from: instant("2026-01-31T23:00:00Z")) == instant("2026-02-28T23:00:00Z"))
        let behind = try instant("2026-01-30T23:30:00Z")
        #expect(try Recurrence.month.boundary(1, from: behind) == instant("2026-02-28T23:30:00Z"))
        #expect(try ahead.boundary(1, from: behind) == instant("2026-02-27T23:30:00Z"), "the 31st there")
    }

    // MARK: Trials

    @Test(arguments: [(nil, 14), (3, 3), (13, 13), (14, 14), (20, 14)] as [(Int64?, Int64)])
    func `a trial ends after its days or with the first purchase, whatever comes first`(
        purchase: Int64?,
        end: Int64
    ) throws {
        var ledger = try Ledger(catalog: Lab.catalog())
        try ledger.startTrial(at: Fixture.opening)
        if let day = purchase { try ledger.take(Fixture.order(at: Fixture.day(day)), at: Fixture.day(day)) }
        try ledger.settle(at: Fixture.day(30))
        #expect(ledger.account.trial?.endedAt == Fixture.day(end))
        let span = try ledger.overview(at: Fixture.day(30)).trialSpan
        #expect(span == Fixture.days(0, end), "a pure function of what is known")
    }

    @Test func `an order of no money is no purchase`() throws {
        var ledger = try Ledger(catalog: Lab.catalog())
        try ledger.startTrial(at: Fixture.opening)
        try ledger.take(Fixture.order(at: Fixture.day(3), total: 0), at: Fixture.day(3))
        #expect(try ledger.overview(at: Fixture.day(14) - .tick).tier.id == .pro)
        #expect(try ledger.overview(at: Fixture.day(14)).tier.id == .free)
    }

    @Test func `a change of tier within a trial of the provider's keeps its period`() throws {
        var ledger = try Ledger()
        let trial = Fixture.days(0, 7)
        try ledger.take(Fixture.subscription(.pro, .trialing, period: trial), at: Fixture.opening)
        try ledger.consume(5, at: Fixture.day(1))
        try ledger.take(
            Fixture.subscription(.enterprise, .trialing, period: trial, at: Fixture.day(2)),
            at: Fixture.day(2)
        )
        #expect(try ledger.line(at: Fixture.day(2)).period == trial)
        #expect(try ledger.line(at: Fixture.day(2)).used == 5)
    }

    @Test func `after a trial the paid period is the provider's, not the trial's`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, .trialing, period: Fixture.days(0, 7)), at: Fixture.opening)
        try ledger.consume(5, at: Fixture.day(1))
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(7, 38)), at: Fixture.day(7))
        let line = try ledger.line(at: Fixture.day(7))
        #expect(line.period == Fixture.days(7, 38) && line.used == 0 && line.remaining == .units(50))
    }

    // MARK: Missed cycles

    @Test func `of cycles that nobody looked at only the running one is given`() throws {
        var ledger = try Ledger(catalog: Lab.catalog(free: [:], credits: [.ai: .init(30, per: .week)]))
        try ledger.consume(1, at: Fixture.opening)
        let later = Fixture.day(7 * 60 + 3)
        #expect(try ledger.credits(at: later).remaining == 30)
        #expect(try ledger.credits(at: later).period == Fixture.days(7 * 60, 7 * 61))
        try ledger.settle(at: later)
        #expect(ledger.audit.books.count == 2, "one step, however long the sleep was")
    }
}
