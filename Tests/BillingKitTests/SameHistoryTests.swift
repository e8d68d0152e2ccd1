#if SQLite
import BillingInMemory
import BillingKit
import BillingSQLite
import Foundation
import Testing

/// One history on two stores, which must not be told apart by what was answered.
@Suite struct SameHistoryTests {
    /// What can be seen of a life from outside: what customers were told, step by step, and the journal.
    private struct Record: Equatable {
        var told: [String] = []
        var overviews: [Account.Overview] = []
        var journal: [Account.Change] = []
    }

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
        let (memory, sqlite) = (try await live(seed, on: InMemoryStore()), try await live(seed, on: file))
        await file.close()
        #expect(memory.journal.count > 50, "BILLINGKIT_SEED=\(seed): nothing much happened")
        for (step, (one, other)) in zip(memory.told, sqlite.told).enumerated() where one != other {
            Issue.record("BILLINGKIT_SEED=\(seed), step \(step + 1): '\(one)' in memory, '\(other)' on SQLite")
            break
        }
        #expect(memory == sqlite, "BILLINGKIT_SEED=\(seed)")
    }

    private func live(_ seed: UInt64, on store: any BillingStore) async throws -> Record {
        let clock = ManualClock(at: KitFixture.start)
        // Two servers, so that what one remembers is changed by the other.
        var servers: [BillingSystem] = []
        for server in 0..<2 {
            servers.append(
                try await BillingSystem(
                    catalog: SeededLife.catalog(),
                    store: store,
                    clock: clock,
                    entropy: SeededEntropy(seed: seed &+ UInt64(server))
                )
            )
        }
        var life = SeededLife(seed: seed)
        var record = Record()
        for step in 1...Self.stepsPerLife {
            clock.advance(by: life.pause())
            do {
                record.told.append(try await life.act(on: servers))
            } catch let error as Account.DecisionError {
                record.told.append(error.description)
            }
            if step.isMultiple(of: 10) {
                record.overviews.append(try await servers[0].overview(of: SeededLife.customer))
            }
        }
        var query = JournalQuery(customer: SeededLife.customer)
        while case let page = try await store.journal(query), let last = page.last {
            record.journal += page
            query = JournalQuery(customer: SeededLife.customer, after: last.revision)
        }
        return record
    }
}
#endif
