import BillingInMemory
import BillingKit
import EngineWorkloads
import Measuring

await Report.make(
    "The engine: requests per second, each awaited by its caller, on the store in memory",
    notes: [
        "Timed: everything between the caller's call and its answer, on all processors together.",
        "Not timed: making the keys. Each request has a key of its own. Every account is open before.",
        "A round is 300,000 requests; the journal grows from round to round, as it would.",
    ]
) { report, arguments in
    let rounds = arguments.rounds ?? 5
    try await report.measureUses(rounds: rounds, of: arguments)
    if arguments.wants("check") { try await report.measureChecks(rounds: rounds) }
}

extension Report {
    /// Measures uses of one account and of many, and batches under one key.
    fileprivate mutating func measureUses(rounds: Int, of arguments: Arguments) async throws {
        let loads: [(String, EngineLoad)] = [
            ("one account, 1 caller", EngineLoad(callers: 1, accounts: 1, keys: .random, requests: 50_000)),
            ("one account, 64 callers", EngineLoad(callers: 64, accounts: 1, keys: .random, requests: 300_000)),
            ("one account, 1,024 callers", EngineLoad(callers: 1_024, accounts: 1, keys: .random, requests: 300_000)),
            (
                "100,000 accounts, 64 callers",
                EngineLoad(callers: 64, accounts: 100_000, keys: .random, requests: 300_000)
            ),
            (
                "100,000 accounts, 1,024 callers",
                EngineLoad(callers: 1_024, accounts: 100_000, keys: .random, requests: 300_000)
            ),
            (
                "batches of 1,000 events, 8 callers",
                EngineLoad(callers: 8, accounts: 8, keys: .random, requests: 800, batch: 1_000)
            ),
        ]
        var table = Table("\(rounds) rounds", columns: ["", "units/s", "best", "p50 us", "p99 us"])
        for (name, load) in loads where arguments.wants(name) {
            let billing = try await BillingSystem(catalog: EngineFixture.catalog(), store: InMemoryStore())
            try await load.open(on: billing)
            var timings: [EngineTiming] = []
            for round in 1...rounds { timings.append(try await load.run(on: billing, seed: UInt64(round))) }
            table.add([
                name, timings.map(\.rate).middle.wholeText, (timings.map(\.rate).max() ?? .nan).wholeText,
                timings.map(\.median).middle.text, timings.map(\.p99).middle.text,
            ])
        }
        show(table)
    }

    /// Measures checks that are answered from memory.
    fileprivate mutating func measureChecks(rounds: Int) async throws {
        let billing = try await BillingSystem(catalog: EngineFixture.catalog(), store: InMemoryStore())
        let customer = EngineLoad.customer(0)
        try await EngineLoad(callers: 1, accounts: 1, keys: .random, requests: 1).open(on: billing)
        let (clock, checks) = (ContinuousClock(), 100_000)
        var times: [Double] = []
        for _ in 0...rounds {
            let start = clock.now
            for _ in 0..<checks {
                let check = try await billing.check(of: EngineFixture.meter, for: customer, noOlderThan: .seconds(60))
                guard case .allowed = check.check, check.age < .seconds(60) else {
                    throw Failure("A check was refused.")
                }
            }
            let (seconds, attoseconds) = start.duration(to: clock.now).components
            times.append((Double(seconds) * 1e9 + Double(attoseconds) / 1e9) / Double(checks))
        }
        var table = Table("A check from memory, 1 caller", columns: ["", "ns", "best"])
        table.add(["check", times.dropFirst().sorted()[rounds / 2].text, (times.min() ?? .nan).text])
        show(table)
    }
}
