import BillingInMemory
import BillingKit
import Testing

/// What callers see, and what is written, when the store fails.
@Suite struct EngineFaultTests {
    private let store = FaultyStore()
    private let clock = ManualClock(at: KitFixture.start)

    private func system(_ configuration: BillingSystem.Configuration = .init()) async throws -> BillingSystem {
        try await BillingSystem(
            catalog: KitFixture.catalog(),
            store: store,
            provider: FakeProvider(events: ["purchase": FakeProvider.purchase(by: "org_acme")]),
            clock: clock,
            entropy: SeededEntropy(seed: 7),
            configuration: configuration
        )
    }

    private func used(_ billing: BillingSystem) async throws -> Int64? {
        try await billing.overview(of: "org_acme")[KitFixture.documents]?.used
    }

    @Test(arguments: [
        FaultyStore.Fault.after(.outcomeUnknown), .before(.outcomeUnknown), .before(.connectionLost),
        .before(.serialization), .before(.deadlock),
    ])
    func `a commit whose outcome is unknown or that lost a race is counted once`(fault: FaultyStore.Fault) async throws
    {
        let billing = try await system()
        store.fail(.commit, fault)
        let answer = try await billing.consume(3, of: KitFixture.documents, for: "org_acme", key: .request("1"))
        guard case .consumed(let receipt) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(receipt.amount == 3)
        #expect(try await used(billing) == 3)
        #expect(try await store.journal(JournalQuery(customer: "org_acme")).count == 1)
    }

    @Test(arguments: [StoreError.Code.busy, .closed, .full])
    func `who is not told that a commit was made is not told either that it was not`(
        code: StoreError.Code
    ) async throws {
        let billing = try await system()
        store.fail(.commit, .after(.outcomeUnknown))
        store.fail(.load, .none, .before(code))
        let error = await #expect(throws: StoreError.self) {
            try await billing.consume(of: KitFixture.documents, for: "org_acme", key: .request("1"))
        }
        #expect(error?.code == .outcomeUnknown)
        #expect(try await used(billing) == 1, "it was made")
    }

    @Test func `work is held, captured and released once though every commit's outcome is unknown`() async throws {
        let billing = try await system()
        let unknown = FaultyStore.Fault.after(.outcomeUnknown)
        store.fail(.commit, unknown, unknown)
        guard
            case .done = try await billing.metered(
                KitFixture.documents,
                for: "org_acme",
                key: .job("1"),
                { store.fail(.commit, unknown) }
            )
        else {
            Issue.record("the work is done")
            return
        }
        #expect(try await used(billing) == 1)
        store.fail(.commit, unknown)
        struct Failed: Error {}
        await #expect(throws: Failed.self) {
            _ = try await billing.metered(KitFixture.documents, for: "org_acme", key: .job("2")) {
                store.fail(.commit, unknown)
                throw Failed()
            }
        }
        let line = try await billing.overview(of: "org_acme")[KitFixture.documents]
        #expect(line?.used == 1)
        #expect(line?.held == 0)
    }

    @Test(arguments: [StoreError.Code.full, .closed, .busy, .lockTimeout])
    func `a fault that stays is told to the caller, and the next command is as good as ever`(
        code: StoreError.Code
    ) async throws {
        let billing = try await system()
        store.fail(.commit, .before(code))
        await #expect(throws: StoreError.self) {
            try await billing.consume(of: KitFixture.documents, for: "org_acme", key: .request("1"))
        }
        _ = try await billing.consume(of: KitFixture.documents, for: "org_acme", key: .request("1"))
        #expect(try await used(billing) == 1)
    }

    @Test func `a store that cannot be read is told to the caller`() async throws {
        let billing = try await system()
        store.fail(.load, .before(.corrupt))
        await #expect(throws: StoreError.self) {
            try await billing.consume(of: KitFixture.documents, for: "org_acme", key: .request("1"))
        }
        #expect(try await used(billing) == 0)
    }

    @Test func `a bad member of a group fails alone`() async throws {
        let billing = try await system()
        store.poison("org_bad")
        let outcomes = await withTaskGroup(of: (Int, Bool).self) { group in
            for number in 0..<40 {
                group.addTask {
                    let customer: CustomerID = number % 4 == 0 ? "org_bad" : "org_\(number)"
                    let answer = try? await billing.consume(
                        of: KitFixture.documents,
                        for: customer,
                        key: .request("\(number)")
                    )
                    return (number, answer != nil)
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for (number, isDone) in outcomes { #expect(isDone == (number % 4 != 0), "command \(number)") }
    }

    @Test(arguments: [StoreError.Code.archived, .closed, .connectionLost])
    func `an examination whose journal cannot be read fails alone`(code: StoreError.Code) async throws {
        var configuration = BillingSystem.Configuration()
        configuration.shardCount = 1
        let billing = try await system(configuration)
        _ = try await billing.consume(of: KitFixture.documents, for: "org_examined", key: .request("1"))
        // Read once before the command waits, and once more in the group.
        store.fail(.journal, .none, .before(code), .before(code), .before(code), .before(code))
        store.hold()
        let first = Task { try await billing.consume(of: KitFixture.documents, for: "org_first", key: .request("1")) }
        while store.count(.load) < 2 { await Task.yield() }
        let examining = Task { try await billing.examine("org_examined") }
        while store.count(.journal) == 0 { await Task.yield() }
        let others = (0..<5).map { number in
            Task { try await billing.consume(of: KitFixture.documents, for: "org_\(number)", key: .request("1")) }
        }
        while billing.waitingCommands < 6 { await Task.yield() }
        store.letGo()
        _ = try await first.value
        let error = await #expect(throws: StoreError.self) { try await examining.value }
        #expect(error?.code == code)
        for other in others {
            guard case .consumed = try await other.value else {
                Issue.record("not consumed")
                return
            }
        }
    }

    @Test func `a journal that cannot be read for a moment is read again`() async throws {
        let billing = try await system()
        _ = try await billing.consume(of: KitFixture.documents, for: "org_acme", key: .request("1"))
        store.fail(.journal, .none, .before(.connectionLost), .before(.serialization))
        #expect(try await billing.examine("org_acme").isEmpty)
    }

    @Test func `a full mailbox refuses, and what it refused was not done`() async throws {
        var configuration = BillingSystem.Configuration()
        configuration.mailboxCapacity = 4
        configuration.largestGroup = 1
        let billing = try await system(configuration)
        let (done, refused) = await withTaskGroup(of: Bool?.self) { group in
            for number in 0..<200 {
                group.addTask {
                    do {
                        _ = try await billing.consume(
                            of: KitFixture.documents,
                            for: "org_\(number)",
                            key: .request("1")
                        )
                        return true
                    } catch let error as BillingError where error.code == .overloaded {
                        return false
                    } catch {
                        return nil
                    }
                }
            }
            var counts = (0, 0)
            for await outcome in group {
                switch outcome {
                case true?: counts.0 += 1
                case false?: counts.1 += 1
                case nil: Issue.record("another error than overload")
                }
            }
            return counts
        }
        #expect(done + refused == 200)
        var written = 0
        for number in 0..<200 { written += try await store.journal(JournalQuery(customer: "org_\(number)")).count }
        #expect(written == done)
    }

    @Test func `a webhook that cannot be kept is to be sent again`() async throws {
        let billing = try await system()
        store.fail(.record, .before(.busy))
        let answer = try await billing.receive("purchase", id: "d1")
        #expect(answer.statusCode == 503)
        #expect(try await store.deliveries(DeliveryQuery()).isEmpty)
        #expect(try await billing.receive("purchase", id: "d1").outcome == .applied)
    }

    @Test func `a webhook whose effect cannot be written is kept and tried again`() async throws {
        let billing = try await system()
        store.fail(.commit, .before(.full))
        let answer = try await billing.receive("purchase", id: "d1")
        #expect(answer.statusCode == 200)
        guard case .deferred = answer.outcome else {
            Issue.record("\(answer.outcome)")
            return
        }
        #expect(try await billing.overview(of: "org_acme").tier.id == KitFixture.free)
        let running = Task { await billing.run() }
        for _ in 0..<2_000 where try await store.deliveries(DeliveryQuery(states: [.done])).isEmpty {
            clock.advance(by: .seconds(1))
            try await Task.sleep(for: .milliseconds(1))
        }
        running.cancel()
        await running.value
        #expect(try await billing.overview(of: "org_acme").tier.id == KitFixture.pro)
    }

    @Test func `a crash between effect and log row is harmless`() async throws {
        let billing = try await system()
        store.fail(.commit, .after(.outcomeUnknown))
        #expect(try await billing.receive("purchase", id: "d1").outcome == .applied)
        #expect(try await store.journal(JournalQuery(customer: "org_acme")).count == 1)
        #expect(try await store.deliveries(DeliveryQuery()).map(\.state) == [.done])
        #expect(try await billing.receive("purchase", id: "d1").outcome == .duplicate)
    }
}
