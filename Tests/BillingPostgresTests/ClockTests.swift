#if Postgres
import BillingKit
import BillingPostgres
import BillingSQL
import Testing

/// The database's clock is the one that servers' clocks are held against.
@Suite(.enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try."))
struct ClockTests {
    /// The machine's clock, set wrong by so much.
    struct WrongClock: BillingClock {
        let lead: Duration

        var tellsWorldTime: Bool { true }
        func now() -> Timestamp { SystemClock().now().advanced(by: lead) }
        func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
    }

    private static let documents = Meter.ID("documents")

    private func system(on store: PostgresStore, lead: Duration) async throws -> BillingSystem {
        let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [Self.documents: .limited(10, per: .month)])
        let catalog = try Catalog(
            version: 1,
            meters: [Meter(Self.documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
        return try await BillingSystem(
            catalog: catalog,
            store: store,
            clock: WrongClock(lead: lead)
        )
    }

    @Test func `the database says what time it is`() async throws {
        try await PostgresServer.withSchema { schema in
            let store = try await PostgresStore(schema.connection, schema.settings())
            let before = SystemClock().now()
            let time = try #require(try await store.time())
            let after = SystemClock().now()
            // One machine, one clock; the database leaves out what is less than a microsecond.
            #expect(before.advanced(by: .microseconds(-1)) <= time && time <= after)
            await store.close()
        }
    }

    @Test func `a server that is a month ahead does not start, one that is a minute ahead does`() async throws {
        try await PostgresServer.withSchema { schema in
            let store = try await PostgresStore(schema.connection, schema.settings())
            await #expect {
                try await system(on: store, lead: .seconds(30 * 86_400))
            } throws: { error in
                (error as? StoreError)?.code == .clockAhead
            }
            let billing = try await system(on: store, lead: .seconds(60))
            _ = try await billing.consume(of: Self.documents, for: "org_acme", key: .request("1"))
            #expect(try await billing.overview(of: "org_acme")[Self.documents]?.used == 1)
            await store.close()
        }
    }
}
#endif
