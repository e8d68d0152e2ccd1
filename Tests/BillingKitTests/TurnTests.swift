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

    @Test(.timeLimit(.minutes(2))) func `a store that is out is told to all who wait for their turn`() async throws {
        let billing = try await system()
        store.obstruct("org_hot", .rivals)
        store.failUpdates(.busy)
        let tasks = (0..<5).map { number in Task { try await consume("\(number)", for: "org_hot", on: billing) } }
        for task in tasks {
            let error = await #expect(throws: StoreError.self) { try await task.value }
            #expect(error?.code == .busy)
        }
        #expect(try await used(by: "org_hot") == [])
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

    /// Has commands come one after the other while their shard is busy, so that one group has them all.
    private func asGroup<Answer: Sendable>(
        on billing: BillingSystem,
        _ commands: [@Sendable () async throws -> Answer]
    ) async throws -> [Task<Answer, any Error>] {
        store.obstruct("org_busy", .pause)
        let busy = Task { try await consume("busy", for: "org_busy", on: billing) }
        while store.waitingCount == 0 { await Task.yield() }
        var tasks: [Task<Answer, any Error>] = []
        for command in commands {
            let before = billing.waitingCount
            tasks.append(Task { try await command() })
            while billing.waitingCount == before { await Task.yield() }
        }
        store.obstruct("org_busy", nil)
        _ = try await busy.value
        return tasks
    }

    /// Gives a customer's account a period that its journal knows nothing of, and returns what is found then.
    private func spoil(_ customer: CustomerID, on billing: BillingSystem) async throws -> [Account.Finding] {
        let items = [LoadRequest.Item(customer: customer)]
        var account = try #require(try await store.load(LoadRequest(items: items)).first?.account)
        var period = try #require(account.periods.first)
        period.used += 100
        let (revision, instant) = (account.revision + 1, account.instant)
        func change(_ effects: [Account.Effect]) -> Account.Change {
            Account.Change(
                customer: customer,
                revision: revision,
                kind: .settle,
                key: nil,
                fingerprint: 0,
                member: nil,
                recordedAt: instant,
                effectiveAt: instant,
                receipt: nil,
                effects: effects,
                notices: [],
                references: []
            )
        }
        let isNext = account.apply(change([.periodOpened(period)]))
        #expect(isNext)
        let item = CommitRequest.Item(account: account, changes: [change([])], dueAt: nil)
        #expect(try await store.base.commit(CommitRequest(items: [item])) == [.committed])
        let findings = try await billing.examine(customer)
        #expect(findings.count == 1)
        return findings
    }

    @Test func `what may be written is not said to be otherwise by the fault of a later turn`() async throws {
        let billing = try await system()
        store.obstruct("org_hot", .rivals)
        store.failCommit(.outcomeUnknown, of: "org_hot")
        store.failUpdate(.lockTimeout)
        let error = await #expect(throws: StoreError.self) { try await consume("1", for: "org_hot", on: billing) }
        #expect(error?.code == .outcomeUnknown)
    }

    @Test func `commands that are tried apart from each other and all lose wait in their order, for one turn`()
        async throws
    {
        let billing = try await system()
        store.obstruct("org_locked", .lock)
        store.failCommit(.corrupt, of: "org_locked")
        let late = try await asGroup(
            on: billing,
            (0..<8).map { number in { try await consume("\(number)", for: "org_locked", on: billing) } }
        )
        // The group has begun, and all of it is decided once this is answered, which comes after it.
        while store.counts.commits < 2 { await Task.yield() }
        _ = try await consume("one", for: "org_free", on: billing)
        while store.waitingCount == 0 { await Task.yield() }
        store.obstruct("org_locked", nil)
        for task in late { _ = try await task.value }
        #expect(try await used(by: "org_locked") == (0..<8).map { Account.Key("request:\($0)") })
        // That of the one who kept the group waiting, of the group, three of the first half, and of who came after.
        #expect(store.counts.commits == 6, "the second half is not tried before the first is answered")
        #expect(store.counts.updates == 1, "one turn for them all")
        #expect(billing.waitingCount == 0)
    }

    @Test func `what mends a locked account waits for its turn, and nobody else waits for it`() async throws {
        let billing = try await system()
        _ = try await consume("first", for: "org_locked", on: billing)
        let findings = try await spoil("org_locked", on: billing)
        store.obstruct("org_locked", .lock)
        let mending = Task { try await billing.repair(findings[0], of: "org_locked") }
        for number in 0..<20 { _ = try await consume("one", for: "org_\(number)", on: billing) }
        store.obstruct("org_locked", nil)
        #expect(try await mending.value == .repaired)
        #expect(try await billing.examine("org_locked").isEmpty)
    }

    @Test func `what comes before and after an examination of a locked account keeps its order`() async throws {
        let billing = try await system()
        _ = try await consume("first", for: "org_locked", on: billing)
        _ = try await spoil("org_locked", on: billing)
        store.obstruct("org_locked", .lock)
        let group: [@Sendable () async throws -> Int] = [
            {
                _ = try await consume("before", for: "org_locked", on: billing); return 0
            },
            { try await billing.examine("org_locked").count },
            {
                _ = try await consume("after", for: "org_locked", on: billing); return 0
            },
        ]
        let late = try await asGroup(on: billing, group)
        for number in 0..<20 { _ = try await consume("one", for: "org_\(number)", on: billing) }
        store.obstruct("org_locked", nil)
        #expect(try await late[0].value == 0)
        #expect(try await late[1].value == 1, "what is found is told")
        #expect(try await late[2].value == 0)
        let journal = try await store.journal(JournalQuery(customer: "org_locked"))
        let expected: [Account.Key?] = ["request:first", nil, nil, "request:before", nil, "request:after"]
        #expect(journal.map(\.key) == expected, "the two that have no key were found before, and now")
        #expect(billing.waitingCount == 0)
    }

    @Test func `what was written before a store connected anew is not remembered after`() async throws {
        let billing = try await system()
        @Sendable func age() async throws -> Duration {
            try await billing.check(of: KitFixture.documents, for: "org_acme", noOlderThan: .seconds(60)).age
        }
        store.afterCommit { [store] in
            store.reconnect()
            // Somebody notices it before the round has ended.
            _ = try? await age()
        }
        _ = try await consume("1", for: "org_acme", on: billing)
        clock.advance(by: .seconds(1))
        #expect(try await age() == .zero, "it is asked of the store")
    }
}
