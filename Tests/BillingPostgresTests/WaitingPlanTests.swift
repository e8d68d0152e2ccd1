#if Postgres
import BillingKit
import BillingPostgres
import BillingSQL
import Foundation
import StatementTesting
import Testing

/// What is looked for again and again is found by an index, however much has come before it.
@Suite(.enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try."))
struct WaitingPlanTests {
    private static let now = Timestamp(seconds: 1_000)
    private static let lease = LeaseRequest(now: now, until: Timestamp(seconds: 1_060), limit: 10)
    private static let deliveries = LeaseDeliveriesRequest(provider: "polar", lease: lease)

    /// Fills the logs: all is finished or waits for a later time, but for so many that are due.
    private func fill(_ raw: RawPostgres, due: Int) throws {
        let (dueAt, later) = (Self.now.microseconds, Self.now.microseconds + 1)
        try raw.run(
            """
            INSERT INTO billing_deliveries (provider, id, body, received_at, state, detail, attempts, due_at)
            SELECT 'polar', 'd' || n, '\\x00', n, CASE WHEN n <= \(due) + 200 THEN 'failed' WHEN n % 50 = 0 THEN 'dead'
            ELSE 'done' END, '', 1, CASE WHEN n <= 200 THEN \(later) WHEN n <= \(due) + 200 THEN \(dueAt) END
            FROM generate_series(1, 20000) AS n;
            INSERT INTO billing_notices (customer, revision, ordinal, kind, at, state, attempts, due_at)
            SELECT 'acme', n, 0, 'trial_ended', n, CASE WHEN n <= \(due) + 200 THEN 'waiting' ELSE 'delivered' END, 0,
            CASE WHEN n <= 200 THEN \(later) WHEN n <= \(due) + 200 THEN \(dueAt) END FROM generate_series(1, 20000) AS n;
            ANALYZE billing_deliveries; ANALYZE billing_notices
            """
        )
    }

    /// How the database goes about a step, with what it finds.
    private func plan(of step: SQLStep, _ raw: RawPostgres) throws -> String {
        let types = step.columns.map(\.postgresType).joined(separator: ", ")
        let values = step.columns.map { "'\($0.postgresLiteral.replacingOccurrences(of: "'", with: "''"))'" }
        try raw.run("PREPARE asked (\(types)) AS \(step.text(in: .postgres))")
        // As the store's connections have it: whatever is asked for, there is one plan.
        try raw.run("SET plan_cache_mode = force_generic_plan")
        let rows = try raw.run(
            """
            EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) EXECUTE asked (\(values.joined(separator: ", ")))
            """
        )
        try raw.run("DEALLOCATE asked")
        return rows.compactMap { $0[0] }.joined(separator: "\n")
    }

    @Test func `a look for what is due touches no row and writes nothing where nothing is`() async throws {
        try await PostgresServer.withSchema { schema in
            let raw = try schema.raw()
            try await schema.withStore { base in
                try fill(raw, due: 0)
                let store = RecordingStore(base.database)
                #expect(try await store.leaseDeliveries(Self.deliveries) == [])
                #expect(try await store.leaseNotices(Self.lease) == [])
                let notes = store.database.take()
                #expect(notes.writes == [])
                let plans = try notes.reads.map { try plan(of: $0, raw) }
                #expect(plans.count == 2)
                for (plan, index) in zip(plans, ["billing_deliveries_due", "billing_notices_due"]) {
                    #expect(plan.contains(index) && plan.contains("rows=0"), "\(plan)")
                    #expect(!plan.contains("Seq Scan") && !plan.contains("Removed by Filter"), "\(plan)")
                }
            }
        }
    }

    @Test func `what is due comes in its order out of an index, and nothing is sorted`() async throws {
        try await PostgresServer.withSchema { schema in
            let raw = try schema.raw()
            try await schema.withStore { base in
                try fill(raw, due: 10_000)
                let store = RecordingStore(base.database)
                #expect(try await store.leaseDeliveries(Self.deliveries).map(\.id.id) == (201...210).map { "d\($0)" })
                #expect(try await store.leaseNotices(Self.lease).map(\.notice.revision) == Array(201...210))
                let plans = try store.database.take().writes.map { try plan(of: $0, raw) }
                #expect(plans.count == 2)
                for (plan, index) in zip(plans, ["billing_deliveries_waiting", "billing_notices_waiting"]) {
                    #expect(plan.contains(index) && !plan.contains("Sort"), "\(plan)")
                }
            }
        }
    }

    @Test func `a page of the log is found by an index, whatever states are asked for`() async throws {
        try await PostgresServer.withSchema { schema in
            let raw = try schema.raw()
            try await schema.withStore { base in
                try fill(raw, due: 0)
                let store = RecordingStore(base.database)
                let all = try await store.deliveries(DeliveryQuery(limit: 10))
                for after in [nil, all.last] {
                    _ = store.database.take()
                    let dead = try await store.deliveries(
                        DeliveryQuery(states: [.dead, .ignored], after: after, limit: 10)
                    )
                    #expect(dead.count == 10)
                    let plans = try store.database.take().reads.map { try plan(of: $0, raw) }
                    #expect(plans.count == 2)
                    for plan in plans {
                        #expect(plan.contains("billing_deliveries_state") && !plan.contains("Sort"), "\(plan)")
                        #expect(!plan.contains("Removed by Filter"), "\(plan)")
                    }
                }
            }
        }
    }
}
#endif
