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
            let seconds = billing_floor_run(
                floor,
                Int64(load.requests),
                Int32(load.callers),
                Int32(load.accounts),
                load.keys == .ordered ? 1 : 0,
                UInt64(round + 1),
                &latencies
            )
            guard seconds > 0 else { throw Failure(String(cString: billing_floor_error(floor))) }
            let timing = try await load.run(on: billing, seed: UInt64(round + 1))
            // The first round fills caches.
            guard round > 0 else { continue }
            let groups = load.requests / load.callers
            result.floor.append(
                EngineTiming(
                    units: load.requests,
                    elapsed: .seconds(seconds),
                    latencies: Array(latencies.prefix(groups))
                )
            )
            result.store.append(timing)
        }
        await store.close()
        try audit(path, uses: uses + load.requests * (rounds + 1) + 2 * load.accounts)
        return result
    }

    /// Makes sure that every use was written once, by the journal and by the balances.
    private func audit(_ path: String, uses: Int) throws {
        let questions = [
            "SELECT count(*) FROM billing_journal WHERE effect = 'drawn'",
            "SELECT count(*) FROM (SELECT DISTINCT customer, key FROM billing_journal WHERE key IS NOT NULL)",
            "SELECT sum(used) FROM billing_balances",
            "SELECT sum(revision) FROM billing_accounts",
        ]
        let answers = try questions.map { try Self.number($0, in: path) }
        guard answers == answers.map({ _ in Int64(uses) }) else {
            throw Failure("\(uses) uses were answered, but the tables say \(answers).")
        }
    }

    private static func number(_ question: String, in path: String) throws -> Int64 {
        var answer: Int64 = 0
        guard billing_floor_ask(path, question, &answer) == 0 else { throw Failure("'\(question)' failed.") }
        return answer
    }
}
