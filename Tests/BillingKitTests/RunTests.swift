import BillingInMemory
import BillingKit
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
}
