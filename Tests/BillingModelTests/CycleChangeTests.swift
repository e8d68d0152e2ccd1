import BillingModel
import Testing

/// A change of cycle begins a period within the one that is paid: what each payment pays for, and what is kept when it
/// fails.
@Suite struct CycleChangeTests {
    private static let month = Fixture.days(0, 31)
    private static let year = Fixture.days(10, 375)
    private static let changedAt = Fixture.day(10)

    private static func paid(_ period: TimeSpan, _ tier: Tier.ID = .pro, seats: Int64? = nil) -> SubscriptionSnapshot {
        Fixture.subscription(tier, period: period, cycle: cycle(of: period), quantity: seats)
    }

    private static func cycle(of period: TimeSpan) -> Recurrence {
        period.end.duration(since: period.start) > .days(31) ? .year : .month
    }

    private static func due(
        _ period: TimeSpan,
        _ tier: Tier.ID = .pro,
        after delay: Duration = .hours(1),
        saysSince: Bool = true,
        cancels: Bool = false,
        seats: Int64? = nil
    ) -> SubscriptionSnapshot {
        let failedAt = period.start + delay
        return Fixture.subscription(
            tier,
            .pastDue,
            period: period,
            at: failedAt + .minutes(1),
            cycle: cycle(of: period),
            cancels: cancels,
            pastDueAt: saysSince ? failedAt : nil,
            quantity: seats
        )
    }

    private static func order(
        _ id: String = "order_1",
        at instant: Timestamp = changedAt,
        isPaid: Bool = true,
        status: String? = nil,
        purpose: Account.Order.Purpose = .change
    ) throws -> ProviderSnapshot {
        ProviderSnapshot(
            provider: "polar",
            order: try Fixture.order(
                id,
                at: instant,
                isPaid: isPaid,
                status: status,
                purpose: purpose,
                subscription: "sub_1"
            )
        )
    }

    private static func word(_ report: SubscriptionSnapshot) -> ProviderSnapshot {
        ProviderSnapshot(provider: "polar", subscriptions: [report])
    }

    /// Tells words in every order, each twice, and returns what there is to see, which has to be the same.
    private func page(
        after words: [ProviderSnapshot],
        told: Timestamp = Fixture.day(13),
        asked: Timestamp = Fixture.day(14)
    ) throws -> Account.Overview {
        var pages: [Account.Overview] = []
        for order in Orders.all(of: words.count) {
            var ledger = try Ledger()
            for place in order + order.reversed() { try ledger.send(.take(words[place]), at: told) }
            ledger.audit.check(ledger.account)
            pages.append(try ledger.overview(at: asked))
        }
        let first = try #require(pages.first)
        for page in pages {
            #expect(page.tier == first.tier && page.accessUntil == first.accessUntil)
            #expect(page.accessReason == first.accessReason && page.accessSince == first.accessSince)
            #expect(page.meters == first.meters)
        }
        return first
    }

    // MARK: The change is paid

    @Test(arguments: [.zero, .minutes(2), .zero - .minutes(59)] as [Duration])
    func `the order for a change pays for the period that the change begins`(delay: Duration) throws {
        let words = [
            Self.word(Self.paid(Self.month)), Self.word(Self.paid(Self.year)),
            try Self.order(at: Self.changedAt + delay), Self.word(Self.due(Self.year, after: .hours(30))),
        ]
        let page = try page(after: words)
        #expect(page.tier.id == .pro && page.accessUntil == Self.year.end, "the charge that failed is another one")
        #expect(page[.documents]?.period == Fixture.days(10, 41), "the year's own months")
    }

    @Test func `an order that is not about the change, or not paid, is none for it`() throws {
        let orders = [
            try Self.order(at: Self.changedAt - .minutes(61)), try Self.order(at: Self.changedAt + .minutes(60)),
            try Self.order(isPaid: false), try Self.order(status: "refunded"),
        ]
        for order in orders {
            let words = [
                Self.word(Self.paid(Self.month)), Self.word(Self.paid(Self.year)), order,
                Self.word(Self.due(Self.year, after: .hours(30))),
            ]
            let page = try page(after: words)
            #expect(page.tier.id == .pro && page.accessUntil == Self.month.end)
            #expect(page[.documents]?.period == Self.month)
        }
    }

    @Test func `an order for a change beside a renewal is none for the renewal`() throws {
        let (january, february) = (Self.month, Fixture.days(31, 59))
        for minutes in [-30, 0, 30] as [Int64] {
            let words = [
                Self.word(Self.paid(january)), Self.word(Self.paid(february)),
                try Self.order(at: february.start + .minutes(minutes)), Self.word(Self.due(february)),
            ]
            let page = try page(after: words, told: Fixture.day(32), asked: Fixture.day(33))
            #expect(page.accessUntil == february.start + .hours(1) + .days(7))
            #expect(page[.documents]?.period?.start == january.start)
        }
    }

    // MARK: Its charge fails

    /// Shown as paid before it fails, or not; and told since when, or not.
    @Test(arguments: [true, false], [true, false])
    func `what was paid for is kept to its end when the charge of a change fails`(isShown: Bool, saysSince: Bool) throws
    {
        let words =
            [Self.word(Self.paid(Self.month)), Self.word(Self.due(Self.year, saysSince: saysSince))]
            + (isShown ? [Self.word(Self.paid(Self.year))] : [])
        let page = try page(after: words)
        #expect(page.tier.id == .pro && page.accessReason == .paymentDue)
        #expect(page.accessUntil == Self.month.end, "31 January, and not the grace's end")
        #expect(page[.documents]?.period == Self.month, "the allowance that was paid for")
    }

    @Test(arguments: [true, false])
    func `near the end of what was paid for, the grace lasts longer`(isShown: Bool) throws {
        let year = Fixture.days(28, 393)
        let words =
            [Self.word(Self.paid(Self.month)), Self.word(Self.due(year))]
            + (isShown ? [Self.word(Self.paid(year))] : [])
        let page = try page(after: words, told: Fixture.day(29), asked: Fixture.day(30))
        #expect(page.accessUntil == year.start + .hours(1) + .days(7))
        #expect(page[.documents]?.period?.start == Self.month.start, "and nothing new is given")
    }

    @Test func `tier and seats are those that were paid for`() throws {
        let words = [
            Self.word(Self.paid(Self.month, .pro, seats: 2)), Self.word(Self.paid(Self.year, .enterprise, seats: 5)),
            Self.word(Self.due(Self.year, .enterprise, seats: 5)),
        ]
        let page = try page(after: words)
        #expect(page.tier.id == .pro && page[.documents]?.remaining == .units(50))
        #expect(page.accessUntil == Self.month.end)
    }

    @Test func `a change to less that is not paid gives no more than it named, whatever is named then`() throws {
        let words = [
            Self.word(Self.paid(Self.month, .enterprise)), Self.word(Self.paid(Self.year, .pro)),
            Self.word(Self.due(Self.year, .pro)), Self.word(Self.due(Self.year, .enterprise, after: .hours(9))),
        ]
        let page = try page(after: words)
        #expect(page.tier.id == .pro && page.accessUntil == Self.month.end)
    }

    @Test func `a change that is tried twice and fails twice leaves what was paid for`() throws {
        let again = Fixture.days(12, 377)
        let words = [
            Self.word(Self.paid(Self.month)), Self.word(Self.paid(Self.year)), Self.word(Self.due(Self.year)),
            Self.word(Self.paid(again)), Self.word(Self.due(again)),
        ]
        let page = try page(after: words)
        #expect(page.accessUntil == Self.month.end && page[.documents]?.period == Self.month)
    }

    @Test func `a year that was paid for is kept when the change to a month fails`() throws {
        let (year, month) = (Fixture.days(0, 365), Fixture.days(10, 41))
        for isShown in [true, false] {
            let words =
                [Self.word(Self.paid(year)), Self.word(Self.due(month))]
                + (isShown ? [Self.word(Self.paid(month))] : [])
            let page = try page(after: words)
            #expect(page.accessUntil == year.end && page[.documents]?.period == Self.month)
            let ending = Self.word(Self.due(month, after: .hours(5), cancels: true))
            #expect(try self.page(after: words + [ending]).accessUntil == month.end, "an end that is set is the end")
        }
        let paid = try page(after: [Self.word(Self.paid(year)), Self.word(Self.paid(month))])
        #expect(paid.accessUntil == month.end + .days(3), "paid, the month is what there is")
    }

    @Test func `a failure that is heard of after a lapse gives nothing back`() throws {
        let (year, month) = (Fixture.days(0, 365), Fixture.days(10, 41))
        var ledger = try Ledger()
        for word in [Self.paid(year), Self.paid(month)] { try ledger.take(word, at: word.version.object) }
        let lapsed = month.end + .days(3)
        #expect(try ledger.overview(at: Fixture.day(49)).accessSince == lapsed)
        try ledger.consume(10, at: Fixture.day(49))
        for day in [50, 55] as [Int64] {
            let late = Fixture.subscription(
                .pro,
                .pastDue,
                period: month,
                at: Fixture.day(day),
                pastDueAt: month.start + .hours(1)
            )
            try ledger.take(late, at: Fixture.day(day))
            let page = try ledger.overview(at: Fixture.day(day))
            #expect(page.tier.id == .free && page.accessSince == lapsed && page[.documents]?.remaining == .units(0))
        }
        ledger.audit.check(ledger.account)
    }

    @Test func `what was lost before the change is not given back by a period that is not paid`() throws {
        let paused = Fixture.subscription(.pro, .paused, period: Self.month, at: Fixture.day(4))
        let words = [
            Self.word(Self.paid(Self.month)), Self.word(paused), Self.word(Self.paid(Self.year)),
            Self.word(Self.due(Self.year)),
        ]
        #expect(try page(after: words).accessUntil == Self.changedAt + .hours(1) + .days(7), "the grace alone")
    }

    @Test func `paid after all, the new period is given with what was used since it began`() throws {
        var ledger = try Ledger()
        try ledger.take(Self.paid(Self.month), at: Self.month.start)
        try ledger.consume(20, at: Fixture.day(3))
        try ledger.take(Self.paid(Self.year), at: Self.changedAt)
        try ledger.consume(5, at: Self.changedAt)
        try ledger.take(Self.due(Self.year), at: Self.changedAt + .hours(1))
        #expect(try ledger.line(at: Fixture.day(11)).used == 25, "it was the month's")
        let recovered = Fixture.subscription(.pro, period: Self.year, at: Fixture.day(12), cycle: .year)
        try ledger.take(recovered, at: Fixture.day(12))
        let line = try ledger.line(at: Fixture.day(12))
        #expect(line.period == Fixture.days(10, 41) && line.used == 5 && line.remaining == .units(45))
        #expect(try ledger.overview(at: Fixture.day(12)).accessUntil == Self.year.end + .days(3))
        ledger.audit.check(ledger.account)
    }
}

/// The orders in which things can come.
enum Orders {
    /// All orders of so many things.
    static func all(of count: Int) -> [[Int]] {
        (0..<count).reduce([[]]) { orders, place in
            orders.flatMap { order in
                (0...order.count).map { Array(order[..<$0]) + [place] + Array(order[$0...]) }
            }
        }
    }
}
