import BillingModel
import Testing

/// Packs: 120 credits that can be used for a month, 20 documents that can be used for ever.
@Suite struct PackTests {
    let now = Fixture.opening

    private func ledger() throws -> Ledger { try Ledger(catalog: Lab.catalog()) }

    @Test func `a pack gives what is in it`() throws {
        var ledger = try ledger()
        let answer = try ledger.buy(.credits, at: now)
        #expect(answer.receipt?.subject == .pool(.ai) && answer.receipt?.amount == 120)
        try ledger.buy(.documents, order: "order-2", at: now)
        #expect(try ledger.left(at: now) == 10 + 20 + 12)
        let grants = ledger.account.grants.filter { $0.source == .order }
        #expect(grants.map(\.basis) == [.bought, .bought])
        #expect(Set(grants.map(\.expiry)) == [nil, Fixture.day(31)])
    }

    @Test func `for one order a pack is given once, whatever the key`() throws {
        var ledger = try ledger()
        let first = try #require(try ledger.buy(key: "a", at: now).receipt)
        #expect(try ledger.buy(key: "a", at: now) == .repeated(first))
        #expect(try ledger.buy(key: "b", at: now) == .alreadyGranted)
        #expect(try ledger.buy(.documents, key: "c", at: now) == .alreadyGranted)
        #expect(code { try ledger.buy(order: "order-2", key: "a", at: now) } == .keyReused)
        #expect(try ledger.buy(order: "order-2", key: "d", at: now).receipt?.remaining == .units(240))
    }

    @Test func `its life counts from the purchase, however late it is told`() throws {
        var ledger = try ledger()
        try ledger.buy(boughtAt: now, at: Fixture.day(20))
        #expect(try ledger.credits(at: Fixture.day(31) - .tick).remaining == 120)
        #expect(try ledger.credits(at: Fixture.day(31)).remaining == 0)
        var late = try self.ledger()
        try late.buy(boughtAt: now, at: Fixture.day(40))
        #expect(try late.credits(at: Fixture.day(40)).remaining == 0)
        #expect(late.audit.books.values.contains(Audit.Book(amount: 120, expired: 120)), "on record all the same")
    }

    @Test func `bought by a clock that is ahead, it can be used at once`() throws {
        var ledger = try ledger()
        try ledger.buy(boughtAt: now + .hours(1), at: now)
        #expect(try ledger.credits(at: now).remaining == 120)
        #expect(try ledger.credits(at: Fixture.day(31)).remaining == 0)
    }

    @Test func `a pack that nobody sells is an error`() throws {
        var ledger = try ledger()
        #expect(code { try ledger.buy(Pack.ID("stones"), at: now) } == .unknownPack)
        #expect(try ledger.buy(at: now).receipt != nil, "and leaves its order free")
    }

    @Test func `an order belongs to one customer`() throws {
        var acme = try Ledger("acme", catalog: Lab.catalog())
        var zeta = try Ledger("zeta", catalog: Lab.catalog())
        try acme.buy(at: now)
        zeta.owners = acme.owners
        #expect(code { try zeta.buy(at: now) } == .belongsToAnother)
    }

    @Test func `a pack is bought for an order and nothing else`() throws {
        var ledger = try ledger()
        let reference = ProviderReference(provider: "polar", kind: .subscription, id: "sub_1")
        let command = Account.Command(.grantPack(.init(.credits, order: reference)))
        #expect(code { try ledger.send(command, at: now) } == .grantNotAllowed)
    }

    @Test func `what is left of a pack is taken back when its money is`() throws {
        var ledger = try ledger()
        guard case .granted(_, let grant) = try ledger.buy(.documents, at: now) else { throw Fixture.Missing() }
        try ledger.consume(14, at: now)
        #expect(try ledger.void(grant, at: now).receipt?.amount == 16)
        #expect(try ledger.left(at: now) == 0)
        #expect(try ledger.buy(.documents, at: now) == .alreadyGranted, "the order stays used")
    }

    @Test func `a purchase is the customer's first, or not`() throws {
        var ledger = try ledger()
        try ledger.buy(at: Fixture.day(2))
        #expect(ledger.account.firstPurchaseAt == Fixture.day(2))
        try ledger.buy(order: "order-2", boughtAt: Fixture.day(1), at: Fixture.day(3))
        #expect(ledger.account.firstPurchaseAt == Fixture.day(1), "the earliest one told of")
        try ledger.buy(order: "order-3", at: Fixture.day(4))
        #expect(ledger.account.firstPurchaseAt == Fixture.day(1))
    }
}
