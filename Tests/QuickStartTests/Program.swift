#if SQLite
import Foundation
import ProcessTesting

/// The built quick start, run as a child process.
enum Program {
    /// When a run is killed: this many microseconds after it has printed this many lines.
    struct Moment: CustomStringConvertible {
        let line: Int
        let microseconds: UInt32

        var description: String { "line \(line) + \(microseconds) µs" }
    }

    /// What a run printed, and how it ended.
    struct Run {
        let lines: [String]
        let status: Int32

        /// A receipt that the program has said was given.
        struct Receipt {
            let key: String
            let revision: Int64
        }

        /// The receipts of work that was acknowledged.
        var receipts: [Receipt] {
            lines.compactMap { line in
                if let match = line.firstMatch(of: #/job (\d+), \w+: written.*\[receipt (\d+)\]/#) {
                    return Int64(match.2).map { Receipt(key: "job:\(match.1)", revision: $0) }
                }
                // The batches of screenings are told apart by their size.
                let batches = ["120": 1, "700": 4, "40": 7, "10": 9, "5": 12]
                guard
                    let match = line.firstMatch(of: #/(\d+) screenings: done.*\[receipt (\d+)\]/#),
                    let batch = batches[String(match.1)]
                else { return nil }
                return Int64(match.2).map { Receipt(key: "request:screening-\(batch)", revision: $0) }
            }
        }
    }

    static var path: String? { ProcessInfo.processInfo.environment["BILLINGKIT_QUICKSTART"] }

    static var seed: UInt64 {
        ProcessInfo.processInfo.environment["BILLINGKIT_SEED"].flatMap { UInt64($0) } ?? .random(in: 0 ... .max)
    }

    /// Runs the program to its end, or kills it with SIGKILL at a moment.
    static func run(in folder: Folder, killedAt moment: Moment? = nil) async throws -> Run {
        let executable = path ?? ""
        return try await ChildProcess.onThreadOfItsOwn {
            try runAndWait(executable, in: folder, killedAt: moment)
        }
    }

    private static func runAndWait(_ path: String, in folder: Folder, killedAt moment: Moment?) throws -> Run {
        let process = try ChildProcess(path, [folder.url.path], files: .output)
        var output = Data()
        if moment?.line == 0 { kill(process, after: moment) }
        while true {
            let data = process.read()
            if data.isEmpty { break }
            let before = output.count { $0 == 0x0A }
            output += data
            if let moment, before < moment.line, output.count(where: { $0 == 0x0A }) >= moment.line {
                kill(process, after: moment)
            }
        }
        let status =
            switch process.waitUntilExit() {
            case .exited(let code), .killed(let code): code
            }
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
        return Run(lines: lines, status: status)
    }

    private static func kill(_ process: ChildProcess, after moment: Moment?) {
        usleep(moment?.microseconds ?? 0)
        process.signal(SIGKILL)
    }
}

/// A folder that is gone with the value.
final class Folder: Sendable {
    let url: URL

    var database: String { url.appendingPathComponent("billing.sqlite").path }

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("billing-quickstart-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }
}
#endif
