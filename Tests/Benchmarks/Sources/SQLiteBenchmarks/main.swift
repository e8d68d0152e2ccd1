import BillingKit
import EngineWorkloads
import Measuring

await Report.make(
    "The store on SQLite: durable uses per second, against a program in C that writes the same rows",
    notes: [
        "Both with WAL, synchronous FULL, a checkpoint after 10,000 pages and 64 MiB of pages in memory.",
        "The floor writes groups as large as there are callers; it decides nothing, looks nothing up, answers nobody.",
        "They take turns on copies of one file; a ratio is the median of the rounds' own ratios.",
        "After each contest the store's file is audited by plain SQL: every use once, in journal and balances.",
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
        contest(1, 1, .ordered, 10_000), contest(1, 64, .ordered, 100_000), contest(1, 256, .ordered, 150_000),
        contest(1, 1_024, .ordered, 150_000), contest(1, 64, .random, 60_000), contest(1, 256, .random, 60_000),
        contest(100_000, 1, .random, 5_000), contest(100_000, 8, .random, 20_000),
        contest(100_000, 64, .random, 40_000), contest(100_000, 256, .random, 40_000),
        contest(100_000, 1_024, .random, 40_000),
    ]
    var alone = contest(100_000, 64, .random, 10_000)
    alone = Contest(name: alone.name + ", ungrouped", load: alone.load, configuration: ungrouped)
    contests.append(alone)
    contests += [contest(100, 64, .random, 40_000), contest(10_000, 64, .random, 40_000)]
    if arguments.isLarge { contests.append(contest(1_000_000, 64, .random, 40_000)) }
    var table = Table("\(rounds) rounds", columns: ["", "store/s", "floor/s", "ratio", "p50 us", "p99 us"])
    for contest in contests {
        let result = try await contest.run(rounds: rounds, in: workshop)
        table.add([
            contest.name, result.store.map(\.rate).middle.wholeText, result.floor.middle.wholeText, result.ratio.text,
            result.store.map(\.median).middle.text, result.store.map(\.p99).middle.text,
        ])
        print("  \(contest.name): \(result.store.map(\.rate).middle.wholeText)/s, ratio \(result.ratio.text)")
    }
    report.show(table)
}
