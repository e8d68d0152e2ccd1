import BillingModel
import Foundation
import Testing

/// The examples of the article "Credits and burn order", which do what their comments say.
@Suite struct CreditsAndBurnOrderTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    @Test func `the article shows the tested examples`() throws {
        let article = try Article("CreditsAndBurnOrder")
        let files = [#filePath, Self.folder.appendingPathComponent("Support/CreditsStory.swift").path]
        try article.expectExamples(in: files)
    }

    @Test func `own units come first, and then whole units are paid for`() throws {
        var story = try Story()
        try story.send(.credits(39), at: january(1))
        let before = try story.overview(at: january(1))[.jobDescriptions]?.remaining  // 5 own, 3 for 30 credits: 8
        try story.send(.use(7, of: .jobDescriptions), at: january(2))
        let left = try story.credits(at: january(2))  // the 5 of the tier, then 2 that cost 10 each: 19
        let jobs = try story.overview(at: january(2))[.jobDescriptions]?.remaining  // 1; 9 credits pay for none
        let screenings = try story.overview(at: january(2))[.screenings]?.remaining  // 19, at 1 credit each
        #expect(before == .units(8) && left == 19 && jobs == .units(1) && screenings == .units(19))
    }

    @Test func `of two grants one is before the other`() throws {
        var story = try Story()
        try story.send(.credits(1, from: .order), at: january(1))  // bought, without end
        try story.send(.credits(2), at: january(1))  // given, without end
        try story.send(.credits(3), at: january(2))  // the same, a day younger
        try story.send(.credits(4, until: january(30)), at: january(2))
        try story.send(.credits(5, until: january(20)), at: january(2))
        try story.send(.credits(6, priority: -1), at: january(2))
        let order = try story.creditGrants(at: january(3)).map(\.amount)  // 6, 5, 4, 2, 3, 1
        #expect(order == [6, 5, 4, 2, 3, 1])
    }

    @Test func `at its end a grant is gone`() throws {
        var story = try Story()
        try story.send(.credits(10, until: january(20)), at: january(1))
        let lastMoment = january(20).advanced(by: .microseconds(-1))
        let before = try story.credits(at: lastMoment)  // 10
        let after = try story.credits(at: january(20))  // 0, though nothing has been written since 1 January
        #expect(before == 10 && after == 0 && story.journal.count == 1)
    }

    @Test func `a pack is given once for its order`() throws {
        var story = try Story()
        let order = ProviderReference(provider: "polar", kind: .grant, id: "order_1")
        let pack = Account.Command.PackGranting(.thousandCredits, order: order, boughtAt: january(3))
        try story.send(.grantPack(pack), key: "delivery 1", at: january(4))
        let again = try story.send(.grantPack(pack), key: "delivery 2", at: january(5))  // .alreadyGranted
        let grants = try story.creditGrants(at: january(6))  // one of 1,000, bought, that ends on 3 January 2027
        #expect(again == .alreadyGranted)
        #expect(grants.map(\.amount) == [1_000] && grants.map(\.basis) == [.bought])
        #expect(grants.map(\.expiry) == [Recurrence.year.boundary(1, from: january(3))])
    }

    @Test func `what is left over moves on up to the cap`() throws {
        var story = try Story()
        let year = TimeSpan(from: january(1), to: Recurrence.year.boundary(1, from: january(1)))
        try story.subscribe(to: .growth, for: year, every: .year, at: january(1))  // 1,000 a month, 500 roll over
        try story.send(.use(80, of: .jobDescriptions), at: january(9))  // 50 own, and 30 that cost 10 each
        let inJanuary = try story.credits(at: january(31))  // 700
        let inFebruary = try story.credits(at: february(1))  // 500 of the 700, and 1,000
        let inMarch = try story.credits(at: february(29))  // 1,500 again: what had moved counts as left over
        let order = try story.creditGrants(at: february(1)).map(\.amount)  // 500, 1,000: the older ones first
        #expect(inJanuary == 700 && inFebruary == 1_500 && inMarch == 1_500)
        #expect(order == [500, 1_000])
    }

    @Test func `a voided grant is over`() throws {
        var story = try Story()
        let answer = try story.send(.credits(50), at: january(1))
        guard case .granted(_, let gift) = answer else { throw Fixture.Missing() }
        try story.send(.use(20, of: .screenings), key: "a screening", at: january(2))
        try story.send(.void(gift), at: january(3))  // 30 are taken back; the 20 stay used
        let again = try story.send(.void(gift), at: january(4))  // .alreadyOver
        try story.send(.refund(.init(of: "a screening")), at: january(5))
        let left = try story.credits(at: january(5))  // 0: what was taken back does not return by another way
        #expect(again == .alreadyOver && left == 0)
        #expect(story.journal.last?.effects.contains(.expired(gift, amount: 20)) == true)
    }

    @Test func `a refund goes backwards and ends at what was used`() throws {
        var story = try Story()
        try story.send(.credits(39), at: january(1))
        try story.send(.use(7, of: .jobDescriptions), key: "campaign", at: january(2))  // 5 own, 2 for 20 credits
        try story.send(.refund(.init(of: "campaign", amount: 1)), key: "first refund", at: january(3))
        let credits = try story.credits(at: january(3))  // 29: the last unit cost 10 credits
        try story.send(.refund(.init(of: "campaign")), key: "second refund", at: january(3))  // the other 6
        let all = try story.overview(at: january(3))[.jobDescriptions]?.remaining  // 5 own and 3 for credits: 8
        let more = try story.send(.refund(.init(of: "campaign", amount: 1)), at: january(3))  // .exceedsUse(left: 0)
        #expect(credits == 29 && all == .units(8) && more == .exceedsUse(left: 0))
    }

    @Test func `a policy says what becomes of what comes back too late`() throws {
        let policies: [Catalog.RefundPolicy] = [.expire, .extend(byDays: 10), .newGrant]
        var (left, later): ([Int64?], [Int64?]) = ([], [])
        for policy in policies {
            var story = try Story(refunds: policy)
            try story.send(.credits(10, until: january(20)), at: january(1))
            try story.send(.use(4, of: .screenings), key: "a screening", at: january(5))
            try story.send(.refund(.init(of: "a screening")), at: january(25))
            left.append(try story.credits(at: january(25)))  // 0, 4 and 4
            later.append(try story.credits(at: february(4)))  // 0, 0 and 4: ten days after the refund
        }
        #expect(left == [0, 4, 4] && later == [0, 0, 4])
    }

    @Test func `a trial gives until it is over, once`() throws {
        var story = try Story(trial: .init(days: 14, gives: .credits(100, of: .ai)))
        try story.send(.startTrial, at: january(1))
        let given = try story.credits(at: january(14))  // 100
        let after = try story.credits(at: january(15))  // 0
        try story.send(.credits(1_000, from: .order), at: january(5))  // a first purchase, so the trial is over
        let bought = try story.credits(at: january(5))  // 1,000
        let again = try story.send(.startTrial, at: january(6))  // .trialRefused(.alreadyTried)
        #expect(given == 100 && after == 0 && bought == 1_000)
        guard case .trialRefused(.alreadyTried) = again else {
            Issue.record("\(again)")
            return
        }
    }

    @Test func `every unit that was given is accounted for`() throws {
        var story = try Story()
        try story.send(.credits(50, until: january(20)), at: january(1))
        try story.send(.use(20, of: .screenings), at: january(2))
        let job = Account.Command.Reservation(meter: .screenings, amount: 5, attempt: "1", lapsesAfter: .seconds(3_600))
        _ = try story.reserve(job, key: "job", at: january(19, hour: 23, minute: 30))
        let grant = try story.creditGrants(at: january(20)).first  // of 50: 20 used, 5 held, 25 expired, 0 remaining
        #expect(grant.map { [$0.amount, $0.used, $0.held, $0.expired, $0.remaining] } == [50, 20, 5, 25, 0])
    }

    @Test func `the journal tells what was left at any instant`() throws {
        var story = try Story()
        try story.send(.credits(10, until: january(20)), at: january(1))
        try story.send(.use(4, of: .screenings), at: january(5))
        let past = Account(folding: story.journal, of: story.account.customer, until: january(3))
        let then = try past.overview(at: january(3), in: story.catalog)[.ai]?.remaining  // 10
        #expect(then == 10)
    }

    @Test func `a threshold is told of when it is crossed`() throws {
        var story = try Story()  // tells under 20 % and under 5 %
        try story.send(.credits(100, until: january(20)), at: january(1))
        try story.send(.use(85, of: .screenings), at: january(2))  // 15 left: told of 20 %
        try story.send(.use(5, of: .screenings), at: january(3))  // 10 left: not told again
        try story.send(.credits(20, until: january(20)), at: january(4))  // 30 of 120 left: risen above 20 %
        try story.send(.use(27, of: .screenings), at: january(5))  // 3 of 20 left: told of 20 % once more
        let due = story.account.dueAt(in: story.catalog)  // 20 January
        try story.send(.settle, at: january(20))  // the rest expires: told of 5 %, and that nothing is left
        #expect(due == january(20))
        let notices = story.notices.filter { $0.isOfCredits }
        #expect(
            notices == [
                .lowBalance(.pool(.ai), .percent(20), left: 15), .lowBalance(.pool(.ai), .percent(20), left: 3),
                .lowBalance(.pool(.ai), .percent(5), left: 0), .exhausted(.pool(.ai)),
            ]
        )
    }
}

extension Account.Notice.Kind {
    fileprivate var isOfCredits: Bool {
        switch self {
        case .lowBalance(.pool(.ai), _, _), .exhausted(.pool(.ai)): true
        default: false
        }
    }
}
