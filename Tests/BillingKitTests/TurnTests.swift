import BillingInMemory
import BillingKit
import BillingTesting
import Testing

/// Commands on an account that others write to at the same time wait for their turn, and nothing else waits for them.
struct TurnTests {
    private let store = ContendedStore()
    private let clock = ManualClock(at: KitFixture.start)

    /// A system all of whose customers share one shard.
    private func system(free units: Int64 = 1_000) async throws -> BillingSystem {
        var configuration = BillingSystem.Configuration()
        configuration.shardCount = 1
        return try await BillingSystem(
            catalog: KitFixture.catalog(free: units),
            store: store,
            clock: clock,
            configuration: configuration
        )
    }

    private func consume(
        _ key: String,
        for customer: CustomerID,
        on billing: BillingSystem
    ) async throws -> BillingSystem.Consumption {
        try await billing.consume(of: KitFixture.documents, for: customer, key: .request(key))
    }

    private func used(by customer: CustomerID) async throws -> [Account.Key] {
        try await store.journal(JournalQuery(customer: customer)).compactMap(\.key)
    }

    @Test func `what is asked of other customers is answered while one is locked, and that in its order afterwards`()
        async throws
    {
        let billing = try await system()
        store.obstruct("org_locked", .lock)
        // One after the other, so that there is an order: the first waits before the next is asked.
        var late: [Task<BillingSystem.Consumption, any Error>] = []
        for number in 0..<10 {
            late.append(Task { try await consume("late-\(number)", for: "org_locked", on: billing) })
            while store.waitingCount == 0 || billing.waitingCount < number { await Task.yield() }
        }
        for number in 0..<50 {
            guard case .consumed = try await consume("one", for: "org_\(number)", on: billing) else {
                Issue.record("customer \(number) was denied")
                return
            }
        }
        #expect(try await used(by: "org_locked") == [])
        store.obstruct("org_locked", nil)
        for task in late { _ = try await task.value }
        #expect(try await used(by: "org_locked") == (0..<10).map { Account.Key("request:late-\($0)") })
        // And then all is as ever, once whoever takes the turns has seen that nothing comes any more.
        var (before, number) = (store.counts, 0)
        repeat {
            before = store.counts
            _ = try await consume("afterwards-\(number)", for: "org_locked", on: billing)
            number += 1
        } while store.counts.updates > before.updates
        #expect(store.counts.commits == before.commits + 1)
    }

    @Test func `where others are always faster everybody is answered, and exactly what there is is given away`()
        async throws
    {
        let billing = try await system(free: 60)
        store.obstruct("org_hot", .rivals)
        let given = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<100 {
                group.addTask {
                    // Twice under one key: the second time it is the same receipt.
                    let first = try await consume("\(number)", for: "org_hot", on: billing)
                    let second = try await consume("\(number)", for: "org_hot", on: billing)
                    guard case .consumed(let receipt) = first else {
                        if case .consumed = second { Issue.record("a denied use was given when asked for again") }
                        return false
                    }
                    guard case .consumed(let same) = second else {
                        Issue.record("the second answer is \(second)")
                        return true
                    }
                    #expect(same == receipt)
                    return true
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(given == 60)
        #expect(Set(try await used(by: "org_hot")).count == 60)
        #expect(try await billing.overview(of: "org_hot")[KitFixture.documents]?.used == 60)
    }

    @Test func `what is remembered after the turns is what they left`() async throws {
        let billing = try await system()
        store.obstruct("org_hot", .rivals)
        _ = try await consume("1", for: "org_hot", on: billing)
        store.obstruct("org_hot", nil)
        clock.advance(by: .seconds(1))
        // Whoever takes the turns sees in a moment that nothing comes any more.
        while true {
            let check = try await billing.check(of: KitFixture.documents, for: "org_hot", noOlderThan: .seconds(60))
            #expect(check.check == .allowed(leaving: .units(998)))
            if check.age == .seconds(1) { break }
        }
        let before = store.counts
        _ = try await consume("2", for: "org_hot", on: billing)
        #expect(store.counts.commits == before.commits + 1, "no other revision was assumed")
    }

    @Test func `what was remembered is forgotten once the store has connected anew`() async throws {
        let billing = try await system()
        _ = try await consume("1", for: "org_acme", on: billing)
        clock.advance(by: .seconds(1))
        func age() async throws -> Duration {
            try await billing.check(of: KitFixture.documents, for: "org_acme", noOlderThan: .seconds(60)).age
        }
        #expect(try await age() == .seconds(1))
        store.reconnect()
        #expect(try await age() == .zero, "it is asked of the store")
        // What is committed on the new connection is remembered as ever.
        _ = try await consume("2", for: "org_acme", on: billing)
        clock.advance(by: .seconds(1))
        #expect(try await age() == .seconds(1))
    }

    @Test func `an examination that comes while others wait for their turn is answered`() async throws {
        let billing = try await system()
        _ = try await consume("first", for: "org_locked", on: billing)
        store.obstruct("org_locked", .lock)
        let late = Task { try await consume("late", for: "org_locked", on: billing) }
        while store.waitingCount == 0 { await Task.yield() }
        let examination = Task { try await billing.examine("org_locked") }
        store.obstruct("org_locked", nil)
        _ = try await late.value
        #expect(try await examination.value.isEmpty)
    }

    @Test func `a turn whose outcome is not known is looked up, and is not taken twice`() async throws {
        let billing = try await system()
        store.obstruct("org_hot", .rivals)
        store.failUpdate(.outcomeUnknown, isWritten: true)
        guard case .consumed = try await consume("1", for: "org_hot", on: billing) else {
            Issue.record("it was denied")
            return
        }
        store.failUpdate(.outcomeUnknown)
        guard case .consumed = try await consume("2", for: "org_hot", on: billing) else {
            Issue.record("it was denied")
            return
        }
        #expect(try await used(by: "org_hot") == ["request:1", "request:2"])
    }

    @Test func `a fault of a turn is told to those who are in it, and the next one goes well`() async throws {
        let billing = try await system()
        store.obstruct("org_hot", .rivals)
        store.failUpdate(.lockTimeout)
        let error = await #expect(throws: StoreError.self) { try await consume("1", for: "org_hot", on: billing) }
        #expect(error?.code == .lockTimeout)
        #expect(try await used(by: "org_hot") == [])
        _ = try await consume("1", for: "org_hot", on: billing)
        #expect(try await used(by: "org_hot") == ["request:1"])
    }

    @Test func `a system that is shut down answers those who wait for their turn first`() async throws {
        let billing = try await system()
        store.obstruct("org_locked", .lock)
        let running = Task { await billing.run() }
        let late = Task { try await consume("late", for: "org_locked", on: billing) }
        while store.waitingCount == 0 { await Task.yield() }
        running.cancel()
        let (ended, end) = AsyncStream.makeStream(of: Bool.self)
        let watching = Task {
            await running.value
            end.yield(try await used(by: "org_locked").count == 1)
        }
        for _ in 0..<100 { await Task.yield() }
        store.obstruct("org_locked", nil)
        _ = try await late.value
        #expect(await ended.first { _ in true } == true, "it ends after the answer")
        try await watching.value
    }
}
