import BillingKit
import BillingSQLite
import CSQLiteFloor
import EngineWorkloads
import Foundation
import Measuring

/// The store against the least that a program in C has to do for the same rows, round by round.
struct Contest {
    let name: String
    let load: EngineLoad
    /// The uses that are in the journal before.
    var uses = 0
    /// How the system is configured.
    var configuration = BillingSystem.Configuration()

    /// What came of it, round by round.
    struct Result {
        var floor: [EngineTiming] = []
        var store: [EngineTiming] = []
        /// What the store and the system took of the machine's memory to have all accounts at hand, in mebibytes.
        var memory = Double.nan

        var ratio: Double { zip(store, floor).map { $0.rate / $1.rate }.middle }
    }

    /// Runs both in turn, each on a copy of one file, and audits what the store has written by plain SQL.
    func run(rounds: Int, in workshop: Workshop) async throws -> Result {
        let path = try await workshop.file("store", accounts: load.accounts, uses: uses)
        let floorPath = try await workshop.file("floor", accounts: load.accounts, uses: uses)
        try await useEachAgain(floorPath)
        guard let floor = billing_floor_open(floorPath, 20_480, 12_288) else {
            throw Failure("The floor cannot open its file.")
        }
        defer { billing_floor_close(floor) }
        let memory = ResidentMemory.mebibytes
        let store = try await SQLiteStore(path)
        let billing = try await BillingSystem(
            catalog: EngineFixture.catalog(),
            store: store,
            configuration: configuration
        )
        // So that every account is in memory, as it is in a server that has run for a while.
        try await load.open(on: billing, key: "again")
        var result = Result()
        result.memory = ResidentMemory.mebibytes - memory
        var latencies = [UInt32](repeating: 0, count: load.requests)
        for round in 0...rounds {
            // The first round fills caches.
            let counts = round > 0
            // Whoever begins leaves the disk to the other as it is then, so they take turns at that.
            let floorBegins = round.isMultiple(of: 2)
            if floorBegins {
                let timing = try measure(floor, round, &latencies)
                if counts { result.floor.append(timing) }
            }
            let timing = try await load.run(on: billing, seed: UInt64(round + 1))
            if counts { result.store.append(timing) }
            if !floorBegins {
                let timing = try measure(floor, round, &latencies)
                if counts { result.floor.append(timing) }
            }
        }
        await store.close()
        for file in [path, floorPath] { try audit(file, rounds: rounds + 1) }
        return result
    }

    /// Writes into the floor's file what the store writes into its own to have every account in memory.
    private func useEachAgain(_ path: String) async throws {
        let store = try await SQLiteStore(path)
        try await load.open(on: BillingSystem(catalog: EngineFixture.catalog(), store: store), key: "again")
        await store.close()
    }

    /// Has the floor write a round.
    private func measure(_ floor: OpaquePointer, _ round: Int, _ latencies: inout [UInt32]) throws -> EngineTiming {
        let seconds = billing_floor_run(
            floor,
            Int64(load.requests),
            Int32(load.callers),
            Int32(load.accounts),
            load.keys == .ordered ? 1 : 0,
            Int32(load.batch),
            UInt64(round + 1),
            &latencies
        )
        guard seconds > 0 else { throw Failure(String(cString: billing_floor_error(floor))) }
        return EngineTiming(
            units: load.requests * load.batch,
            elapsed: .seconds(seconds),
            latencies: Array(latencies.prefix(load.requests / load.callers))
        )
    }

    /// Makes sure that every use, and every event of a batch, was written once: by the journal, by the balances, and by the
    /// events' own names.
    private func audit(_ path: String, rounds: Int) throws {
        let before = uses + 2 * load.accounts
        let requests = load.requests * rounds
        let events = load.batch > 1 ? requests * load.batch : 0
        let expected = [
            ("SELECT count(*) FROM (SELECT DISTINCT customer, revision FROM billing_journal)", before + requests),
            (
                "SELECT count(*) FROM (SELECT DISTINCT customer, key FROM billing_journal WHERE key IS NOT NULL)",
                before + requests
            ),
            ("SELECT sum(revision) FROM billing_accounts", before + requests),
            ("SELECT sum(amount) FROM billing_journal WHERE effect = 'drawn'", before + requests * load.batch),
            ("SELECT sum(used) FROM billing_balances", before + requests * load.batch),
            ("SELECT count(*) FROM billing_events", events),
            ("SELECT count(*) FROM (SELECT DISTINCT customer, event_id FROM billing_events)", events),
        ]
        for (question, number) in expected {
            let answer = try Self.number(question, in: path)
            guard answer == number else {
                throw Failure("'\(question)' is \(answer) in '\(path)', and \(number) were answered.")
            }
        }
    }

    private static func number(_ question: String, in path: String) throws -> Int64 {
        var answer: Int64 = 0
        guard billing_floor_ask(path, question, &answer) == 0 else { throw Failure("'\(question)' failed.") }
        return answer
    }
}
