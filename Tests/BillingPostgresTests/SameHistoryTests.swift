#if Postgres
import BillingInMemory
import BillingKit
import BillingPostgres
import Foundation
import HistoryTesting
import Testing

/// One history on two stores, which must not be told apart by what was answered.
@Suite(.enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try."))
struct SameHistoryTests {
    private static let stepsPerLife = 300
    private static let seeds: [UInt64] = {
        let first = ProcessInfo.processInfo.environment["BILLINGKIT_SEED"].flatMap { UInt64($0) }
        let seed = first ?? .random(in: 0 ... .max)
        print("one history in memory and on PostgreSQL: BILLINGKIT_SEED=\(seed)")
        return (0..<6).map { seed &+ $0 }
    }()

    @Test(arguments: seeds, PostgresSettings.Isolation.allCases)
    func `the same history gives the same answers and the same journal`(
        seed: UInt64,
        _ isolation: PostgresSettings.Isolation
    ) async throws {
        let memory = try await History.live(seed, steps: Self.stepsPerLife, on: InMemoryStore())
        let postgres = try await PostgresServer.withSchema { schema in
            try await schema.withStore(schema.settings(isolation)) { store in
                let record = try await History.live(seed, steps: Self.stepsPerLife, on: store)
                #expect(try await store.checkIntegrity() == [], "BILLINGKIT_SEED=\(seed)")
                return record
            }
        }
        #expect(memory.journal.count > 50, "BILLINGKIT_SEED=\(seed): nothing much happened")
        for (step, (one, other)) in zip(memory.told, postgres.told).enumerated() where one != other {
            Issue.record("BILLINGKIT_SEED=\(seed), step \(step + 1): '\(one)' in memory, '\(other)' on PostgreSQL")
            break
        }
        #expect(memory == postgres, "BILLINGKIT_SEED=\(seed)")
    }
}
#endif
