import BillingInMemory
import BillingKit
import Synchronization
import Testing

/// What a sweep does where there is nothing to do, and where something fails.
@Suite struct SweepTests {
    private let store = FaultyStore()
    private let clock = ManualClock(at: KitFixture.start)
    private let customers = ["org_a", "org_b", "org_c"].map { CustomerID($0) }

    private func system() async throws -> BillingSystem {
        var configuration = BillingSystem.Configuration()
        // So that one fault of the store meets every account.
        configuration.shardCount = 1
        return try await BillingSystem(
            catalog: KitFixture.catalog(),
            store: store,
            clock: clock,
            entropy: SeededEntropy(seed: 7),
            configuration: configuration
        )
    }

    /// A system with three customers whose month has ended.
    private func systemWithDueAccounts() async throws -> BillingSystem {
        let billing = try await system()
        for customer in customers {
            _ = try await billing.consume(of: KitFixture.documents, for: customer, key: .request("1"))
        }
        clock.advance(by: .seconds(40 * 86_400))
        #expect(try await due() == customers)
        return billing
    }

    private func due() async throws -> [CustomerID] {
        try await store.base.accountsDue(DueRequest(now: clock.now())).map(\.customer)
    }

    private func journalLength(of customer: CustomerID) async throws -> Int {
        try await store.journal(JournalQuery(customer: customer)).count
    }

    @Test func `a sweep over nothing ends`() async throws {
        let billing = try await system()
        await billing.sweep()
        #expect(store.count(.accountsDue) == 1)
        #expect(store.count(.commit) == 0)
    }

    @Test
    func `a server that runs leaves the sweep to the one that does it, goes on when that is gone, and gives it up`()
        async throws
    {
        let billing = try await systemWithDueAccounts()
        let end = clock.now().advanced(by: .seconds(40 * 86_400))
        #expect(
            try await store.base.lease(DutyRequest(.sweep, for: Duty.Holder("elsewhere"), now: clock.now(), until: end))
        )
        let running = Task { await billing.run() }
        // The second look comes after all that the first one led to.
        while store.count(.lease) < 1 { await Task.yield() }
        while store.count(.lease) < 2 {
            clock.advance(by: .seconds(1))
            await Task.yield()
        }
        #expect(store.count(.accountsDue) == 0)
        while try await !due().isEmpty {
            clock.advance(by: .seconds(3_600))
            await Task.yield()
        }
        running.cancel()
        await running.value
        #expect(store.count(.accountsDue) > 0)
        let next = DutyRequest(
            .sweep,
            for: Duty.Holder("elsewhere"),
            now: clock.now(),
            until: clock.now().advanced(by: .seconds(1))
        )
        #expect(try await store.base.lease(next), "the duty has been given up")
    }

    @Test func `a sweep over an account with nothing to do ends, and leaves it alone for a while`() async throws {
        let billing = try await system()
        _ = try await billing.consume(of: KitFixture.documents, for: "org_a", key: .request("1"))
        let due = DueAccount(customer: "org_a", dueAt: clock.now())
        store.insist { _ in [due] }
        await billing.sweep()
        let loads = store.count(.load)
        for _ in 0..<100 { await billing.sweep() }
        #expect(store.count(.load) == loads)
        #expect(try await journalLength(of: "org_a") == 1)
        clock.advance(by: .seconds(3_600))
        await billing.sweep()
        #expect(store.count(.load) == loads + 1)
    }

    @Test func `an account that is due anew is settled at once, however lately it was before`() async throws {
        let billing = try await system()
        _ = try await billing.consume(of: KitFixture.documents, for: "org_a", key: .request("1"))
        for number in 0..<5 as Range<Int64> {
            let due = DueAccount(customer: "org_a", dueAt: clock.now().advanced(by: .microseconds(-number)))
            store.insist { _ in [due] }
            let loads = store.count(.load)
            await billing.sweep()
            #expect(store.count(.load) == loads + 1)
        }
    }

    @Test func `a round ends however many are due, and the next one goes on where it stopped`() async throws {
        let billing = try await system()
        let ends = Mutex<[DueAccount]>([])
        let start = KitFixture.start
        store.insist { request in
            let first = (request.after?.dueAt.microseconds ?? 0) + 1
            let page = (first..<first + Int64(request.limit)).map { number in
                DueAccount(customer: CustomerID("org_\(number)"), dueAt: Timestamp(microseconds: number))
            }
            if let after = request.after { ends.withLock { $0.append(after) } }
            return request.now == start ? page : []
        }
        await billing.sweep()
        let rounds = store.count(.accountsDue)
        #expect((2...1_000).contains(rounds))
        await billing.sweep()
        #expect(store.count(.accountsDue) == 2 * rounds)
        let seen = ends.withLock { $0 }
        #expect(seen.count == 2 * rounds - 1 && zip(seen, seen.dropFirst()).allSatisfy { $0 < $1 })
        // The end of a pass is the beginning of the next one.
        clock.advance(by: .seconds(1))
        for _ in 0..<2 { await billing.sweep() }
        #expect(ends.withLock { $0.count } == seen.count + 1)
    }

    @Test func `a round that is cancelled ends with the page that it is at`() async throws {
        let billing = try await system()
        store.insist { request in
            let number = (request.after?.dueAt.microseconds ?? 0) + 1
            if number > 200 { withUnsafeCurrentTask { unsafe $0?.cancel() } }
            return (number..<number + 100).map { number in
                DueAccount(customer: CustomerID("org_\(number)"), dueAt: Timestamp(microseconds: number))
            }
        }
        await Task { await billing.sweep() }.value
        #expect(store.count(.accountsDue) == 3)
    }

    @Test func `an account that cannot be settled holds up no other, and is tried again`() async throws {
        let billing = try await systemWithDueAccounts()
        store.poison("org_a")
        await billing.sweep()
        #expect(try await due() == ["org_a"])
        let loads = store.count(.load)
        await billing.sweep()
        #expect(store.count(.load) == loads)
        store.poison(nil)
        clock.advance(by: .seconds(3_600))
        await billing.sweep()
        #expect(try await due() == [])
    }

    @Test(arguments: [FaultyStore.Call.accountsDue, .load, .commit])
    func `a fault of the store ends a round, and the next one does it all`(call: FaultyStore.Call) async throws {
        let billing = try await systemWithDueAccounts()
        store.fail(call, .before(.full))
        await billing.sweep()
        #expect(try await due() == customers)
        await billing.sweep()
        #expect(try await due() == [])
        for customer in customers { #expect(try await journalLength(of: customer) == 2) }
    }

    @Test func `a fault of the store does not end the running system's sweeps`() async throws {
        let billing = try await systemWithDueAccounts()
        store.fail(.accountsDue, .before(.busy), .before(.connectionLost), .before(.corrupt))
        let running = Task { await billing.run() }
        for _ in 0..<10_000 where try await due() != [] {
            clock.advance(by: .seconds(10))
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(try await due() == [])
        running.cancel()
        await running.value
    }

    @Test func `a clock that jumps back does no harm`() async throws {
        let billing = try await systemWithDueAccounts()
        store.poison("org_a")
        await billing.sweep()
        store.poison(nil)
        // The attempt on the first one is in the future now, and makes nobody wait for it.
        clock.advance(by: .seconds(-5 * 86_400))
        #expect(try await due() == ["org_a"])
        await billing.sweep()
        #expect(try await due() == [])
        for instant in [KitFixture.start, KitFixture.start.advanced(by: .seconds(45 * 86_400))] {
            clock.set(to: instant)
            await billing.sweep()
        }
        for customer in customers { #expect(try await journalLength(of: customer) == 2) }
    }

    @Test func `what is swept while the system stops is settled whole, and a sweep after that ends`() async throws {
        let billing = try await systemWithDueAccounts()
        store.hold()
        let running = Task { await billing.run() }
        while store.count(.load) < 4 { await Task.yield() }
        running.cancel()
        store.letGo()
        await running.value
        for customer in try await due() { #expect(try await journalLength(of: customer) == 1) }
        await billing.sweep()
    }

    @Test func `an interval out of bounds counts as the nearest within them`() async throws {
        for interval in [Duration.zero, .seconds(Int64.max)] {
            var configuration = BillingSystem.Configuration()
            configuration.sweepInterval = interval
            let billing = try await BillingSystem(
                catalog: KitFixture.catalog(),
                store: store,
                clock: clock,
                configuration: configuration
            )
            let running = Task { await billing.run() }
            await Task.yield()
            running.cancel()
            await running.value
        }
    }
}
