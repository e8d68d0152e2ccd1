#if Postgres
import BillingKit
import BillingPostgres
import BillingSQL
import Testing

/// A balance or an account that a hand has removed is missed by the next change, which is not counted into nothing.
@Suite(.enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try."))
struct LostBalanceTests {
    private static let documents = Meter.ID("documents")
    private static let images = Meter.ID("images")

    /// What is done to an account of which something is gone.
    enum Use: CaseIterable {
        case plain, rated, crossing, capture
    }

    private static func catalog() throws -> Catalog {
        let free = Tier(
            Tier.ID("free"),
            rank: 0,
            name: "Free",
            allowances: [documents: .limited(10, per: .month), images: .limited(10, per: .month)],
            rates: [images: [.init(8, per: .hour)]]
        )
        return try Catalog(
            version: 1,
            meters: [Meter(documents, name: "Documents"), Meter(images, name: "Images")],
            tiers: [free],
            fallback: free.id,
            settings: .init(lowBalance: [.percent(50)])
        )
    }

    /// Returns what a use fails with of an account of which something has been removed.
    private func failure(of use: Use, after removal: String) async throws -> StoreError? {
        try await PostgresServer.withSchema { schema in
            try await schema.withStore { store in
                let billing = try await BillingSystem(catalog: Self.catalog(), store: store)
                _ = try await billing.consume(of: Self.documents, for: "acme", key: .job("1"))
                // An account with windows has no plain uses, so there are some where they are what is tried.
                if use == .rated { _ = try await billing.consume(of: Self.images, for: "acme", key: .job("2")) }
                let reserving = try await billing.reserve(2, of: Self.documents, for: "acme", key: .job("3"))
                guard case .reserved(let reservation) = reserving else {
                    Issue.record("\(reserving)")
                    return nil
                }
                // Of another one nothing is lost, and what waits together is not lost with it.
                _ = try await billing.consume(of: Self.documents, for: "bolt", key: .job("1"))
                let journal = try await store.journal(JournalQuery(customer: "acme"))
                try schema.raw().run(removal)
                async let other = billing.consume(of: Self.documents, for: "bolt", key: .job("2"))
                var failure: StoreError?
                do {
                    switch use {
                    case .plain: _ = try await billing.consume(of: Self.documents, for: "acme", key: .job("again"))
                    case .rated: _ = try await billing.consume(of: Self.images, for: "acme", key: .job("again"))
                    case .crossing:
                        _ = try await billing.consume(6, of: Self.documents, for: "acme", key: .job("again"))
                    case .capture: _ = try await billing.capture(reservation)
                    }
                } catch let error as StoreError { failure = error }
                _ = try await other
                #expect(try await store.journal(JournalQuery(customer: "acme")) == journal, "\(use)")
                return failure
            }
        }
    }

    @Test(arguments: Use.allCases)
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
