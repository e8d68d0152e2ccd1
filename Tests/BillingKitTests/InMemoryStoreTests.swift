import BillingInMemory
import BillingTesting
import Testing

@Suite struct InMemoryStoreTests {
    @Test(arguments: StoreLaw.all)
    func law(_ law: StoreLaw) async throws {
        try await law.check { InMemoryStore() }
    }

    @Test(arguments: SystemLaw.all)
    func systemLaw(_ law: SystemLaw) async throws {
        try await law.check { InMemoryStore() }
    }
}
