#if SQLite
import BillingKit
import BillingSQLite
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

    /// What one program said before it was killed.
    private struct Run {
        var acknowledged: [Step] = []
        var wasKilled = false
        var complaints: [String] = []
    }

    /// A step that was acknowledged.
    private struct Step: Hashable {
        let task: Int
        let number: Int
        let customer: CustomerID
        let revision: Int64
        let kind: String
        let key: Account.Key

        init?(_ line: some StringProtocol) {
            let words = line.split(separator: " ")
            guard words.count == 6, let task = Int(words[0]), let number = Int(words[1]), let revision = Int64(words[3])
            else { return nil }
            self.task = task
            self.number = number
            customer = CustomerID(String(words[2]))
            self.revision = revision
            kind = String(words[4])
            key = Account.Key(String(words[5]))
        }
    }

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
            var done = [[Step]](repeating: [], count: Self.tasks)
            for _ in 0..<min(Self.killsPerFile, Self.kills - kills) {
                let moment = Double.random(in: 0..<0.08, using: &generator)
                let run = try await run(on: folder.database, from: done.map(\.count), killedAfter: moment)
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
    private func audit(_ path: String, holds done: [[Step]]) async throws -> Int {
        let store = try await SQLiteStore(path)
        let customers = (0..<5).map { CustomerID("org_\($0)") }
        let audit = try await Audit(of: store, customers: customers)
        await store.close()
        #expect(audit.faults.isEmpty, "\(audit.faults)")
        for step in done.joined() {
            let change = audit.changes[step.customer]?[step.revision]
            #expect(
                change?.key == step.key && change?.kind.rawValue == step.kind,
                "\(step) is not there: \(change as Any)"
            )
        }
        // Each task has one step in work at a time, and the one in work may be there before it is acknowledged.
        let acknowledged = Set(done.joined().map(\.key))
        let others = Set(audit.changes.values.flatMap(\.values).compactMap(\.key)).subtracting(acknowledged)
        let inWork = Set(
            done.enumerated().flatMap { task, steps in
                ["request", "job"].map { Account.Key("\($0):\(task)-\(steps.count)") }
            }
        )
        #expect(others.isSubset(of: inWork), "\(others.subtracting(inWork)) is what nobody asked for")
        return others.count
    }

    /// Runs the program and kills it so long after its first answer.
    private func run(on path: String, from firsts: [Int], killedAfter seconds: Double) async throws -> Run {
        let executable = try #require(Self.program)
        return try await withCheckedThrowingContinuation { continuation in
            // A thread of its own: reading a pipe and waiting for a process block.
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        try Self.runAndWait(executable, [path] + firsts.map { "\($0)" }, killedAfter: seconds)
                    }
                )
            }
        }
    }

    private static func runAndWait(_ program: URL, _ arguments: [String], killedAfter seconds: Double) throws -> Run {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        var output = Data()
        while true {
            let data = pipe.fileHandleForReading.availableData
            if data.isEmpty { break }
            if output.isEmpty {
                let identifier = process.processIdentifier
                Thread.detachNewThread {
                    Thread.sleep(forTimeInterval: seconds)
                    _ = kill(identifier, SIGKILL)
                }
            }
            output += data
        }
        process.waitUntilExit()
        var run = Run()
        run.wasKilled = process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL
        var lines = String(decoding: output, as: UTF8.self).components(separatedBy: "\n")
        // After the last end of a line there is nothing, or a line that was cut off and acknowledges nothing.
        lines.removeLast()
        for line in lines {
            if let step = Step(line) { run.acknowledged.append(step) } else { run.complaints.append(line) }
        }
        return run
    }

    /// The program, which is built into the same folder as the tests.
    private static var program: URL? {
        let bundles = Bundle.allBundles.filter { $0.bundlePath.hasSuffix(".xctest") }.map(\.bundleURL)
        let folders = (bundles + [Bundle.main.executableURL].compactMap(\.self)).map { $0.deletingLastPathComponent() }
        return folders.map { $0.appendingPathComponent("CrashChild") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
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
