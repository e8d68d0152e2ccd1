import Foundation
import ProcessTesting

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A run of the program `CrashChild`, and what it said.
package struct CrashProgram: Sendable {
    /// The steps that it acknowledged, in order.
    package private(set) var acknowledged: [CrashStep] = []
    /// What else it said.
    package private(set) var complaints: [String] = []
    package private(set) var wasKilled = false

    /// What cannot be run.
    package struct Missing: Error {}

    /// Runs the program, and returns what it said until its end.
    ///
    /// - Parameters:
    ///   - arguments: Its arguments.
    ///   - seconds: How long after its first word it is killed; `nil` to let it come to its own end.
    /// - Returns: What it said.
    /// - Throws: ``Missing`` when it was not built, and what the system throws.
    package static func run(_ arguments: [String], killedAfter seconds: Double?) async throws -> CrashProgram {
        guard let program else { throw Missing() }
        return try await ChildProcess.onThreadOfItsOwn {
            try runAndWait(program, arguments, killedAfter: seconds)
        }
    }

    private static func runAndWait(
        _ program: URL,
        _ arguments: [String],
        killedAfter seconds: Double?
    ) throws -> CrashProgram {
        let process = try ChildProcess(program.path, arguments, files: .output)
        var output = Data()
        while true {
            let data = process.read()
            if data.isEmpty { break }
            if output.isEmpty, let seconds {
                Thread.detachNewThread {
                    Thread.sleep(forTimeInterval: seconds)
                    process.signal(SIGKILL)
                }
            }
            output += data
        }
        let end = process.waitUntilExit()
        var run = CrashProgram()
        run.wasKilled = end == .killed(SIGKILL)
        var lines = String(decoding: output, as: UTF8.self).components(separatedBy: "\n")
        // After the last end of a line there is nothing, or a line that was cut off and acknowledges nothing.
        lines.removeLast()
        for line in lines {
            if let step = CrashStep(line) { run.acknowledged.append(step) } else { run.complaints.append(line) }
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
