import BillingModel
import Testing

/// Terms that one customer has in place of the tier's.
@Suite struct OverrideDecisionTests {
    let now = Fixture.opening
    let end = Fixture.day(10)

    private func ledger(rates: [Meter.ID: [Tier.Rate]] = [:]) throws -> Ledger {
        try Ledger(
            catalog: Lab.catalog(free: [.documents: .limited(10, per: .month), .desks: .level(2)], rates: rates)
        )
    }

    @Test func `an allowance of one's own holds at once, for what was used too`() throws {
        var ledger = try ledger()
        try ledger.consume(8, at: now)
        try ledger.override(.init(.allowance(.limited(25, per: .month), of: .documents)), at: now)
        let line = try ledger.line(at: now)
        #expect(line.allowance == .limited(25, per: .month) && line.used == 8 && line.remaining == .units(17))
        ledger.audit.check(ledger.account)
    }

    @Test func `at its end the tier's own term holds again`() throws {
        var ledger = try ledger()
        try ledger.override(.init(.allowance(.limited(25, per: .month), of: .documents), until: end), at: now)
        try ledger.consume(18, at: now)
        #expect(ledger.account.dueAt == end)
        #expect(try ledger.line(at: end - .tick).remaining == .units(7))
        let line = try ledger.line(at: end)
        #expect(line.allowance == .limited(10, per: .month))
        #expect(line.used == 18 && line.overage == 8 && line.remaining == .units(0))
        try ledger.settle(at: end)
        #expect(ledger.account.overrides == [])
        ledger.audit.check(ledger.account)
    }

    @Test func `a smaller allowance of one's own takes nothing back that was used`() throws {
        var ledger = try ledger()
        try ledger.consume(8, at: now)
        try ledger.override(.init(.allowance(.limited(5, per: .month), of: .documents)), at: now)
        let line = try ledger.line(at: now)
        #expect(line.used == 8 && line.overage == 3 && line.remaining == .units(0))
    }

    @Test func `an override may lift a limit, and another put it back`() throws {
        var ledger = try ledger()
        try ledger.override(.init(.allowance(.unlimited, of: .documents)), at: now)
        try ledger.consume(30, at: now)
        #expect(try ledger.line(at: now).overage == 0)
        try ledger.override(at: now)
        #expect(try ledger.line(at: now).overage == 20)
        #expect(try ledger.consume(at: now).denial?.allowance == .limited(10, per: .month))
    }

    @Test func `a rate of one's own holds in place of the tier's`() throws {
        var ledger = try ledger(rates: [.documents: [.init(2, per: .minute)]])
        try ledger.override(.init(.rates([.init(5, per: .minute)], of: .documents), until: end), at: now)
        #expect(try ledger.consume(5, at: now).isApplied)
        #expect(try ledger.consume(3, at: end).denial?.limit == .rate(.init(2, per: .minute)))
        try ledger.override(.init(.rates([], of: .documents)), at: end)
        #expect(try ledger.consume(5, at: end).isApplied, "none at all")
    }

    @Test func `a gauge's level may be one's own`() throws {
        var ledger = try ledger()
        try ledger.override(.init(.allowance(.level(4), of: .desks), until: end), at: now)
        #expect(try ledger.raise(by: 4, at: now).isApplied)
        #expect(try ledger.line(.desks, at: end).overage == 2)
    }

    @Test func `a feature may be one's own`() throws {
        let feature = Feature.ID("chat")
        var ledger = try Ledger(
            catalog: Catalog(
                version: 1,
                meters: Lab.meters,
                pools: [CreditPool(.ai, name: "AI credits")],
                features: [Feature(feature, name: "Chat")],
                tiers: [Tier(.free, rank: 0, name: "Free")],
                fallback: .free
            )
        )
        try ledger.override(.init(.feature(feature, true), until: end), at: now)
        #expect(try ledger.overview(at: end - .tick).tier.features[feature] == true)
        #expect(try ledger.overview(at: end).tier.features[feature] == nil)
    }

    @Test func `an override holds on whichever tier the customer is`() throws {
        var ledger = try ledger()
        try ledger.override(.init(.allowance(.limited(25, per: .month), of: .documents)), at: now)
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 31)), at: now)
        #expect(try ledger.line(at: now).allowance == .limited(25, per: .month))
        #expect(try ledger.overview(at: now).tier.id == .pro)
    }

    @Test func `overrides stand in place of all that were there before`() throws {
        var ledger = try ledger()
        try ledger.override(.init(.allowance(.limited(25, per: .month), of: .documents)), at: now)
        try ledger.override(.init(.allowance(.level(4), of: .desks)), at: now)
        #expect(ledger.account.overrides.count == 1)
        #expect(try ledger.line(at: now).allowance == .limited(10, per: .month))
    }

    @Test func `an override that is over when it is told leaves nothing`() throws {
        var ledger = try ledger()
        try ledger.consume(1, at: now)
        try ledger.override(.init(.allowance(.unlimited, of: .documents), until: end), at: end)
        #expect(ledger.account.overrides == [])
        #expect(try ledger.line(at: end).remaining == .units(9))
    }

    @Test func `what a tier cannot have an override cannot either`() throws {
        var ledger = try ledger()
        let wrong = Account.Override(.allowance(.unlimited, of: .calls))
        #expect(code { try ledger.override(wrong, at: now) } == .malformedTerms)
        #expect(ledger.account.isNew)
    }

    @Test func `an override under its key is made once`() throws {
        var ledger = try ledger()
        let own = Account.Override(.allowance(.limited(25, per: .month), of: .documents))
        let command = Account.Command(.override([own]), key: "deal")
        try ledger.send(command, at: now)
        try ledger.override(at: now)
        let again = try ledger.send(command, at: now)
        #expect(again.answer == .overridden && again.change == nil)
        #expect(ledger.account.overrides == [], "what came after it holds")
        #expect(code { try ledger.send(Account.Command(.override([]), key: "deal"), at: now) } == .keyReused)
    }

    @Test func `a higher override lets the balance rise, a lower one is a crossing`() throws {
        var ledger = try Ledger()
        try ledger.consume(9, at: now)
        #expect(!ledger.account.warnings.isEmpty)
        try ledger.override(.init(.allowance(.limited(25, per: .month), of: .documents)), at: now)
        #expect(ledger.account.warnings == [])
        try ledger.override(at: now)
        #expect(ledger.notices.suffix(1) == [.lowBalance(.meter(.documents), .percent(20), left: 1)])
    }

    @Test func `other terms under the same key are other terms, however their words run together`() throws {
        let (short, long) = (Feature.ID("a"), Feature.ID("a b"))
        var ledger = try Ledger(
            catalog: Catalog(
                version: 1,
                meters: Fixture.meters,
                features: [Feature(short, name: "A", kind: .text), Feature(long, name: "B", kind: .text)],
                tiers: [Tier(.free, rank: 0, name: "Free")],
                fallback: .free
            )
        )
        let first = Account.Command(.override([.init(.feature(short, .text("b c")))]), key: "deal")
        let other = Account.Command(.override([.init(.feature(long, .text("c")))]), key: "deal")
        try ledger.send(first, at: now)
        #expect(code { try ledger.send(other, at: now) } == .keyReused)
    }

    @Test func `work that began under an override is counted after its end`() throws {
        var ledger = try ledger()
        try ledger.override(.init(.allowance(.unlimited, of: .documents), until: end), at: now)
        let work = try ledger.reserve(100, for: .days(3), at: end - .days(1))
        let later = end + .days(1)
        #expect(try ledger.left(at: later) == 0)
        let receipt = try #require(try ledger.capture(work, at: later).receipt)
        #expect(receipt.amount == 100 && receipt.overage == 90 && !receipt.isLate)
        let line = try ledger.line(at: later)
        #expect(line.used == 100 && line.held == 0 && line.overage == 90 && line.remaining == .units(0))
        #expect(ledger.account.findings(in: ledger.catalog) == [])
        ledger.audit.check(ledger.account)
    }
}
