import BillingInMemory
import BillingKit
import Testing

/// Customers stay on what they bought, and nobody is moved by accident.
@Suite struct CatalogVersionTests {
    private let store = FaultyStore()
    private let clock = ManualClock(at: KitFixture.start)

    private func system(_ catalog: Catalog) async throws -> BillingSystem {
        try await BillingSystem(
            catalog: catalog,
            store: store,
            provider: FakeProvider(events: ["purchase": FakeProvider.purchase(by: "org_acme")]),
            clock: clock
        )
    }

    @Test func `other content under a known version is refused`() async throws {
        _ = try await system(KitFixture.catalog())
        _ = try await system(KitFixture.catalog())
        do {
            _ = try await system(KitFixture.catalog(free: 11))
            Issue.record("a changed catalog was taken under its old version")
        } catch let error as BillingError {
            #expect(error.code == .catalogConflict)
        }
    }

    @Test func `who has bought stays on the version, who has not follows the current one`() async throws {
        let before = try await system(KitFixture.catalog(version: 1, free: 10, pro: 50))
        _ = try await before.receive("purchase", id: "d1")
        _ = try await before.consume(of: KitFixture.documents, for: "org_free", key: .request("1"))
        let after = try await system(KitFixture.catalog(version: 2, free: 5, pro: 20))
        let bought = try await after.overview(of: "org_acme")[KitFixture.documents]
        #expect(bought?.allowance == .limited(50, per: .month))
        let consumed = try await after.consume(30, of: KitFixture.documents, for: "org_acme", key: .request("1"))
        guard case .consumed = consumed else {
            Issue.record("\(consumed)")
            return
        }
        let free = try await after.overview(of: "org_free")[KitFixture.documents]
        #expect(free?.allowance == .limited(5, per: .month))
    }

    @Test func `a missing version is an error, never the fallback tier`() async throws {
        let catalog = try KitFixture.catalog(version: 1)
        _ = try await system(catalog).receive("purchase", id: "d1")
        let forgetful = ForgetfulStore(base: store)
        let billing = try await BillingSystem(
            catalog: KitFixture.catalog(version: 2),
            store: forgetful,
            provider: FakeProvider(),
            clock: clock
        )
        for _ in 0..<2 {
            do {
                _ = try await billing.consume(of: KitFixture.documents, for: "org_acme", key: .request("1"))
                Issue.record("a customer of unknown terms was served")
            } catch let error as BillingError {
                #expect(error.code == .catalogMissing)
            }
        }
        await #expect(throws: BillingError.self) { _ = try await billing.overview(of: "org_acme") }
    }

    @Test func `a version that cannot be read for a moment is read again`() async throws {
        _ = try await system(KitFixture.catalog(version: 1)).receive("purchase", id: "d1")
        let billing = try await system(KitFixture.catalog(version: 2))
        store.fail(.catalog, .before(.connectionLost), .before(.serialization))
        let answer = try await billing.consume(20, of: KitFixture.documents, for: "org_acme", key: .request("1"))
        guard case .consumed = answer else {
            Issue.record("\(answer)")
            return
        }
    }

    /// A store whose catalogs are lost.
    private struct ForgetfulStore: BillingStore {
        let base: FaultyStore

        func catalog(_ version: Catalog.Version) async throws(StoreError) -> Catalog? { nil }
        func keep(_ catalog: Catalog) async throws(StoreError) -> Catalog { catalog }

        func load(_ request: LoadRequest) async throws(StoreError) -> [LoadedAccount] { try await base.load(request) }
        func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome] {
            try await base.commit(request)
        }
        func accountsDue(_ request: DueRequest) async throws(StoreError) -> [DueAccount] {
            try await base.accountsDue(request)
        }
        func record(_ request: RecordDeliveryRequest) async throws(StoreError) -> DeliveryRecording {
            try await base.record(request)
        }
        func leaseDeliveries(_ request: LeaseDeliveriesRequest) async throws(StoreError) -> [DeliveryLease] {
            try await base.leaseDeliveries(request)
        }
        func settle(_ settlement: DeliverySettlement) async throws(StoreError) -> Bool {
            try await base.settle(settlement)
        }
        func catalogVersions() async throws(StoreError) -> [Catalog.Version] {
            try await base.catalogVersions()
        }

        func leaseDelivery(_ request: LeaseDeliveryRequest) async throws(StoreError) -> DeliveryLease? {
            try await base.leaseDelivery(request)
        }

        func deliveries(_ query: DeliveryQuery) async throws(StoreError) -> [Delivery] {
            try await base.deliveries(query)
        }
        func leaseNotices(_ request: LeaseRequest) async throws(StoreError) -> [NoticeLease] {
            try await base.leaseNotices(request)
        }
        func settle(_ settlements: [NoticeSettlement]) async throws(StoreError) { try await base.settle(settlements) }
        func lease(_ request: DutyRequest) async throws(StoreError) -> Bool {
            try await base.lease(request)
        }

        func journal(_ query: JournalQuery) async throws(StoreError) -> [Account.Change] {
            try await base.journal(query)
        }
        func owner(of reference: ProviderReference) async throws(StoreError) -> CustomerID? {
            try await base.owner(of: reference)
        }
    }
}
