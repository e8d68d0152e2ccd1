import BillingModel
import Testing

/// The examples of the article "Tiers and meters" that live on its catalog, which do what their comments say.
@Suite struct TiersAndMetersLifeTests {
    private let month = TimeSpan(from: january(1), to: february(1))
    private let noon = january(2, hour: 12)

    @Test func `several meters are all used or none`() throws {
        var story = try Story()
        try story.send(.credits(20), at: january(1))  // the starter tier gives 5 job descriptions and no screening
        let both: [Account.Command.Consumption] = [
            .init(meter: .jobDescriptions, amount: 6), .init(meter: .screenings, amount: 11),
        ]
        let answer = try story.send(.consumeAll(both), at: january(2))  // .denied: 10 credits are left
        let used = try story.overview(at: january(2))[.jobDescriptions]?.used  // 0
        guard case .denied(let denial) = answer else { throw Fixture.Missing() }
        #expect(denial.meter == .screenings && denial.remaining == 10 && used == 0)
    }

    @Test func `beyond a soft limit units are counted apart, up to the cap`() throws {
        var story = try Story()
        try story.subscribe(to: .growth, for: month, at: january(1))  // 50 a month, then 10 more
        try story.send(.use(150, of: .jobDescriptions), at: january(2))  // 50 own, and 100 for 1,000 credits
        try story.send(.use(7, of: .jobDescriptions), at: january(3))  // 7 beyond
        let line = try story.overview(at: january(3))[.jobDescriptions]  // 157 used, overage 7, permitted 3
        let refused = try story.send(.use(4, of: .jobDescriptions), at: january(4))  // .denied
        try story.send(.record(.init(meter: .jobDescriptions, amount: 4)), at: january(4))  // overage 11
        let after = try story.overview(at: january(4))[.jobDescriptions]
        guard case .denied(let denial) = refused else { throw Fixture.Missing() }
        #expect(line?.used == 157 && line?.remaining == .units(0) && line?.overage == 7 && line?.permitted == 3)
        #expect(denial.remaining == 3 && after?.overage == 11 && after?.permitted == 0)
    }

    @Test func `a rate lets so many through in a minute of the clock`() throws {
        var story = try Story()
        try story.subscribe(to: .growth, for: month, at: january(1))  // screenings without limit, 60 a minute
        try story.send(.use(60, of: .screenings), at: noon + .seconds(30))
        let refused = try story.send(.use(1, of: .screenings), at: noon + .seconds(59))  // .denied until 12:01
        let next = try story.send(.use(1, of: .screenings), at: noon + .minutes(1))  // .applied
        guard case .denied(let denial) = refused, case .applied = next else { throw Fixture.Missing() }
        #expect(denial.limit == .rate(.init(60, per: .minute)) && denial.resetsAt == noon + .minutes(1))
    }

    @Test func `a gauge stands where it was set`() throws {
        var story = try Story()  // one seat
        try story.send(.setLevel(.init(meter: .seats, units: 1)), at: january(1))
        let refused = try story.send(.raise(.init(meter: .seats, amount: 1)), at: january(1))  // .denied
        try story.subscribe(to: .growth, for: month, at: january(1))  // 5 seats, and any number more
        try story.send(.raise(.init(meter: .seats, amount: 6)), at: january(2))
        let high = try story.overview(at: january(2))[.seats]  // 7 used, 0 remaining, overage 2
        try story.subscribe(to: .starter, for: month, at: january(3))
        let low = try story.overview(at: january(3))[.seats]  // 7 used still, overage 6
        try story.send(.lower(.init(meter: .seats, amount: 6)), at: january(4))  // always let through
        guard case .denied(let denial) = refused else { throw Fixture.Missing() }
        #expect(denial.unlockedBy == [.growth] && denial.resetsAt == nil)
        #expect(high?.used == 7 && high?.remaining == .units(0) && high?.overage == 2)
        #expect(low?.used == 7 && low?.overage == 6 && low?.permitted == 0)
        #expect(try story.overview(at: january(4))[.seats]?.used == 1)
    }

    @Test func `a denial says what would help`() throws {
        var story = try Story()
        try story.send(.use(3, of: .jobDescriptions), at: january(1))
        let answer = try story.send(.use(3, of: .jobDescriptions), for: "draft 17", at: january(2))
        guard case .denied(let denial) = answer else { throw Fixture.Missing() }
        let (left, resetsAt) = (denial.remaining, denial.resetsAt)  // 2, and 1 February
        let (tiers, packs) = (denial.unlockedBy, denial.unlockedByPacks)  // growth, and the thousand credits
        let reference = denial.reference  // "draft 17", where the page comes back to
        #expect(left == 2 && resetsAt == february(1) && reference == "draft 17")
        #expect(tiers == [.growth] && packs == [.thousandCredits])
    }

    @Test func `what was used stays used, and is never a negative balance`() throws {
        var story = try Story()
        try story.subscribe(to: .growth, for: month, at: january(1))
        try story.send(.use(20, of: .jobDescriptions), at: january(2))
        try story.subscribe(to: .starter, for: month, at: january(3))  // within the running period
        let line = try story.overview(at: january(3))[.jobDescriptions]  // 20 used, 5 allowed, 0 remaining, overage 15
        #expect(line?.used == 20 && line?.remaining == .units(0) && line?.overage == 15 && line?.permitted == 0)
        #expect(line?.allowance == .limited(5, per: .month))
    }

    @Test func `a warning comes on the way down, once`() throws {
        var story = try Story()
        try story.send(.use(4, of: .jobDescriptions), at: january(1))  // 1 of 5 left: 20 %, which is not under 20 %
        let none = story.notices  // nothing
        try story.send(.use(1, of: .jobDescriptions), at: january(2))  // told of 20 %, of 5 %, and that nothing is left
        let count = story.notices.count  // 3
        let warnings = try story.overview(at: february(1)).warnings  // none: a new month has begun
        #expect(none == [] && count == 3 && warnings == [])
        #expect(story.notices.last == .exhausted(.meter(.jobDescriptions)))
    }

    @Test func `own terms hold until their end`() throws {
        var story = try Story()
        try story.send(.override(Recruiting.termsOfTheirOwn(until: january(20))), at: january(1))
        try story.send(.setLevel(.init(meter: .seats, units: 20)), at: january(2))  // of 25, on the starter tier
        let before = try story.overview(at: january(19)).tier.has(.singleSignOn)  // true
        let after = try story.overview(at: january(20)).tier.has(.singleSignOn)  // false; the seats are for ever
        #expect(before && !after)
        #expect(try story.overview(at: january(20))[.seats]?.remaining == .units(5))
    }
}
