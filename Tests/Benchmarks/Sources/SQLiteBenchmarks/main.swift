import BillingKit
import BillingSQLite
import EngineWorkloads
import Measuring

await Report.make(
    "The store on SQLite: durable uses or events per second, against a program in C that writes the same rows",
    notes: [
        "Both with WAL, synchronous FULL, pages of 2,048 bytes, a checkpoint after 20,480, and 12 MiB of them in memory.",
        "The floor writes groups as large as there are callers; it decides nothing, looks nothing up, answers nobody.",
        "They take turns on files with the same rows, and at who begins; a ratio is the median of the rounds' own ratios.",
        "After each contest both files are audited by plain SQL: every use and every event once, in journal and balances.",
        "MiB is what the store and the system took to have every account at hand, of the process's own.",
        "BENCH_DIRECTORY names a directory on the disk that is meant, where the system's is in memory.",
    ]
) { report, arguments in
    let rounds = arguments.rounds ?? 5
    let workshop = try Workshop()
    defer { workshop.removeAll() }
    func contest(_ accounts: Int, _ callers: Int, _ keys: EngineLoad.KeyOrder, _ requests: Int) -> Contest {
        Contest(
            name:
                "\(accounts) account\(accounts == 1 ? "" : "s"), \(callers) caller\(callers == 1 ? "" : "s"), \(keys)",
            load: EngineLoad(callers: callers, accounts: accounts, keys: keys, requests: requests)
        )
    }
    var ungrouped = BillingSystem.Configuration()
    ungrouped.largestGroup = 1
    ungrouped.shardCount = 1
    var contests = [
        contest(1, 1, .ordered, 10_000), contest(1, 8, .ordered, 40_000), contest(1, 64, .ordered, 100_000),
        contest(1, 256, .ordered, 150_000), contest(1, 1_024, .ordered, 150_000), contest(1, 64, .random, 60_000),
        contest(1, 256, .random, 60_000), contest(100_000, 1, .random, 5_000), contest(100_000, 8, .random, 20_000),
        contest(100_000, 64, .ordered, 40_000), contest(100_000, 64, .random, 40_000),
        contest(100_000, 256, .random, 40_000), contest(100_000, 1_024, .random, 40_000),
    ]
    var alone = contest(100_000, 64, .random, 10_000)
    alone = Contest(name: alone.name + ", ungrouped", load: alone.load, configuration: ungrouped)
    contests.append(alone)
    try await report.show(contests, "\(rounds) rounds", rounds: rounds, in: workshop, arguments)

    let sizes = [100, 10_000, 100_000] + (arguments.isLarge ? [1_000_000] : [])
    var growth = sizes.map { contest($0, 64, .random, 40_000) }
    if let largest = growth.last, arguments.isLarge {
        // By default a quarter of a million accounts are in memory, and the others are loaded.
        var roomy = BillingSystem.Configuration()
        roomy.cachedBytes = 2_147_483_648
        growth.append(Contest(name: largest.name + ", all in memory", load: largest.load, configuration: roomy))
    }
    try await report.show(growth, "More and more accounts", rounds: rounds, in: workshop, arguments)

    let lengths = [1_000, 10_000, 100_000, 1_000_000] + (arguments.isLarge ? [10_000_000] : [])
    let histories = lengths.map { uses in
        let load = EngineLoad(callers: 64, accounts: 100, keys: .ordered, requests: 60_000)
        return Contest(name: "100 accounts, 64 callers, \(uses) uses before", load: load, uses: uses)
    }
    try await report.show(histories, "A longer and longer journal", rounds: rounds, in: workshop, arguments)

    let events = EngineLoad(callers: 8, accounts: 8, keys: .ordered, requests: 80, batch: 1_000)
    let batches = Contest(name: "batches of 1,000 events, 8 accounts, 8 callers", load: events)
    try await report.show(
        [batches],
        "Events in batches, each batch under one key",
        rounds: rounds,
        in: workshop,
        arguments
    )
}

extension Report {
    /// Runs contests and shows what came of them.
    fileprivate mutating func show(
        _ contests: [Contest],
        _ title: String,
        rounds: Int,
        in workshop: Workshop,
        _ arguments: Arguments
    ) async throws {
        let contests = contests.filter { arguments.wants($0.name) }
        guard !contests.isEmpty else { return }
        var table = Table(
            title,
            columns: ["", "store/s", "floor/s", "ratio", "p50 us", "p99 us", "floor p50", "floor p99", "MiB"]
        )
        for contest in contests {
            let result = try await contest.run(rounds: rounds, in: workshop)
            table.add([
                contest.name, result.store.map(\.rate).middle.wholeText, result.floor.map(\.rate).middle.wholeText,
                result.ratio.text, result.store.map(\.median).middle.text, result.store.map(\.p99).middle.text,
                result.floor.map(\.median).middle.text, result.floor.map(\.p99).middle.text, result.memory.wholeText,
            ])
            if contest.uses > 100_000 { workshop.remove(accounts: contest.load.accounts, uses: contest.uses) }
            print("  \(contest.name): \(result.store.map(\.rate).middle.wholeText)/s, ratio \(result.ratio.text)")
        }
        show(table)
    }
}
