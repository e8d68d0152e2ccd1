import BillingModel
import Testing

/// A pack is bought at the provider: its paid order gives what is in it, once for ever.
@Suite struct PackOrderTests {
    let now = Fixture.day(3)
    private let small = Pack.ID("small")

    private func ledger() throws -> Ledger { try Ledger(catalog: UpgradeOrderTests.catalog()) }

    private func order(
        _ id: String = "order_1",
        version: Timestamp? = nil,
        isPaid: Bool = true,
        status: String? = nil,
        refunded: Int64 = 0,
        checkout: String? = nil
    ) throws -> Account.Order {
        try Fixture.order(
            id,
            pack: small,
            at: now,
            version: version,
            isPaid: isPaid,
            status: status,
            checkout: checkout
        )
    }

    @Test func `a paid order gives its pack once, and completes the attempt`() throws {
        var ledger = try ledger()
        try ledger.click(.init(.pack(small)), at: now)
        try ledger.take(order(isPaid: false), at: now)
        #expect(ledger.account.grants.isEmpty && ledger.account.upgrade(.pack(small))?.stage == .clicked)
        try ledger.take(order(version: now + .hours(1)), at: now + .hours(1))
        let grant = try #require(ledger.account.grants.first { $0.source == .order })
        #expect(grant.amount == 5 && grant.basis == .bought && grant.subject == .meter(.documents))
        #expect(grant.id == Account.Grant.ID("polar:order_1") && grant.effective == now)
        #expect(ledger.account.upgrade(.pack(small))?.stage == .completed)
        #expect(ledger.account.firstPurchaseAt == now)
        // Told again, newer or not, and by hand.
        try ledger.take(order(version: now + .hours(2)), at: now + .hours(2))
        try ledger.take(order(version: now + .hours(1)), at: now + .hours(2))
        let reference = ProviderReference(provider: "polar", kind: .grant, id: "order_1")
        let byHand = Account.Command(.grantPack(.init(small, order: reference)), key: "by hand")
        #expect(try ledger.send(byHand, at: now + .hours(2)).answer == .alreadyGranted)
        #expect(ledger.account.grants.count { $0.source == .order } == 1)
    }

    @Test func `each order gives a pack of its own`() throws {
        var ledger = try ledger()
        for number in 1...3 { try ledger.take(order("order_\(number)"), at: now) }
        #expect(ledger.account.grants.count { $0.source == .order } == 3)
    }

    @Test func `what was paid back whole takes back what is left of it, and in part nothing`() throws {
        var ledger = try ledger()
        try ledger.take(order(), at: now)
        try ledger.take(order(version: now + .hours(1), status: "partially_refunded"), at: now + .hours(1))
        #expect(ledger.account.grants.count { $0.source == .order } == 1)
        try ledger.consume(12, at: now + .hours(2))  // ten of the tier's, two of the pack's
        try ledger.take(order(version: now + .hours(3), status: "refunded"), at: now + .hours(3))
        #expect(ledger.account.grants.count { $0.source == .order } == 0)
        let voided = ledger.journal.flatMap(\.effects).compactMap { effect in
            if case .voided(_, amount: let amount, at: _) = effect { amount } else { nil }
        }
        #expect(voided == [3])
        ledger.audit.check(ledger.account)
    }

    @Test func `a payment that is told after its refund gives nothing`() throws {
        var ledger = try ledger()
        try ledger.take(order(version: now + .hours(3), status: "refunded"), at: now + .hours(3))
        try ledger.take(order(), at: now + .hours(4))
        #expect(ledger.account.grants.isEmpty)
    }

    @Test func `a pack that nobody sells any more is an error, which the delivery waits with`() throws {
        var ledger = try Ledger()
        #expect(code { try ledger.take(order(), at: now) } == .unknownPack)
        #expect(ledger.journal == [])
    }
}
