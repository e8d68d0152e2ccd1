#if SQLite
import BillingKit
import BillingSQLite
import CrashTesting
import Foundation
import SeededTesting
import Testing

/// A committing process is killed at any moment: what it acknowledged is there, once, and what it had not is done once
/// when it is asked for again.
///
/// `BILLINGKIT_KILLS` sets the number of kills; `make soak` has three hundred.
@Suite(.serialized) struct KillTests {
    private static let tasks = 8
    private static let killsPerFile = 10

    private static var kills: Int {
        ProcessInfo.processInfo.environment["BILLINGKIT_KILLS"].flatMap { Int($0) } ?? 60
    }

    @Test func `killed while it commits, nothing acknowledged is lost, nothing is done twice and nothing by half`()
        async throws
    {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "kills"))
        var (kills, acknowledged, unanswered, files) = (0, 0, 0, 0)
        while kills < Self.kills {
            let folder = try CrashFolder()
            files += 1
            // The steps of each task, in order, all of which are there.
            var done = [[CrashStep]](repeating: [], count: Self.tasks)
            for _ in 0..<min(Self.killsPerFile, Self.kills - kills) {
                let moment = Double.random(in: 0..<0.08, using: &generator)
                let firsts = done.map { "\($0.count)" }
                let run = try await CrashProgram.run(["sqlite", folder.database, "-"] + firsts, killedAfter: moment)
                #expect(run.complaints.isEmpty, "\(run.complaints)")
                #expect(run.wasKilled)
                kills += 1
                acknowledged += run.acknowledged.count
                for step in run.acknowledged {
                    #expect(step.number == done[step.task].count, "every task's steps are acknowledged in order")
                    done[step.task].append(step)
                }
                unanswered += try await audit(folder.database, holds: done)
            }
        }
        print(
            "kills: \(kills) of \(files) files, \(acknowledged) steps acknowledged, none lost; \(unanswered) more there"
        )
        #expect(acknowledged > kills, "the program is killed while it works")
    }

    /// Looks at what is there.
    ///
    /// - Returns: How many steps are there besides, which nobody has been told of yet.
    private func audit(_ path: String, holds done: [[CrashStep]]) async throws -> Int {
        let store = try await SQLiteStore(path)
        let audit = try await Audit(of: store, customers: CrashWorker.customers)
        await store.close()
        #expect(audit.faults.isEmpty, "\(audit.faults)")
        for step in done.joined() where !step.isThere(in: audit) { Issue.record("\(step) is not there") }
        // Each task has one step in work at a time, and the one in work may be there before it is acknowledged.
        let acknowledged = Set(done.joined().map(\.key))
        let others = audit.keys.subtracting(acknowledged)
        let inWork = Set(done.enumerated().flatMap { CrashWorker.keys(ofStep: $1.count, of: $0) })
        #expect(others.isSubset(of: inWork), "\(others.subtracting(inWork)) is what nobody asked for")
        return others.count
    }
}

/// A folder that is gone with the value.
final class CrashFolder: Sendable {
    let url: URL

    var database: String { url.appendingPathComponent("billing.sqlite").path }

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("billing-crash-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }
}
#endif
