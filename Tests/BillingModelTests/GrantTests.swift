import BillingModel
import SeededTesting
import Testing

/// What is given beside a tier: the order in which it is used up, its end, and how it is taken back.
@Suite struct GrantTests {
    let now = Fixture.opening

    // MARK: Burn order

    @Test(arguments: 0..<4)
    func `the burn order is total and antisymmetric`(part: Int) {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "burn order, part \(part)") &+ UInt64(part))
        let grants = (0..<60).map { number in
            Account.Grant(
                id: Account.Grant.ID("\(number).0"),
                subject: .meter(.documents),
                source: .promotion,
                basis: Bool.random(using: &generator) ? .given : .bought,
                priority: Int64.random(in: -1...1, using: &generator),
                effective: Fixture.day(Int64.random(in: 0...2, using: &generator)),
                expiry: [nil, Fixture.day(9), Fixture.day(10)].randomElement(using: &generator) ?? nil,
                amount: 1
            )
        }
        for left in grants {
            for right in grants {
                let isBefore = Account.Grant.burnsBefore(left, right)
                let isAfter = Account.Grant.burnsBefore(right, left)
                #expect(left.id == right.id ? !isBefore && !isAfter : isBefore != isAfter)
            }
        }
        let sorted = grants.shuffled(using: &generator).sorted(by: Account.Grant.burnsBefore)
        for (index, grant) in sorted.enumerated() {
            for later in sorted[(index + 1)...] { #expect(Account.Grant.burnsBefore(grant, later), "transitive") }
        }
        let other = grants.shuffled(using: &generator).sorted(by: Account.Grant.burnsBefore)
        #expect(other == sorted, "whatever order they come in")
    }

    @Test func `priority, then the soonest end, then given before bought, then age, then name`() throws {
        var ledger = try Ledger()
        try ledger.consume(10, at: now)
        let forEver = try ledger.grant(1, at: now)
        let old = try ledger.grant(1, effective: now - .days(9), at: now)
        let bought = try ledger.grant(1, from: .order, expiry: Fixture.day(60), at: now)
        let given = try ledger.grant(1, expiry: Fixture.day(60), at: now)
        let soon = try ledger.grant(1, from: .order, expiry: Fixture.day(59), at: now)
        let first = try ledger.grant(1, priority: -1, at: now)
        let last = try ledger.grant(1, priority: 1, expiry: Fixture.day(1), at: now)
        for _ in 0..<7 { try ledger.consume(1, at: now) }
        let drawn = ledger.journal.flatMap(\.effects).compactMap { effect in
            if case .drawn(let draw) = effect, !draw.cover.isOwn { draw.grant } else { nil }
        }
        #expect(drawn == [first, soon, given, bought, old, forEver, last])
        #expect(ledger.account.grants.map(\.source) == [.allowance], "what is used up leaves the live grants")
    }

    @Test func `what ends before the period is used before the allowance, what lasts longer after it`() throws {
        var ledger = try Ledger()
        try ledger.grant(5, expiry: Fixture.day(3), at: now)
        try ledger.grant(5, from: .order, at: now)
        try ledger.consume(16, at: now)
        let amounts = ledger.journal.last?.effects.compactMap { effect -> Int64? in
            if case .drawn(let draw) = effect { draw.amount } else { nil }
        }
        #expect(amounts == [5, 10, 1])
        #expect(try ledger.line(at: now).remaining == .units(4))
    }

    // MARK: Start and end

    @Test func `at its start a grant can be used, at its end it cannot`() throws {
        var ledger = try Ledger()
        try ledger.consume(10, at: now)
        try ledger.grant(5, effective: Fixture.day(1), expiry: Fixture.day(2), at: now)
        let expected: [(Timestamp, Int64)] = [
            (Fixture.day(1) - .tick, 0), (Fixture.day(1), 5), (Fixture.day(2) - .tick, 5), (Fixture.day(2), 0),
            (Fixture.day(2) + .tick, 0),
        ]
        for (instant, units) in expected {
            #expect(try ledger.line(at: instant).remaining == .units(units), "at \(instant)")
            let answer = try ledger.decide(.consume(1), at: instant).answer
            #expect(answer.isApplied == (units > 0), "at \(instant)")
        }
    }

    @Test func `what happens next by time alone is known`() throws {
        var ledger = try Ledger()
        #expect(ledger.account.dueAt == nil)
        try ledger.consume(1, at: now)
        #expect(ledger.account.dueAt == Fixture.day(31), "the period's end")
        try ledger.grant(5, effective: Fixture.day(2), expiry: Fixture.day(20), at: now)
        #expect(ledger.account.dueAt == Fixture.day(2), "the grant's start")
        try ledger.consume(1, at: Fixture.day(2))
        #expect(ledger.account.dueAt == Fixture.day(20), "the grant's end")
        let work = try ledger.reserve(1, for: .hours(1), at: Fixture.day(3))
        #expect(ledger.account.dueAt == Fixture.day(3) + .hours(1), "the hold's lapse")
        try ledger.release(work, at: Fixture.day(3))
        try ledger.consume(1, at: Fixture.day(25))
        #expect(ledger.account.dueAt == Fixture.day(31), "the period's end")
    }

    @Test func `a grant that ends under a live hold honours it, and what is given back ends at once`() throws {
        var ledger = try Ledger()
        try ledger.consume(10, at: now)
        let grant = try ledger.grant(5, expiry: Fixture.day(1), at: now)
        let work = try ledger.reserve(4, for: .days(3), at: now)
        let after = Fixture.day(2)
        let receipt = try #require(try ledger.capture(work, 3, at: after).receipt)
        #expect(receipt.overage == 0 && receipt.remaining == .units(0))
        #expect(ledger.audit.books[grant] == Audit.Book(amount: 5, used: 3, expired: 2))
        #expect(ledger.audit.retired.contains(grant))
    }

    @Test func `what is given too late is on record and over`() throws {
        var ledger = try Ledger()
        let grant = try ledger.grant(5, from: .order, expiry: now - .days(1), at: now)
        #expect(ledger.audit.books[grant] == Audit.Book(amount: 5, expired: 5))
        #expect(try ledger.line(at: now).remaining == .units(10))
    }

    @Test func `a period that is told late takes over what its allowance has to cover and not what was bought`() throws
    {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 31)), at: now)
        try ledger.consume(50, at: now)
        let pack = try ledger.grant(20, from: .order, at: now)
        try ledger.consume(7, at: Fixture.day(31) + .hours(1))
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(31, 59)), at: Fixture.day(31) + .hours(2))
        let line = try ledger.line(at: Fixture.day(31) + .hours(2))
        #expect(line.used == 7)
        #expect(line.remaining == .units(63), "50 of the new period and 13 of the pack")
        #expect(ledger.audit.books[pack]?.used == 7)
    }

    // MARK: Identity

    @Test func `an order's units are given once, whatever the key`() throws {
        var ledger = try Ledger()
        try ledger.grant(5, from: .order, for: "ord_1", key: "a", at: now)
        #expect(try ledger.send(.grant(5, from: .order, for: "ord_1", key: "b"), at: now).answer == .alreadyGranted)
        #expect(try ledger.send(.grant(5, from: .order, for: "ord_1", key: "a"), at: now).answer.receipt?.amount == 5)
        #expect(try ledger.line(at: now).remaining == .units(15))
        try ledger.grant(5, from: .order, for: "ord_2", key: "c", at: now)
        #expect(try ledger.line(at: now).remaining == .units(20))
    }

    @Test func `an order's units belong to one customer`() throws {
        var ledger = try Ledger()
        ledger.owners[ProviderReference(provider: "polar", kind: .grant, id: "ord_1")] = "another"
        #expect(code { try ledger.grant(5, from: .order, for: "ord_1", at: now) } == .belongsToAnother)
    }

    @Test func `the name of a grant follows from its receipt`() throws {
        var ledger = try Ledger()
        for day in 0..<3 {
            for identity in [nil, "ord_\(day)"] {
                let command = Account.Command.grant(1, for: identity)
                let answer = try ledger.send(command, at: Fixture.day(40 * Int64(day))).answer
                guard case .granted(let receipt, let id) = answer else { throw Fixture.Missing() }
                #expect(command.action.grant(by: receipt) == id)
                #expect(ledger.account.grants.contains { $0.id == id && $0.source == .promotion })
            }
        }
    }

    @Test func `what cannot be given is an error`() throws {
        let ledger = try Ledger()
        let instant = now
        let attempts: [(Account.Command, Account.DecisionError.Code)] = [
            (.grant(0), .amountOutOfBounds), (.grant(.max), .amountOutOfBounds),
            (.grant(1, from: .allowance), .grantNotAllowed),
            (.grant(1, effective: instant, expiry: instant), .grantNotAllowed),
            (.grant(1, of: .calls), .unknownMeter), (.grant(1, for: "süß"), .malformedIdentifier),
        ]
        for (command, wanted) in attempts {
            #expect(code { try ledger.decide(command, at: instant) } == wanted, "\(command)")
        }
    }

    @Test func `grants of any size add up, and no more is shown than can be counted`() throws {
        var ledger = try Ledger()
        for _ in 0..<12 { try ledger.grant(Catalog.Limits.units, at: now) }
        #expect(try ledger.line(at: now).remaining == .units(.max))
        try ledger.consume(Catalog.Limits.units, at: now)
        #expect(try ledger.line(at: now).remaining == .units(.max))
        #expect(code { try ledger.consume(.max, at: now) } == .overflow)
    }

    // MARK: Void

    @Test func `a void takes what is left and no more`() throws {
        var ledger = try Ledger()
        try ledger.consume(10, at: now)
        let grant = try ledger.grant(8, from: .order, at: now)
        try ledger.consume(3, at: now)
        let answer = try ledger.void(grant, at: now)
        #expect(answer.receipt?.amount == 5 && answer.receipt?.remaining == .units(0))
        #expect(ledger.audit.books[grant] == Audit.Book(amount: 8, used: 3, voided: 5))
        #expect(try ledger.void(grant, at: now) == .alreadyOver)
        #expect(ledger.notices.last == .exhausted(.meter(.documents)))
    }

    @Test func `work that goes on keeps what it set aside of a voided grant, and gives back nothing`() throws {
        var ledger = try Ledger()
        try ledger.consume(10, at: now)
        let grant = try ledger.grant(8, from: .order, at: now)
        let work = try ledger.reserve(4, at: now)
        #expect(try ledger.void(grant, at: now).receipt?.amount == 4)
        #expect(try ledger.void(grant, at: now) == .alreadyOver)
        #expect(try ledger.capture(work, 1, at: now + .minutes(1)).receipt?.overage == 0)
        #expect(ledger.audit.books[grant] == Audit.Book(amount: 8, used: 1, expired: 3, voided: 4))
        #expect(try ledger.line(at: now + .minutes(1)).remaining == .units(0))
    }

    @Test func `what a tier gives is not taken back`() throws {
        var ledger = try Ledger()
        try ledger.consume(1, at: now)
        let allowance = try #require(ledger.account.grants.first)
        #expect(code { try ledger.void(allowance.id, at: now) } == .grantNotAllowed)
    }

    // MARK: Tiers

    @Test func `a meter that is no part of the tier can be used from a pack`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 31)), at: now)
        #expect(try ledger.consume(1, of: .searches, at: now).denial?.limit == .notIncluded)
        try ledger.grant(2, of: .searches, from: .order, at: now)
        #expect(try ledger.consume(2, of: .searches, at: now).isApplied)
    }

    @Test func `an unlimited meter leaves what was bought alone`() throws {
        var ledger = try Ledger()
        let pack = try ledger.grant(5, from: .order, at: now)
        try ledger.take(Fixture.subscription(.enterprise, period: Fixture.days(0, 31)), at: now)
        try ledger.consume(100, at: now)
        #expect(ledger.audit.books[pack]?.used == 0)
    }

    @Test func `a denial knows that a pack helps a smaller limit`() throws {
        var ledger = try Ledger()
        try ledger.grant(45, from: .order, at: now)
        let denial = try #require(try ledger.consume(90, at: now).denial)
        #expect(denial.remaining == 55 && denial.resetsAt == nil)
        #expect(denial.unlockedBy == [.pro, .enterprise])
    }
}
