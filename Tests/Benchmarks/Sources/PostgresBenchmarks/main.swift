#if Postgres
import BillingKit
import BillingPostgres
import EngineWorkloads
import Measuring

await Member.serve(CommandLine.arguments)

await Report.make(
    "The store on PostgreSQL: durable uses per second, against a program in C that sends the same rows",
    notes: [
        "fsync on, the server on this machine, two connections each; the rows of a group go in one round trip.",
        "The floor sends groups as large as the callers are for each connection; it decides nothing and answers nobody.",
        "They take turns on copies of one database; a ratio is the median of the rounds' own ratios.",
        "After each contest both databases are audited by plain SQL: every use once, in journal and balances.",
        "CPU is microseconds of processor time for each use: of this program, and of all the server's processes.",
        "BENCH_DIRECTORY names a directory on the disk that is meant, where the system's is in memory.",
    ]
) { report, arguments in
    guard let workshop = try Workshop() else {
        print("\nPostgreSQL is not installed here, so nothing was measured.")
        return
    }
    let rounds = arguments.rounds ?? 5
    func load(_ accounts: Int, _ callers: Int, _ requests: Int) -> EngineLoad {
        EngineLoad(callers: callers, accounts: accounts, keys: .random, requests: requests)
    }
    let contests = [
        Contest(
            accounts: 100_000,
            loads: [load(100_000, 256, 40_000), load(100_000, 64, 20_000), load(100_000, 1, 1_000)]
        ),
        Contest(accounts: 1, loads: [load(1, 256, 60_000), load(1, 64, 20_000), load(1, 1, 1_000)]),
    ]
    try await report.show(contests, rounds: rounds, in: workshop, arguments)
    if arguments.wants("processes") { try await report.measureProcesses(rounds: rounds, in: workshop) }
}

extension Report {
    /// Runs contests and shows what came of them.
    fileprivate mutating func show(
        _ contests: [Contest],
        rounds: Int,
        in workshop: Workshop,
        _ arguments: Arguments
    ) async throws {
        var table = Table(
            "\(rounds) rounds",
            columns: [
                "", "store/s", "floor/s", "ratio", "p50 us", "p99 us", "floor p50", "floor p99", "CPU", "server",
                "floor CPU", "server",
            ]
        )
        for contest in contests where arguments.wants("\(contest.accounts) account") {
            for result in try await contest.run(rounds: rounds, in: workshop) {
                func middle(_ rounds: [Contest.Round], _ value: (Contest.Round) -> Double) -> Double {
                    rounds.map(value).middle
                }
                let (store, floor) = (result.store, result.floor)
                table.add([
                    result.name, middle(store, \.timing.rate).wholeText, middle(floor, \.timing.rate).wholeText,
                    result.ratio.text, middle(store, \.timing.median).wholeText, middle(store, \.timing.p99).wholeText,
                    middle(floor, \.timing.median).wholeText, middle(floor, \.timing.p99).wholeText,
                    middle(store, \.own).text, middle(store, \.server).text, middle(floor, \.own).text,
                    middle(floor, \.server).text,
                ])
                print(
                    "  \(result.name): \(middle(store, \.timing.rate).wholeText)/s, ratio \(result.ratio.text)"
                )
            }
        }
        if !table.rows.isEmpty { show(table) }
    }

    /// Measures two processes on one account against one alone.
    fileprivate mutating func measureProcesses(rounds: Int, in workshop: Workshop) async throws {
        let duration = Duration.seconds(2)
        try await workshop.openAccounts(1, in: "shared")
        let target = workshop.target("shared")
        var table = Table(
            "Two processes on one account, in turn with one alone",
            columns: ["", "one/s", "two/s", "ratio", "smallest share"]
        )
        var uses = 1
        for callers in [64, 256] {
            var (alone, together, shares): ([Double], [Double], [Double]) = ([], [], [])
            for _ in 0..<rounds {
                let one = try Member(target: target, callers: callers, duration: duration)
                try one.begin()
                let answer = try one.end()
                alone.append(answer.rate)
                let pair = try [
                    Member(target: target, callers: callers, duration: duration),
                    Member(target: target, callers: callers, duration: duration),
                ]
                for member in pair { try member.begin() }
                let answers = try pair.map { try $0.end() }
                together.append(answers.reduce(0) { $0 + $1.rate })
                shares.append((answers.map(\.rate).min() ?? 0) / (together.last ?? .nan))
                uses += ([answer] + answers).reduce(0) { $0 + $1.uses }
            }
            let ratio = zip(together, alone).map { $0 / $1 }.middle
            table.add([
                "\(callers) callers each", alone.middle.wholeText, together.middle.wholeText, ratio.text,
                (shares.min() ?? .nan).text,
            ])
        }
        try workshop.audit("shared", uses: uses)
        try workshop.remove("shared")
        show(table)
    }
}
#else
print("libpq, its header or pkg-config is not installed, so the store on PostgreSQL was not measured.")
#endif
