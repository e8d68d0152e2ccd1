#if Postgres
import BillingKit
import BillingPostgres
import EngineWorkloads
import Foundation
import Measuring

/// A server process of its own: this program, started again, with a billing system that others of its kind share tables
/// with.
struct Member {
    /// What it says in the end.
    struct Answer {
        let uses: Int
        let rate: Double
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Starts one, and returns once it is ready.
    init(target: String, callers: Int, duration: Duration) throws {
        process.executableURL = URL(filePath: CommandLine.arguments[0])
        process.arguments = ["member", target, String(callers), String(duration.components.seconds)]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        guard try line() == "ready" else { throw Failure("A second process did not get ready.") }
    }

    /// Lets it begin.
    func begin() throws {
        try input.fileHandleForWriting.write(contentsOf: Data("go\n".utf8))
    }

    /// Waits for its end, and returns what it has done.
    func end() throws -> Answer {
        let words = try line().split(separator: " ")
        process.waitUntilExit()
        guard words.count == 2, let uses = Int(words[0]), let rate = Double(words[1]) else {
            throw Failure("A second process ended with status \(process.terminationStatus) and without an answer.")
        }
        return Answer(uses: uses, rate: rate)
    }

    private func line() throws -> String {
        var line: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first {
            if byte == UInt8(ascii: "\n") { break }
            line.append(byte)
        }
        return String(decoding: line, as: UTF8.self)
    }

    /// Does what a started process is there for, if this is one.
    static func serve(_ arguments: [String]) async {
        guard arguments.count == 5, arguments[1] == "member" else { return }
        guard let callers = Int(arguments[3]), let seconds = Int(arguments[4]) else { exit(2) }
        do {
            let store = try await PostgresStore(arguments[2])
            let billing = try await BillingSystem(catalog: EngineFixture.catalog(), store: store)
            let customer = EngineLoad.customer(0)
            _ = try await billing.consume(of: EngineFixture.meter, for: customer, key: .once)
            say("ready")
            guard readLine() == "go" else { exit(2) }
            let clock = ContinuousClock()
            let start = clock.now
            let end = start + .seconds(seconds)
            let uses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<callers {
                    group.addTask {
                        var uses = 0
                        while clock.now < end {
                            _ = try await billing.consume(of: EngineFixture.meter, for: customer, key: .once)
                            uses += 1
                        }
                        return uses
                    }
                }
                var uses = 0
                for try await some in group { uses += some }
                return uses
            }
            let elapsed = EngineTiming(units: uses, elapsed: start.duration(to: clock.now), latencies: [])
            await store.close()
            say("\(uses + 1) \(elapsed.rate)")
            exit(0)
        } catch {
            FileHandle.standardError.write(Data("a second process: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
#endif
