import BillingModel
import Testing

@Suite struct HoldMatrixTests {
    @Test func `the article has the table of what becomes of a hold`() throws {
        let table = try HoldMatrixStory.table()
        #expect(try Article("Holds").text.contains(table), "The model says:\n\(table)")
    }

    @Test(arguments: HoldMatrixStory.Event.allCases, HoldMatrixStory.End.allCases)
    func `no unit is lost and the work's end is told once`(
        event: HoldMatrixStory.Event,
        end: HoldMatrixStory.End
    ) throws {
        var story = try HoldMatrixStory(event)
        try story.finish(end)
        story.ledger.audit.check(story.ledger.account)
        let account = story.ledger.account
        #expect(account.holds == [])
        try story.finish(end)
        #expect(story.ledger.account == account)
    }

    // MARK: Found with the matrix

    /// A promotion of 3 that ends at half past twelve, and 3 of the allowance, set aside from nine until noon.
    private func lapsedAtNoon(seen: Bool) throws -> (Ledger, Work) {
        var ledger = try Ledger()
        try ledger.consume(4, at: january(2))
        try ledger.grant(3, expiry: january(10, hour: 12, minute: 30), at: january(5))
        let work = try ledger.reserve(6, for: .hours(3), at: january(10, hour: 9))
        if seen { try ledger.send(Account.Command(.settle), at: january(10, hour: 12)) }
        return (ledger, work)
    }

    @Test(arguments: [false, true])
    func `work that is told late is counted alike whether or not somebody saw its hold lapse`(seen: Bool) throws {
        var (ledger, work) = try lapsedAtNoon(seen: seen)
        let one = january(10, hour: 13)
        #expect(try ledger.line(at: one).remaining == .units(6), "the promotion is over")
        let receipt = try #require(ledger.capture(work, 4, at: one).receipt)
        #expect(receipt.isLate && receipt.overage == 0 && receipt.remaining == .units(2))
        #expect(ledger.journal.last?.effectiveAt == one)
        ledger.audit.check(ledger.account)
    }

    @Test(arguments: [false, true])
    func `work whose hold has lapsed has nothing to release, whether or not somebody saw it`(seen: Bool) throws {
        var (ledger, work) = try lapsedAtNoon(seen: seen)
        #expect(try ledger.release(work, at: january(10, hour: 13)) == .alreadyReleased)
        #expect(try ledger.line(at: january(10, hour: 13)).remaining == .units(6))
    }

    @Test func `a hold that moves to a new period keeps its order`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 31)), at: january(1))
        try ledger.grant(3, expiry: february(2), at: january(5))
        let work = try ledger.reserve(6, for: .days(1), at: february(1, hour: 1))
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(31, 59)), at: february(1, hour: 2))
        try ledger.capture(work, 4, at: february(1, hour: 3))
        let left = ledger.account.grants.map(\.remaining)
        #expect(left == [49], "the promotion ends first, so it is used first")
        ledger.audit.check(ledger.account)
    }
}
