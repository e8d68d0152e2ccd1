import BillingInMemory
import BillingKit
import Testing

/// What is answered from memory says how old it is, and never less.
@Suite struct CachedAgeTests {
    @Test func `what a commit confirms is as old as the question, however long the store took`() async throws {
        let documents = Meter.ID("documents")
        let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [documents: .limited(10, per: .month)])
        let catalog = try Catalog(
            version: 1,
            meters: [Meter(documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
        let (store, clock) = (FaultyStore(), ManualClock(at: Timestamp(seconds: 1_796_115_600)))
        let billing = try await BillingSystem(catalog: catalog, store: store, clock: clock)
        store.hold()
        async let use = billing.consume(3, of: documents, for: "org_acme", key: .request("1"))
        while store.heldCount == 0 { await Task.yield() }
        clock.advance(by: .seconds(5))
        store.letGo()
        _ = try await use
        let known = try await billing.check(of: documents, for: "org_acme", noOlderThan: .seconds(60))
        #expect(known.age == .seconds(5))
        #expect(known.check == .allowed(leaving: .units(6)))
    }
}
