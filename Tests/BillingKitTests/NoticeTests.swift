import BillingInMemory
import BillingKit
import Synchronization
import Testing

/// Notices reach their observers, at least once, whatever fails.
@Suite struct NoticeTests {
    private final class Ear: BillingObserver {
        struct Deaf: Error {}

        private let state = Mutex<(heard: [Account.Notice], failures: Int)>(([], 0))

        init(failures: Int = 0) {
            state.withLock { $0.failures = failures }
        }

        func hear(_ notice: Account.Notice) async throws {
            try state.withLock { state in
                if state.failures > 0 {
                    state.failures -= 1
                    throw Deaf()
                }
                state.heard.append(notice)
            }
        }

        var heard: [Account.Notice] { state.withLock { $0.heard } }
    }

    /// One who takes a second for each notice.
    private final class Slow: BillingObserver {
        private let clock: ManualClock
        private let state = Mutex<[Account.Notice]>([])

        init(_ clock: ManualClock) {
            self.clock = clock
        }

        func hear(_ notice: Account.Notice) async throws {
            state.withLock { $0.append(notice) }
            clock.advance(by: .seconds(1))
            await Task.yield()
        }

        var told: [Account.Notice] { state.withLock { $0 } }
    }

    private let store = InMemoryStore()
    private let clock = ManualClock(at: KitFixture.start)

    private func system(_ observers: [any BillingObserver]) async throws -> BillingSystem {
        try await BillingSystem(
            catalog: KitFixture.catalog(),
            store: store,
            observers: observers,
            clock: clock,
            entropy: SeededEntropy(seed: 7)
        )
    }

    /// Runs a system until something holds.
    private func run(_ billing: BillingSystem, until condition: () -> Bool) async throws {
        let running = Task { await billing.run() }
        for _ in 0..<5_000 where !condition() {
            clock.advance(by: .milliseconds(500))
            try await Task.sleep(for: .milliseconds(1))
        }
        running.cancel()
        await running.value
    }

    private func exhaust(_ billing: BillingSystem) async throws {
        _ = try await billing.consume(9, of: KitFixture.documents, for: "org_acme", key: .request("1"))
        _ = try await billing.consume(of: KitFixture.documents, for: "org_acme", key: .request("2"))
        _ = try await billing.consume(of: KitFixture.documents, for: "org_acme", key: .request("3"))
    }

    /// What is told of that: less than a fifth is left after 9 of 10, and nothing after the last.
    private let crossings: [Account.Notice.Kind] = [
        .lowBalance(.meter(KitFixture.documents), .percent(20), left: 1), .exhausted(.meter(KitFixture.documents)),
    ]

    @Test func `each crossing is told once, to everyone`() async throws {
        let ears = [Ear(), Ear()]
        let billing = try await system(ears)
        try await exhaust(billing)
        try await run(billing) { ears.allSatisfy { $0.heard.count >= 2 } }
        for ear in ears { #expect(ear.heard.map(\.kind) == crossings) }
    }

    @Test func `a notice outlives the server that made it`() async throws {
        try await exhaust(try await system([]))
        let ear = Ear()
        try await run(try await system([ear])) { ear.heard.count >= 2 }
        #expect(ear.heard.map(\.kind) == crossings)
    }

    @Test func `an observer that fails is told again`() async throws {
        let ear = Ear(failures: 3)
        let billing = try await system([ear])
        try await exhaust(billing)
        try await run(billing) { ear.heard.count >= 2 }
        #expect(Set(ear.heard.map(\.kind)) == Set(crossings))
    }

    @Test func `two servers whose observers take long tell each notice, and come to an end`() async throws {
        let quiet = try await system([])
        for number in 0..<100 {
            let customer = CustomerID("org_\(number)")
            _ = try await quiet.consume(10, of: KitFixture.documents, for: customer, key: .request("1"))
        }
        var written: Set<Account.Notice> = []
        for number in 0..<100 {
            let journal = try await store.journal(JournalQuery(customer: CustomerID("org_\(number)")))
            written.formUnion(journal.flatMap(\.notices))
        }
        let ears = [Slow(clock), Slow(clock)]
        var services: [Task<Void, Never>] = []
        for ear in ears {
            let billing = try await system([ear])
            services.append(Task { await billing.run() })
        }
        func told() -> [Account.Notice] { ears.flatMap(\.told) }
        // Nothing but the observers moves the clock, so that no lease ends for want of a processor.
        for _ in 0..<10_000 where Set(told()).count < written.count { try await Task.sleep(for: .milliseconds(1)) }
        for service in services { service.cancel() }
        for service in services { await service.value }
        #expect(Set(told()) == written)
        #expect(told().count < written.count * 3 / 2, "hardly one is told twice")
        let end = Timestamp(microseconds: .max)
        let left = try await store.leaseNotices(LeaseRequest(now: end, until: end, limit: 1_000))
        #expect(left.count < 10, "hardly one is to be told again")
    }
}
