import BillingModel
import Testing

/// The examples of the article "Holds", which do what their comments say.
@Suite struct HoldsArticleTests {
    /// Three job descriptions, as every story here sets aside.
    private let three = Account.Command.Reservation(meter: .jobDescriptions, amount: 3, attempt: "worker 1")
    private let nine = january(2, hour: 9)

    @Test func `the article shows the tested examples`() throws {
        try Article("Holds").expectExamples(in: #filePath)
    }

    @Test func `units are set aside and used up`() throws {
        var story = try Story()  // 5 job descriptions a month
        let three = Account.Command.Reservation(meter: .jobDescriptions, amount: 3, attempt: "worker 1")
        let (receipt, hold) = try story.reserve(three, key: "campaign", at: nine)
        let during = try story.overview(at: nine)[.jobDescriptions]  // 0 used, 3 held, 2 remaining
        try story.send(.capture(.init(of: receipt, hold: hold, amount: 2)), key: "campaign", at: nine + .minutes(5))
        let after = try story.overview(at: nine + .minutes(5))[.jobDescriptions]  // 2 used, 0 held, 3 remaining
        #expect(during?.used == 0 && during?.held == 3 && during?.remaining == .units(2))
        #expect(after?.used == 2 && after?.held == 0 && after?.remaining == .units(3))
    }

    @Test func `more than was set aside is drawn, and what is not there is recorded`() throws {
        var story = try Story()
        let (receipt, hold) = try story.reserve(three, key: "campaign", at: nine)
        let answer = try story.send(
            .capture(.init(of: receipt, hold: hold, amount: 7)),
            key: "campaign",
            at: nine + .minutes(5)
        )
        guard case .applied(let end) = answer else { throw Fixture.Missing() }
        let overage = end.overage  // 2: the 3 that were set aside and 2 more were there
        let after = try story.overview(at: nine + .minutes(5))[.jobDescriptions]  // 7 used, 0 remaining
        #expect(overage == 2 && after?.used == 7 && after?.remaining == .units(0) && after?.overage == 2)
    }

    @Test func `a hold lapses, and work that is told late is counted`() throws {
        var story = try Story()
        let (receipt, hold) = try story.reserve(three, key: "campaign", at: nine)  // for 15 minutes
        let during = try story.overview(at: nine + .minutes(14))[.jobDescriptions]?.remaining  // 2
        let after = try story.overview(at: nine + .minutes(15))[.jobDescriptions]?.remaining  // 5: it has lapsed
        try story.send(.use(4, of: .jobDescriptions), at: nine + .minutes(20))
        let answer = try story.send(.capture(.init(of: receipt, hold: hold)), key: "campaign", at: nine + .minutes(30))
        guard case .applied(let end) = answer else { throw Fixture.Missing() }
        let (isLate, overage) = (end.isLate, end.overage)  // true, and 2: only 1 was left
        #expect(during == .units(2) && after == .units(5) && isLate && overage == 2)
    }

    @Test func `work that goes on keeps its units`() throws {
        var story = try Story()
        let (_, hold) = try story.reserve(three, key: "campaign", at: nine)
        let hour = Int64(3_600_000_000)
        let answer = try story.send(.extend(hold, byMicroseconds: hour), at: nine + .minutes(10))  // until ten past ten
        let shorter = try story.send(.extend(hold, byMicroseconds: 1), at: nine + .minutes(11))  // still ten past ten
        let late = try story.send(.extend(hold, byMicroseconds: hour), at: nine + .hours(2))  // .alreadyReleased
        #expect(answer == .extended(until: nine + .minutes(70)) && shorter == answer && late == .alreadyReleased)
    }

    @Test func `work that failed gives everything back and may be tried again`() throws {
        var story = try Story()
        let (_, hold) = try story.reserve(three, key: "campaign", at: nine)
        try story.send(.release(hold), at: nine + .minutes(1))
        let again = try story.send(.release(hold), at: nine + .minutes(2))  // .alreadyReleased
        let left = try story.overview(at: nine + .minutes(2))[.jobDescriptions]?.remaining  // 5
        let (receipt, next) = try story.reserve(three, key: "campaign", at: nine + .minutes(3))  // the same work anew
        try story.send(.capture(.init(of: receipt, hold: next)), key: "campaign", at: nine + .minutes(4))
        #expect(again == .alreadyReleased && left == .units(5))
        #expect(try story.overview(at: nine + .minutes(4))[.jobDescriptions]?.used == 3)
    }

    @Test func `one key is one piece of work, whoever does it`() throws {
        var story = try Story()
        let other = Account.Command.Reservation(meter: .jobDescriptions, amount: 3, attempt: "worker 2")
        let (receipt, hold) = try story.reserve(three, key: "campaign", at: nine)
        var isGoingOn = false
        do {
            try story.send(.reserve(other), key: "campaign", at: nine + .minutes(1))
        } catch let error as Account.DecisionError {
            isGoingOn = error.code == .workInProgress(until: nine + .minutes(15))  // true
        }
        let (_, takenOver) = try story.reserve(other, key: "campaign", at: nine + .minutes(15))  // the first has lapsed
        try story.send(.capture(.init(of: receipt, hold: hold)), key: "campaign", at: nine + .minutes(16))  // faster
        let slower = try story.send(
            .capture(.init(of: receipt, hold: takenOver)),
            key: "campaign",
            at: nine + .minutes(17)
        )  // .repeated, with the receipt of the first
        let line = try story.overview(at: nine + .minutes(17))[.jobDescriptions]  // 3 used, 0 held
        guard case .repeated = slower else {
            Issue.record("\(slower)")
            return
        }
        #expect(isGoingOn && line?.used == 3 && line?.held == 0)
    }

    @Test func `work counts in the period that it began in`() throws {
        var story = try Story()
        try story.send(.use(1, of: .jobDescriptions), at: january(1))
        let (receipt, hold) = try story.reserve(three, key: "campaign", at: january(31, hour: 23, minute: 50))
        try story.send(.capture(.init(of: receipt, hold: hold)), key: "campaign", at: february(1, minute: 1))
        let line = try story.overview(at: february(1, minute: 1))[.jobDescriptions]  // 0 used, 5 remaining
        #expect(line?.used == 0 && line?.remaining == .units(5))
    }

    @Test func `a grant that ends keeps its word`() throws {
        var story = try Story()
        try story.send(.credits(10, until: january(20)), at: january(1))
        let six = Account.Command.Reservation(meter: .screenings, amount: 6, attempt: "worker 1")
        let (receipt, hold) = try story.reserve(six, key: "batch", at: january(19, hour: 23, minute: 50))
        let left = try story.credits(at: january(20))  // 0: the 4 that nobody had set aside are gone
        let capture = Account.Command.Capture(of: receipt, hold: hold, amount: 5)
        try story.send(.capture(capture), key: "batch", at: january(20, minute: 1))  // 5 used, and 1 expires at once
        #expect(left == 0)
        #expect(
            story.journal.last?.effects.contains { if case .expired(_, amount: 1) = $0 { true } else { false } } == true
        )
    }

    @Test func `a tier that ends keeps its word`() throws {
        var story = try Story()
        let month = TimeSpan(from: january(1), to: february(1))
        try story.subscribe(to: .growth, for: month, at: january(1))  // 50 job descriptions
        let thirty = Account.Command.Reservation(meter: .jobDescriptions, amount: 30, attempt: "worker 1")
        let (receipt, hold) = try story.reserve(thirty, key: "campaign", at: nine)
        try story.subscribe(to: .growth, for: month, endedAt: nine + .minutes(1), at: nine + .minutes(1))  // refunded
        try story.send(.capture(.init(of: receipt, hold: hold)), key: "campaign", at: nine + .minutes(5))
        let line = try story.overview(at: nine + .minutes(5))[.jobDescriptions]  // on starter: 0 used, 5 remaining
        #expect(line?.used == 0 && line?.remaining == .units(5) && line?.overage == 0)
    }
}
