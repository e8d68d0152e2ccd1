import BillingModel
import SeededTesting
import Testing

/// Of what was bought nothing is lost, however little or much was told of it before.
@Suite struct UpgradePurchaseTests {
    private static let small = Pack.ID("small")
    private let now = Fixture.day(45)

    private static func ledger() throws -> Ledger {
        let plain = try Fixture.catalog()
        return try Ledger(
            catalog: Catalog(
                version: plain.version,
                meters: plain.meters,
                tiers: plain.tiers,
                fallback: plain.fallback,
                packs: [Pack(small, name: "Small", contents: .units(5, of: .documents))]
            )
        )
    }

    /// Tells orders, and returns the attempts.
    private func told(_ orders: [Account.Order]) throws -> [Upgrade] {
        var ledger = try Self.ledger()
        for (second, order) in orders.enumerated() { try ledger.take(order, at: now + .seconds(Int64(second))) }
        ledger.audit.check(ledger.account)
        return ledger.account.upgrades
    }

    @Test(arguments: [nil, small], [nil, "chk"] as [String?])
    func `every order that nothing was told of before is an attempt, completed by that order`(
        pack: Pack.ID?,
        checkout: String?
    ) throws {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "orders from nowhere"))
        let orders = try (0..<5).map { number in
            try Fixture.order(
                "order_\(number)",
                pack: pack,
                // Two at one instant.
                at: Fixture.day([3, 5, 5, 8, 9][number]),
                checkout: checkout.map { "\($0)_\(number)" }
            )
        }
        let inOrder = try told(orders)
        #expect(inOrder.map(\.order).count == 5 && Set(inOrder.map(\.order)).count == 5)
        #expect(inOrder.allSatisfy { $0.stage == .completed && $0.checkouts.count == 1 })
        #expect(inOrder.map(\.completedAt) == orders.map(\.createdAt))
        for _ in 0..<12 {
            let shuffled = (orders + orders.prefix(3)).shuffled(using: &generator)
            #expect(try told(shuffled) == inOrder, "\(shuffled.map(\.id))")
        }
    }

    @Test func `a click waits for one order, and the next order is an attempt of its own`() throws {
        let orders = try [3, 5].map { try Fixture.order("order_\($0)", pack: Self.small, at: Fixture.day($0)) }
        for told in [orders, orders.reversed()] {
            for click in [1, 4] as [Int64] {
                var ledger = try Self.ledger()
                try ledger.click(.init(.pack(Self.small)), at: Fixture.day(click))
                for order in told { try ledger.take(order, at: now) }
                let upgrades = ledger.account.upgrades
                #expect(upgrades.map(\.order) == ["order_3", "order_5"])
                #expect(upgrades.map { $0.clickedAt != nil } == [click == 1, click == 4])
                ledger.audit.check(ledger.account)
            }
        }
    }

    @Test func `an order whose checkout is told of later is still one attempt, by whatever name it was told first`()
        throws
    {
        let (checkoutless, full) = (
            try Fixture.order("order_1", pack: Self.small, at: Fixture.day(3)),
            try Fixture.order(
                "order_1",
                pack: Self.small,
                at: Fixture.day(3),
                version: Fixture.day(4),
                checkout: "chk_1"
            )
        )
        let other = try Fixture.order("order_2", pack: Self.small, at: Fixture.day(3) - .minutes(5))
        for words in [[checkoutless, full, other], [other, checkoutless, full], [checkoutless, other, full]] {
            let upgrades = try told(words)
            #expect(upgrades.map(\.order) == ["order_2", "order_1"])
            #expect(upgrades.map { Set($0.checkouts.compactMap(\.payment?.order)).count } == [1, 1])
        }
    }

    @Test func `an order of nothing that comes after a purchase begins an attempt of its own`() throws {
        var ledger = try Self.ledger()
        try ledger.take(Fixture.order("order_1", at: Fixture.day(3)), at: now)
        try ledger.take(Fixture.order("order_2", at: Fixture.day(5), total: 0, subscription: "sub_2"), at: now)
        let renewal = try Fixture.order("order_3", at: Fixture.day(9), purpose: .renewal, subscription: "sub_2")
        try ledger.take(renewal, at: now)
        #expect(ledger.account.upgrades.map(\.order) == ["order_1", "order_3"])
        #expect(ledger.account.upgrades.last?.checkouts.map(\.beginning?.at) == [Fixture.day(5)])
    }

    @Test(arguments: ["polar", "a b%20c %"] as [ProviderID], [nil, "job-1"])
    func `orders of two providers are two, though both have one name`(other: ProviderID, reference: String?) throws {
        let orders = try (["fake", other] as [ProviderID]).flatMap { provider in
            try (3...4 as ClosedRange<Int64>).map { day in
                try Fixture.order(
                    "\(day)",
                    pack: Self.small,
                    at: Fixture.day(day),
                    reference: reference,
                    provider: provider
                )
            }
        }
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "orders of two providers"))
        let inOrder = try told(orders)
        let paid = Set(inOrder.flatMap { $0.checkouts.compactMap(\.payment?.orderReference) })
        #expect(paid == Set(orders.map(\.providerReference)))
        #expect(inOrder.count == (reference == nil ? 4 : 1) && inOrder.allSatisfy { $0.stage == .completed })
        if reference == nil { #expect(Set(inOrder.map(\.orderReference)) == Set(orders.map(\.providerReference))) }
        for _ in 0..<8 { #expect(try told((orders + orders.prefix(2)).shuffled(using: &generator)) == inOrder) }
        for key in inOrder.map(\.key) {
            #expect(Upgrade.Key(kind: key.kind, name: key.name) == key, "read back from its name")
            guard case .again(_, after: let order)? = Upgrade.Key(kind: key.kind, name: key.name) else { continue }
            #expect(orders.contains { $0.providerReference == order })
        }
    }

    @Test func `a change of another provider completes its attempt, though one of the same name has come`() throws {
        for told in [["fake", "polar"], ["polar", "fake"]] as [[ProviderID]] {
            var ledger = try Self.ledger()
            for provider in told {
                let (tier, day): (Tier.ID, Int64) = provider == "polar" ? (.pro, 3) : (.enterprise, 5)
                let change = try Fixture.order(
                    "1",
                    tier: tier,
                    at: Fixture.day(day),
                    purpose: .change,
                    provider: provider
                )
                try ledger.take(change, at: now)
            }
            #expect(ledger.account.upgrades.map(\.key) == [.tier(.pro), .tier(.enterprise)])
            #expect(ledger.account.upgrades.map(\.orderReference?.provider) == ["polar", "fake"])
        }
    }

    @Test(arguments: [true, false])
    func `however much is done about an attempt, none of its orders is lost, in whatever order it is told`(
        isNamed: Bool
    ) throws {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "orders among many acts"))
        let job = isNamed ? "job-1" : nil
        let key = isNamed ? Upgrade.Key.reference("job-1") : .pack(Self.small)
        let request = { (instant: Timestamp) in
            Account.Command.UpgradeRequest(.pack(Self.small), reference: job, at: instant)
        }
        var words: [Account.Command] = []
        for number in 0..<40 as Range<Int64> {
            let instant = Fixture.day(2) + .hours(number * 20)
            words.append(Account.Command(.startUpgrade(request(instant))))
            words.append(Account.Command(.advanceUpgrade(.init(locking: request(instant + .hours(1))))))
            for step in [.cancelled, .successSeen] as [Account.Command.UpgradeAdvance.Step] {
                words.append(Account.Command(.advanceUpgrade(.init(step, of: key, at: instant + .hours(2)))))
            }
            let opening = Upgrade.Opening("chk_\(number)")
            let opened = Account.Command.UpgradeAdvance(.checkoutOpened(opening), of: key, at: instant + .hours(3))
            words.append(Account.Command(.advanceUpgrade(opened)))
        }
        // Fewer than an attempt remembers of them.
        let orders = try (0..<30).map { number in
            try Fixture.order(
                "order_\(number)",
                pack: Self.small,
                at: Fixture.day(30) - .hours(Int64(number * 5)),
                checkout: number % 2 == 0 ? "chk_\(number)" : nil,
                reference: job
            )
        }
        words += orders.map { Account.Command(.take(ProviderSnapshot(provider: "polar", order: $0))) }
        for _ in 0..<4 {
            var ledger = try Self.ledger()
            for (second, word) in words.shuffled(using: &generator).enumerated() {
                try ledger.send(word, at: now + .seconds(Int64(second)))
            }
            let upgrades = ledger.account.upgrades
            #expect(upgrades.allSatisfy { $0.acts.count <= Upgrade.maximumActs })
            #expect(upgrades.allSatisfy { $0.checkouts.count <= Upgrade.maximumCheckouts })
            let paid = upgrades.flatMap { $0.checkouts.compactMap(\.payment?.order) }
            #expect(paid.sorted() == orders.map(\.id).sorted())
            #expect(ledger.account.grants.count { $0.source == .order } == orders.count)
            if isNamed {
                #expect(upgrades.count == 1 && upgrades.first?.stage == .completed)
                #expect(upgrades.first?.order == "order_29" && upgrades.first?.completedAt == orders.last?.createdAt)
            }
            ledger.audit.check(ledger.account)
        }
    }

    @Test func `of more payments than an attempt remembers the first are kept, in whatever order they are told`() throws
    {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "many payments"))
        let count = Upgrade.maximumCheckouts + 8
        let orders = try (0..<count).map { number in
            // The checkout that was opened last was paid first.
            try Fixture.order(
                "order_\(number)",
                pack: Self.small,
                at: Fixture.day(20) - .hours(Int64(number)),
                reference: "job-1"
            )
        }
        for _ in 0..<4 {
            let upgrade = try #require(try told(orders.shuffled(using: &generator)).first)
            #expect(upgrade.stage == .completed && upgrade.order == "order_\(count - 1)")
            let kept = Set(upgrade.checkouts.compactMap(\.payment?.order))
            #expect(kept == Set(orders.suffix(Upgrade.maximumCheckouts).map(\.id)))
        }
    }

    @Test func `the payment that completed an attempt is kept, also of a checkout that was opened after all others`()
        throws
    {
        var ledger = try Self.ledger()
        for number in 0..<Upgrade.maximumCheckouts + 1 {
            let (checkout, instant) = ("chk_\(number)", Fixture.day(3) + .hours(Int64(number)))
            let report = Fixture.checkout(checkout, at: instant, reference: "job-1")
            try ledger.take(report, at: now)
            // Nobody promises that an order is made after its checkout.
            let paidAt = Fixture.day(20) - .hours(Int64(number) * 9)
            try ledger.take(
                Fixture.order("order_\(number)", at: paidAt, checkout: checkout, reference: "job-1"),
                at: now
            )
        }
        let attempt = try #require(ledger.upgrade("job-1"))
        #expect(attempt.order == "order_\(Upgrade.maximumCheckouts)" && attempt.checkout("chk_0") == nil)
    }
}
