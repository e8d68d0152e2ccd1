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
}
