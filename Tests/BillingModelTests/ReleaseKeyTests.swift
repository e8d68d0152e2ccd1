import BillingModel
import Testing

/// A release has a key of its own, and takes none from work that goes on or that was done.
@Suite struct ReleaseKeyTests {
    private let now = Fixture.day(3)

    private func release(_ work: Work, key: Account.Key) -> Account.Command {
        Account.Command(.release(work.hold), key: key)
    }

    @Test func `asked again under its key it gives the first receipt`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(7, at: now)
        let first = try ledger.send(release(work, key: "gone"), at: now).answer
        #expect(try ledger.send(release(work, key: "gone"), at: now).answer == .repeated(try #require(first.receipt)))
        #expect(try ledger.send(release(work, key: "other"), at: now).answer == .alreadyReleased)
    }

    @Test func `under the key of other work that goes on it is refused, and that work can be counted`() throws {
        var ledger = try Ledger()
        let one = try ledger.reserve(3, key: "one", at: now)
        let other = try ledger.reserve(4, key: "other", at: now)
        let error = #expect(throws: Account.DecisionError.self) {
            try ledger.send(release(one, key: "other"), at: now)
        }
        #expect(error?.code == .keyReused)
        #expect(try ledger.capture(other, at: now).receipt?.amount == 4)
        #expect(try ledger.send(release(one, key: "one gone"), at: now).answer.receipt != nil)
        ledger.audit.check(ledger.account)
    }

    @Test func `under a key that was used up for something else it is refused`() throws {
        var ledger = try Ledger()
        try ledger.send(.consume(1, key: "used"), at: now)
        let work = try ledger.reserve(3, at: now)
        let error = #expect(throws: Account.DecisionError.self) { try ledger.send(release(work, key: "used"), at: now) }
        #expect(error?.code == .keyReused)
        #expect(ledger.account.holds.count == 1)
    }

    @Test func `under the work's own key it leaves that free`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(7, at: now)
        #expect(try ledger.send(release(work, key: "job"), at: now).answer.receipt != nil)
        let again = try ledger.reserve(7, attempt: "second", at: now)
        #expect(try ledger.capture(again, at: now).receipt?.amount == 7)
    }

    @Test func `after the work's end it finds nothing to give back`() throws {
        var ledger = try Ledger()
        let work = try ledger.reserve(7, at: now)
        _ = try ledger.capture(work, at: now)
        #expect(try ledger.send(release(work, key: "job"), at: now).answer == .alreadyReleased)
    }

    @Test func `a second try is given back though the first has counted late under the same key`() throws {
        var ledger = try Ledger()
        let first = try ledger.reserve(2, for: .minutes(1), at: now)
        let second = try ledger.reserve(2, attempt: "second", at: now + .minutes(2))
        #expect(try ledger.capture(first, at: now + .minutes(3)).receipt?.isLate == true)
        #expect(try ledger.send(release(second, key: "job"), at: now + .minutes(4)).answer.receipt != nil)
        #expect(ledger.account.holds == [])
        ledger.audit.check(ledger.account)
    }
}
