#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import Testing

/// A balance that a hand has removed is missed by the next use, which is not counted into nothing.
@Suite struct LostBalanceTests {
    @Test func `a use of an account whose balance is gone is an error and leaves nothing`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("billing.sqlite")
        let documents = Meter.ID("documents")
        let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [documents: .limited(10, per: .month)])
        let catalog = try Catalog(
            version: 1,
            meters: [Meter(documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
        let store = try await SQLiteStore(path)
        let billing = try await BillingSystem(catalog: catalog, store: store)
        _ = try await billing.consume(of: documents, for: "acme", key: .job("1"))
        _ = try await billing.consume(of: documents, for: "acme", key: .job("2"))

        let raw = try RawConnection(path: path)
        try raw.execute("DELETE FROM billing_balances WHERE customer = 'acme'")

        await #expect(throws: StoreError.self) { try await billing.consume(of: documents, for: "acme", key: .job("3")) }
        #expect(try await store.journal(JournalQuery(customer: "acme")).count == 2)
        await store.close()
    }
}
#endif
