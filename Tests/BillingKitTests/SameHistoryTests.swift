#if SQLite
import BillingInMemory
import BillingKit
import BillingSQLite
import Foundation
import HistoryTesting
import Testing

/// One history on two stores, which must not be told apart by what was answered.
@Suite struct SameHistoryTests {
    private static let stepsPerLife = 400
    /// 10,000 commands.
    private static let seeds: [UInt64] = {
        let first = ProcessInfo.processInfo.environment["BILLINGKIT_SEED"].flatMap { UInt64($0) }
        let seed = first ?? .random(in: 0 ... .max)
        print("one history on two stores: BILLINGKIT_SEED=\(seed)")
        return (0..<25).map { seed &+ $0 }
    }()

    @Test(arguments: seeds)
    func `the same history gives the same answers and the same journal on every store`(seed: UInt64) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "same-history-\(UUID().uuidString).sqlite")
            .path
        defer {
            for suffix in ["", "-wal", "-shm", ".lock"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        }
        let file = try await SQLiteStore(path)
        let memory = try await History.live(seed, steps: Self.stepsPerLife, on: InMemoryStore())
        let sqlite = try await History.live(seed, steps: Self.stepsPerLife, on: file)
        await file.close()
        #expect(memory.journal.count > 50, "BILLINGKIT_SEED=\(seed): nothing much happened")
        for (step, (one, other)) in zip(memory.told, sqlite.told).enumerated() where one != other {
            Issue.record("BILLINGKIT_SEED=\(seed), step \(step + 1): '\(one)' in memory, '\(other)' on SQLite")
            break
        }
        #expect(memory == sqlite, "BILLINGKIT_SEED=\(seed)")
    }
}
#endif
