#if Postgres
import BillingKit
import BillingPostgres
import BillingSQL
import Synchronization
import Testing

/// A server whose clock is far ahead of the database's has no part in a host's transaction either.
@Suite(.enabled(if: Server.connection != nil, "There is no PostgreSQL to try."))
struct HostClockTests {
    /// The machine's clock, which a test sets wrong.
    private final class LooseClock: BillingClock {
        private let lead = Mutex(Duration.zero)

        var tellsWorldTime: Bool { true }

        func set(lead: Duration) {
            self.lead.withLock { $0 = lead }
        }

        func now() -> Timestamp { SystemClock().now().advanced(by: lead.withLock { $0 }) }
        func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
    }

    @Test func `it is refused, and what the host has written stays`() async throws {
        try await Server.withSchema { schema in
            try await schema.withStore { store in
                let (clock, org) = (LooseClock(), HostTransactionTests.org)
                let documents = HostTransactionTests.documents
                let billing = try await BillingSystem(
                    catalog: HostTransactionTests.catalog(),
                    store: store,
                    clock: clock
                )
                let host = try schema.connect()
                try await host.execute("CREATE TABLE jobs (id TEXT COLLATE \"C\" PRIMARY KEY)")
                clock.set(lead: .seconds(40 * 86_400))
                try await host.execute("BEGIN")
                try await host.execute("INSERT INTO jobs VALUES ('1')")
                let transaction = try billing.transaction(on: host)
                await #expect {
                    try await transaction.consume(of: documents, for: org, key: .job("1"))
                } throws: { error in
                    (error as? StoreError)?.code == .clockAhead
                }
                clock.set(lead: .zero)
                _ = try await transaction.consume(of: documents, for: org, key: .job("1"))
                try await host.execute("COMMIT")
                #expect(try await billing.overview(of: org)[documents]?.used == 1)
                #expect(try await host.execute("SELECT id FROM jobs").count == 1)
            }
        }
    }
}
#endif
