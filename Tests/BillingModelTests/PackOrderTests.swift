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

    @Test
    func
        `what the host gave for an order is taken back too when that is paid back, also where the order names no pack`()
        throws
    {
        let reference = ProviderReference(provider: "polar", kind: .grant, id: "order_1")
        let pack = Account.Command(.grantPack(.init(small, order: reference)), key: "hand")
        let units = Account.Command(
            .grant(.init(5, of: .meter(.documents), from: .order, identity: reference)),
            key: "hand"
        )
        for command in [pack, units] {
            for isOfPack in [true, false] {
                var ledger = try ledger()
                try ledger.send(command, at: now)
                try ledger.grant(7, from: .promotion, priority: 9, for: "order_2", at: now)
                try ledger.consume(12, at: now)  // ten of the tier's, two of the pack's
                func order(_ status: String, at instant: Timestamp) throws -> Account.Order {
                    isOfPack
                        ? try self.order(version: instant, status: status)
                        : try Fixture.order(tier: nil, at: now, version: instant, status: status)
                }
                try ledger.take(order("paid", at: now), at: now)
                #expect(ledger.account.grants.count { $0.id == Account.Grant.ID("polar:order_1") } == 1, "given once")
                try ledger.take(order("partially_refunded", at: now + .hours(1)), at: now + .hours(1))
                #expect(ledger.account.grants.count { $0.id == Account.Grant.ID("polar:order_1") } == 1)
                try ledger.take(order("refunded", at: now + .hours(2)), at: now + .hours(2))
                #expect(ledger.account.grants.allSatisfy { $0.id != Account.Grant.ID("polar:order_1") })
                #expect(ledger.account.grants.contains { $0.id == Account.Grant.ID("polar:order_2") })
                let voided = ledger.journal.flatMap(\.effects).compactMap { effect in
                    if case .voided(_, amount: let amount, at: _) = effect { amount } else { nil }
                }
                #expect(voided == [3])
                ledger.audit.check(ledger.account)
                // Given again it is not, by hand or by newer word.
                let again = Account.Command(.grantPack(.init(small, order: reference)), key: "again")
                #expect(try ledger.send(again, at: now + .hours(3)).answer == .alreadyGranted)
            }
        }
    }

    @Test func `a pack lives from when its order was made, whichever of its reports comes first`() throws {
        let catalog = try Catalog(
            version: 1,
            meters: Fixture.meters,
            tiers: Fixture.tiers,
            fallback: .free,
            packs: [Pack(small, name: "Small", contents: .units(5, of: .documents), life: .month)]
        )
        for hour in [1, 9] as [Int64] {
            var ledger = try Ledger(catalog: catalog)
            try ledger.take(order(version: now + .hours(hour)), at: now + .hours(hour))
            let grant = try #require(ledger.account.grants.first { $0.source == .order })
            #expect(grant.effective == now && grant.expiry == Recurrence.month.boundary(1, from: now))
        }
    }

    @Test func `a payment that is told after its refund gives nothing`() throws {
        var ledger = try ledger()
        try ledger.take(order(version: now + .hours(3), status: "refunded"), at: now + .hours(3))
        try ledger.take(order(), at: now + .hours(4))
        #expect(ledger.account.grants.isEmpty)
    }

    @Test func `an order of no money gives its pack, and completes the attempt`() throws {
        var ledger = try ledger()
        try ledger.click(.init(.pack(small), reference: "job-1"), at: now)
        try ledger.take(Fixture.order(pack: small, at: now, total: 0, reference: "job-1"), at: now)
        #expect(ledger.account.grants.count { $0.source == .order } == 1)
        #expect(ledger.upgrade("job-1")?.stage == .completed && ledger.upgrade("job-1")?.order == "order_1")
        #expect(ledger.account.firstPurchaseAt == nil, "it is no purchase for all that")
        try ledger.send(Account.Command(.settle), at: now + .days(90))
        #expect(ledger.notices.allSatisfy { if case .upgradeAbandoned = $0 { false } else { true } })
    }

    @Test func `old word of an order, which gives nothing, has no claim to what is given for it`() throws {
        var ledger = try ledger()
        try ledger.take(Fixture.order(tier: nil, at: now, version: now + .hours(1)), at: now + .hours(1))
        try ledger.take(order(), at: now + .hours(2))
        #expect(ledger.account.grants.isEmpty)
        #expect(try grantByHand(in: &ledger, at: now + .hours(3)) != .alreadyGranted)
        #expect(ledger.account.grants.count { $0.source == .order } == 1)
    }

    private func grantByHand(in ledger: inout Ledger, at instant: Timestamp) throws -> Account.Answer {
        let reference = ProviderReference(provider: "polar", kind: .grant, id: "order_1")
        return try ledger.send(Account.Command(.grantPack(.init(small, order: reference)), key: "hand"), at: instant)
            .answer
    }

    private func faults(in ledger: Ledger) -> Int {
        ledger.notices.count { if case .inconsistent(.error, _) = $0 { true } else { false } }
    }

    @Test func `a payment for a pack that nobody sells any more is kept and told of, and the pack can be given later`()
        throws
    {
        for isByHand in [false, true] {
            var ledger = try ledger()
            let selling = ledger.catalog
            try ledger.click(.init(.pack(small), reference: "job-1"), at: now)
            ledger.catalog = try Fixture.catalog()
            let paid = try Fixture.order(pack: small, at: now, reference: "job-1")
            #expect(try ledger.take(paid, at: now) == .taken)
            #expect(ledger.upgrade("job-1")?.stage == .completed && ledger.account.firstPurchaseAt == now)
            #expect(ledger.account.grants.isEmpty && faults(in: ledger) == 1)
            ledger.catalog = selling
            if isByHand {
                #expect(try grantByHand(in: &ledger, at: now + .hours(1)) != .alreadyGranted)
            }
            // Newer word of the order gives it where nobody has.
            try ledger.take(order(version: now + .hours(2)), at: now + .hours(2))
            #expect(ledger.account.grants.count { $0.source == .order } == 1)
            #expect(faults(in: ledger) == 1)
        }
    }
}
