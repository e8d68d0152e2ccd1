#if Postgres
import BillingKit
import BillingPostgres
import CrashTesting
import Foundation
import ProcessTesting
import SeededTesting
import Testing

/// Whoever commits is killed at any moment, and so is who writes for them: what was acknowledged is there, once, and what
/// was not is done once when it is asked for again, without anybody being started anew but the one who was killed.
///
/// `BILLINGKIT_POSTGRES_KILLS` sets the number of kills of each kind; `make soak` has a hundred.
@Suite(.serialized, .enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try."))
struct PostgresKillTests {
    private static let kills =
        ProcessInfo.processInfo.environment["BILLINGKIT_POSTGRES_KILLS"].flatMap { Int($0) } ?? 3

    /// What is killed.
    enum Victim: String, CaseIterable {
        case backend = "the process of a connection"
        case server = "the server with all its processes"
        case stoppedServer = "the server, which is stopped at once"
    }

    @Test func `a process that commits is killed`() async throws {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "kills of a client"))
        try await PostgresServer.withSchema { schema in
            let name = "child_of_\(schema.name)"
            let place = "\(schema.connection) options=-csearch_path=\(schema.name) application_name=\(name)"
            var done = [[CrashStep]](repeating: [], count: 8)
            var unanswered = 0
            try await schema.withStore { store in
                let raw = try schema.raw()
                for _ in 0..<Self.kills {
                    let moment = Double.random(in: 0..<0.1, using: &generator)
                    let firsts = done.map { "\($0.count)" }
                    let run = try await CrashProgram.run(["readCommitted", place, "-"] + firsts, killedAfter: moment)
                    #expect(run.complaints.isEmpty, "\(run.complaints)")
                    #expect(run.wasKilled)
                    for step in run.acknowledged {
                        #expect(step.number == done[step.task].count, "every task's steps are acknowledged in order")
                        done[step.task].append(step)
                    }
                    // The server ends what had reached it, and only then finds nobody there.
                    let alive = "SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(name)'"
                    try await waitUntil("the server has found nobody there") { try raw.value(alive) == "0" }
                    let audit = try await Audit(of: store, store.checkIntegrity(), customers: CrashWorker.customers)
                    #expect(audit.faults.isEmpty, "\(audit.faults)")
                    for step in done.joined() where !step.isThere(in: audit) { Issue.record("\(step) is not there") }
                    let more = audit.keys.subtracting(done.joined().map(\.key))
                    let inWork = Set(done.enumerated().flatMap { CrashWorker.keys(ofStep: $1.count, of: $0) })
                    #expect(more.isSubset(of: inWork), "\(more.subtracting(inWork)) is what nobody asked for")
                    unanswered += more.count
                }
            }
            let acknowledged = done.joined().count
            print("\(Self.kills) kills of a client: \(acknowledged) steps acknowledged; \(unanswered) more there")
            #expect(acknowledged > Self.kills, "the program is killed while it works")
        }
    }

    @Test(
        .enabled(if: OwnServer.isPossible, "There is no PostgreSQL to start and to kill."),
        arguments: Victim.allCases
    )
    func `what a store writes to is killed`(_ victim: Victim) async throws {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "kills of \(victim.rawValue)"))
        try await OwnServer.with { server in
            let store = try await PostgresStore(server.connection)
            let billing = try await BillingSystem(catalog: CrashWorker.catalog(), store: store)
            let crew = CrashCrew(billing)
            var (lost, unknown, unanswered) = (0, 0, 0)
            for _ in 0..<Self.kills {
                try await crew.work(untilStruckAfter: .random(in: 1...60, using: &generator)) {
                    switch victim {
                    case .backend: try await server.killBackend(named: "billing-kit")
                    case .server: try await server.kill()
                    case .stoppedServer: #expect(try await server.stopAtOnce())
                    }
                }
                if victim != .backend {
                    // One that is alone with it is told too.
                    let error = await #expect(throws: StoreError.self) { try await billing.overview(of: "org_0") }
                    #expect(error?.code == .connectionLost, "\(error?.message ?? "it was answered")")
                    try await server.start()
                }
                unanswered += try await crew.audit(store)
                lost += await crew.failures.count { $0.code == .connectionLost }
                unknown += await crew.failures.count { $0.code == .outcomeUnknown }
                await crew.goOn()
            }
            print(
                """
                \(Self.kills) kills of \(victim.rawValue): \(await crew.acknowledged) steps acknowledged, \(lost) told \
                to be lost, \(unknown) unknown; \(unanswered) more there
                """
            )
            await store.close()
        }
    }
}
#endif
