import BillingInMemory
import BillingTesting
import Testing

@Suite struct FixtureTests {
    @Test func `the life that stores are tried with has everything in it`() async throws {
        try await StoreLaw.everythingIsInALife.check { InMemoryStore() }
    }

    @Test func `no two laws have one name`() {
        for names in [StoreLaw.all.map(\.name), SystemLaw.all.map(\.name), LastingLaw.all.map(\.name)] {
            #expect(Set(names).count == names.count)
        }
    }
}
