import BillingInMemory
import BillingKit
import Synchronization
import Testing

/// The long task beside the server.
@Suite struct RunTests {
    @Test func `without provider and observers it runs until it is told to stop`() async throws {
        let billing = try await BillingSystem(catalog: KitFixture.catalog(), store: InMemoryStore())
        let running = Task { await billing.run() }
        for number in 0..<50 {
            await Task.yield()
            _ = try await billing.consume(of: KitFixture.documents, for: "org_\(number)", key: .once)
        }
        running.cancel()
        await running.value
        await #expect(throws: BillingError.self) {
            try await billing.consume(of: KitFixture.documents, for: "org_acme", key: .once)
        }
    }

    @Test func `who is told to stop while thousands wait answers them all first`() async throws {
        let store = FaultyStore()
        let billing = try await BillingSystem(catalog: KitFixture.catalog(), store: store)
        store.hold()
        let isOver = Flag()
        let running = Task {
            await billing.run()
            isOver.raise()
        }
        let callers = (0..<5_000).map { number in
            Task {
                let customer = CustomerID("org_\(number % 300)")
                _ = try await billing.record(of: KitFixture.documents, for: customer, key: .request("\(number)"))
                #expect(!isOver.isRaised, "it ends after them")
            }
        }
        // Eight groups of 256 at most wait for the store, and the others for them.
        while billing.waitingCommands < 2_900 { await Task.yield() }
        running.cancel()
        for _ in 0..<100 { await Task.yield() }
        #expect(!isOver.isRaised)
        store.letGo()
        var refused = 0
        for caller in callers {
            if case .failure(let error) = await caller.result {
                #expect((error as? BillingError)?.code == .shutDown)
                refused += 1
            }
        }
        await running.value
        #expect(refused <= 2_100, "those that waited are answered")
        var written = 0
        for number in 0..<300 {
            written += try await store.journal(JournalQuery(customer: CustomerID("org_\(number)"))).count
        }
        #expect(written == 5_000 - refused)
    }

    /// A clock that is set back while nobody's sleep gets longer by it.
    private struct SetBack: BillingClock {
        let sleeps = ManualClock(at: KitFixture.start)
        let wall = ManualClock(at: KitFixture.start)

        func now() -> Timestamp { wall.now() }

        func sleep(for duration: Duration) async throws { try await sleeps.sleep(for: duration) }
    }

    @Test func `a clock that is set back makes the end wait no longer for work`() async throws {
        let clock = SetBack()
        let billing = try await BillingSystem(catalog: KitFixture.catalog(), store: InMemoryStore(), clock: clock)
        let (mayEnd, end) = AsyncStream.makeStream(of: Void.self)
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let working = Task {
            _ = try await billing.metered(KitFixture.documents, for: "org_acme", key: .job("1")) {
                begin.finish()
                for await _ in mayEnd {}
            }
        }
        for await _ in begun {}
        let isOver = Flag()
        let running = Task {
            await billing.run()
            isOver.raise()
        }
        running.cancel()
        clock.wall.advance(by: .seconds(-3_600))
        // In steps, because it is not known when the wait begins.
        for _ in 0..<2_000 where !isOver.isRaised {
            clock.sleeps.advance(by: .seconds(1))
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(isOver.isRaised, "the limit is half a minute")
        end.finish()
        _ = await working.result
        await running.value
    }

    private final class Flag: Sendable {
        private let state = Mutex(false)

        func raise() { state.withLock { $0 = true } }

        var isRaised: Bool { state.withLock { $0 } }
    }
}
