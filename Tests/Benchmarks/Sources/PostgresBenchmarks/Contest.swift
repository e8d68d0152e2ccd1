#if Postgres
import BillingKit
import BillingPostgres
import CPostgresFloor
import EngineWorkloads
import Foundation
import Measuring

/// The store against the least that a program in C has to do for the same rows, round by round, on one number of accounts.
struct Contest {
    /// The accounts.
    let accounts: Int
    /// The callers and requests of each load, one after the other on the same tables.
    let loads: [EngineLoad]

    /// What one side did in one round.
    struct Round {
        let timing: EngineTiming
        /// The microseconds of processor time for each use.
        let own: Double
        let server: Double
    }

    /// What came of a load.
    struct Result {
        let load: EngineLoad
        var floor: [Round] = []
        var store: [Round] = []

        var ratio: Double { zip(store, floor).map { $0.timing.rate / $1.timing.rate }.middle }

        var name: String {
            let (accounts, callers) = (load.accounts, load.callers)
            return "\(accounts) account\(accounts == 1 ? "" : "s"), \(callers) caller\(callers == 1 ? "" : "s")"
        }
    }

    /// Runs both in turn, each on a database of its own, and audits what both have written by plain SQL.
    func run(rounds: Int, in workshop: Workshop) async throws -> [Result] {
        try await workshop.openAccounts(accounts, in: "store")
        try workshop.copy("store", to: "floor")
        let clock = ProcessorTime(
            ofServerOf: try workshop.number("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
        )
        guard let floor = billing_pg_floor_open(workshop.target("floor"), 2, Int32(accounts)) else {
            throw Failure("The floor cannot connect.")
        }
        let store = try await PostgresStore(workshop.target("store"))
        let billing = try await BillingSystem(catalog: EngineFixture.catalog(), store: store)
        // So that every account is in memory, as it is in a server that has run for a while.
        try await EngineLoad(callers: 1, accounts: accounts, keys: .random, requests: 1).open(on: billing, key: "again")
        var results: [Result] = []
        var (uses, seed) = (0, UInt64(0))
        for load in loads {
            var result = Result(load: load)
            for round in 0...rounds {
                seed += 1
                // Whoever begins leaves the disk to the other as it is then, so they take turns at that.
                let early = round.isMultiple(of: 2) ? try Self.measure(load, on: floor, seed: seed, clock) : nil
                let (own, server) = (ProcessorTime.own, clock.server)
                let timing = try await load.run(on: billing, seed: seed)
                let ofStore = Round(
                    timing: timing,
                    own: (ProcessorTime.own - own) / Double(load.requests) * 1e6,
                    server: (clock.server - server) / Double(load.requests) * 1e6
                )
                let ofFloor = try early ?? Self.measure(load, on: floor, seed: seed, clock)
                uses += load.requests
                // The first round fills caches.
                guard round > 0 else { continue }
                result.floor.append(ofFloor)
                result.store.append(ofStore)
            }
            results.append(result)
        }
        billing_pg_floor_close(floor)
        await store.close()
        try workshop.audit("store", uses: uses + 2 * accounts)
        try workshop.audit("floor", uses: uses + accounts)
        try workshop.remove("store")
        try workshop.remove("floor")
        return results
    }

    private static func measure(
        _ load: EngineLoad,
        on floor: OpaquePointer,
        seed: UInt64,
        _ clock: ProcessorTime
    ) throws -> Round {
        var latencies = [UInt32](repeating: 0, count: load.requests)
        var groups: Int64 = 0
        let (own, server) = (ProcessorTime.own, clock.server)
        let seconds = billing_pg_floor_run(
            floor,
            Int64(load.requests),
            Int32(load.callers),
            seed,
            &latencies,
            &groups
        )
        guard seconds > 0 else { throw Failure(String(cString: billing_pg_floor_error(floor))) }
        return Round(
            timing: EngineTiming(
                units: load.requests,
                elapsed: .seconds(seconds),
                latencies: Array(latencies.prefix(Int(groups)))
            ),
            own: (ProcessorTime.own - own) / Double(load.requests) * 1e6,
            server: (clock.server - server) / Double(load.requests) * 1e6
        )
    }
}
#endif
