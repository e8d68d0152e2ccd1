#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import Testing

/// A balance or an account that a hand has removed is missed by the next change, which is not counted into nothing.
@Suite struct LostBalanceTests {
    private static let documents = Meter.ID("documents")
    private static let images = Meter.ID("images")
    private static let pages = Meter.ID("pages")
    private static let credits = CreditPool.ID("credits")

    /// What is done to an account of which something is gone.
    enum Use: CaseIterable {
        case plain, rated, crossing, ofPool, reservation, capture, refund, record, hosts
    }

    private static func catalog() throws -> Catalog {
        let free = Tier(
            Tier.ID("free"),
            rank: 0,
            name: "Free",
            allowances: [documents: .limited(10, per: .month), images: .limited(10, per: .month)],
            rates: [images: [.init(8, per: .hour)]],
            credits: [credits: .init(50, per: .month)]
        )
        return try Catalog(
            version: 1,
            meters: [
                Meter(documents, name: "Documents"), Meter(images, name: "Images"),
                Meter(pages, name: "Pages", draw: .init(on: credits, cost: 2)),
            ],
            pools: [CreditPool(credits, name: "Credits")],
            tiers: [free],
            fallback: free.id,
            settings: .init(lowBalance: [.percent(50)])
        )
    }

    private func perform(
        _ use: Use,
        on billing: BillingSystem,
        of store: SQLiteStore,
        _ reservation: BillingSystem.Reservation
    ) async throws {
        switch use {
        case .plain: _ = try await billing.consume(of: Self.documents, for: "acme", key: .job("again"))
        case .rated: _ = try await billing.consume(of: Self.images, for: "acme", key: .job("again"))
        case .crossing: _ = try await billing.consume(6, of: Self.documents, for: "acme", key: .job("again"))
        case .ofPool: _ = try await billing.consume(of: Self.pages, for: "acme", key: .job("again"))
        case .reservation: _ = try await billing.reserve(2, of: Self.documents, for: "acme", key: .job("again"))
        case .capture: _ = try await billing.capture(reservation)
        case .refund: _ = try await billing.refund(.job("documents"), amount: 1, for: "acme", key: .job("again"))
        case .record: _ = try await billing.record(3, of: Self.documents, for: "acme", key: .job("again"))
        case .hosts:
            try await store.transaction(with: billing) { transaction in
                _ = try transaction.consume(of: Self.documents, for: "acme", key: .job("again"))
            }
        }
    }

    /// Returns what a use fails with of an account of which something has been removed.
    private func failure(of use: Use, after removal: String) async throws -> StoreError? {
        let folder = try TemporaryFolder()
        let path = folder.path("billing.sqlite")
        let store = try await SQLiteStore(path)
        let billing = try await BillingSystem(catalog: Self.catalog(), store: store)
        // An account with windows has no plain uses, so there are some where they are what is tried.
        let others = [Use.rated: [Self.images], .ofPool: [Self.pages]][use] ?? []
        for meter in [Self.documents] + others {
            _ = try await billing.consume(of: meter, for: "acme", key: .job(meter.rawValue))
        }
        let reserving = try await billing.reserve(2, of: Self.documents, for: "acme", key: .job("held"))
        guard case .reserved(let reservation) = reserving else {
            Issue.record("\(reserving)")
            return nil
        }
        let journal = try await store.journal(JournalQuery(customer: "acme"))
        try RawConnection(path: path).execute(removal)
        var failure: StoreError?
        do {
            try await perform(use, on: billing, of: store, reservation)
        } catch let error as StoreError {
            failure = error
        }
        #expect(try await store.journal(JournalQuery(customer: "acme")) == journal, "\(use)")
        await store.close()
        return failure
    }

    // A transaction of the host's loads the account before, and finds one without a balance.
    @Test(arguments: Use.allCases.filter { $0 != .hosts })
    func `a change of an account whose balances are gone is an error and leaves nothing`(use: Use) async throws {
        let error = try await failure(of: use, after: "DELETE FROM billing_balances WHERE customer = 'acme'")
        #expect(error?.code == .corrupt, "\(String(describing: error))")
    }

    @Test(arguments: Use.allCases)
    func `a change of an account that is gone is an error and leaves nothing`(use: Use) async throws {
        let error = try await failure(of: use, after: "DELETE FROM billing_accounts WHERE customer = 'acme'")
        #expect(error?.code == .corrupt, "\(String(describing: error))")
    }
}
#endif
