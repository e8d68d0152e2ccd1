import BillingInMemory
import BillingKit
import Testing

/// What is remembered of accounts, for how long, and what is not.
@Suite struct MemoryTests {
    private let store = FaultyStore()
    private let clock = ManualClock(at: KitFixture.start)

    private func system(allowance: Int64 = 10, cachedBytes: Int = 1 << 20) async throws -> BillingSystem {
        var configuration = BillingSystem.Configuration()
        configuration.shardCount = 1
        configuration.cachedBytes = cachedBytes
        return try await BillingSystem(
            catalog: KitFixture.catalog(free: allowance),
            store: store,
            clock: clock,
            entropy: SeededEntropy(seed: 7),
            configuration: configuration
        )
    }

    private func consume(_ billing: BillingSystem, for customer: CustomerID = "org_acme") async throws {
        let answer = try await billing.consume(of: KitFixture.documents, for: customer, key: .once)
        guard case .consumed = answer else {
            Issue.record("\(answer)")
            return
        }
    }

    private func check(_ billing: BillingSystem, noOlderThan limit: Duration = .seconds(60)) async throws
        -> BillingSystem.DatedCheck
    {
        try await billing.check(of: KitFixture.documents, for: "org_acme", noOlderThan: limit)
    }

    @Test func `an account is as old as the look that its commit began with`() async throws {
        let billing = try await system()
        store.hold()
        let consuming = Task { try await consume(billing) }
        while store.count(.load) == 0 { await Task.yield() }
        clock.advance(by: .seconds(10))
        store.letGo()
        try await consuming.value
        #expect(try await check(billing).age == .seconds(10))
        #expect(try await check(billing, noOlderThan: .seconds(5)).age == .zero)
    }

    @Test(arguments: [StoreError.Code.busy, .closed])
    func `what may have been written is not answered from what was before it`(code: StoreError.Code) async throws {
        let billing = try await system()
        try await consume(billing)
        store.fail(.commit, .after(.outcomeUnknown))
        store.fail(.load, .before(code))
        let error = await #expect(throws: StoreError.self) {
            try await billing.consume(9, of: KitFixture.documents, for: "org_acme", key: .request("1"))
        }
        #expect(error?.code == .outcomeUnknown)
        guard case .denied = try await check(billing).check else {
            Issue.record("all ten have been used")
            return
        }
    }

    @Test func `what somebody else has committed is forgotten, also while a round is under way`() async throws {
        let billing = try await system()
        try await consume(billing)
        let loads = store.count(.load)
        #expect(try await check(billing).check == .allowed(leaving: .units(8)))
        #expect(store.count(.load) == loads, "it is remembered")
        billing.accountsWereCommitted(["org_acme"])
        _ = try await check(billing)
        #expect(store.count(.load) == loads + 1)
        try await consume(billing)
        store.hold()
        let consuming = Task { try await consume(billing) }
        while !store.isHolding { await Task.yield() }
        billing.accountsWereCommitted(["org_acme"])
        store.letGo()
        try await consuming.value
        let before = store.count(.load)
        _ = try await check(billing)
        #expect(store.count(.load) == before + 1)
        try await consume(billing)
        _ = try await check(billing)
        #expect(store.count(.load) == before + 2, "from then on it is remembered again")
    }

    @Test func `a customer's id that no customer can have goes no further`() async throws {
        let billing = try await system()
        for id in ["", "a\0b", String(repeating: "x", count: 1_000_000)] {
            let error = await #expect(throws: Account.DecisionError.self) {
                try await billing.consume(of: KitFixture.documents, for: CustomerID(id), key: .request("1"))
            }
            #expect(error?.code == .malformedIdentifier)
        }
        #expect(store.count(.load) == 0)
    }

    @Test func `a customer of whom there is nothing is not remembered`() async throws {
        let billing = try await system()
        guard
            case .denied = try await billing.consume(11, of: KitFixture.documents, for: "org_acme", key: .request("1"))
        else {
            Issue.record("there are ten")
            return
        }
        let loads = store.count(.load)
        _ = try await check(billing)
        #expect(store.count(.load) == loads + 1)
    }

    @Test func `what is remembered keeps to its bytes, and what is not used goes first`() async throws {
        let billing = try await system(allowance: 100, cachedBytes: 8_000)
        let customers = (0..<40).map { CustomerID("org_\($0)") }
        for customer in customers {
            try await consume(billing, for: customer)
            try await consume(billing, for: "org_acme")
        }
        #expect(billing.rememberedBytes <= 8_000)
        let loads = store.count(.load)
        try await consume(billing, for: "org_acme")
        #expect(store.count(.load) == loads, "it was used all the time")
        for customer in customers.prefix(10) { try await consume(billing, for: customer) }
        #expect(store.count(.load) == loads + 10, "they were not")
        #expect(billing.rememberedBytes <= 8_000)
    }
}
