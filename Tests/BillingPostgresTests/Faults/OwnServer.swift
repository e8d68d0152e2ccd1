#if Postgres
import Foundation
import ProcessTesting
import Testing

/// A PostgreSQL that one test has to itself, to be stopped and killed: `scripts/with-postgres` says how, and stops it at
/// the latest.
final class OwnServer: Sendable {
    /// Whether one can be started.
    static var isPossible: Bool { ServerUser.programs != nil && ServerUser.home != nil }

    private let folder: URL
    /// What it is told beyond where its socket is.
    private let options: [String]

    /// Where it is.
    var connection: String { "host=\(folder.path) user=billing dbname=postgres" }

    private var data: String { folder.appendingPathComponent("data").path }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private init(_ folder: URL, _ options: [String]) {
        self.folder = folder
        self.options = options
    }

    /// Runs a test with a server that has just been started.
    ///
    /// - Parameters:
    ///   - options: Returns settings of the server's, `name=value`, given the folder it is in.
    ///   - body: The test.
    /// - Returns: What the test returns.
    /// - Throws: What it throws, or that the server does not start.
    static func with<Answer>(
        _ options: (URL) async throws -> [String] = { _ in ["listen_addresses="] },
        _ body: (OwnServer) async throws -> Answer
    ) async throws -> Answer {
        let folder = try await ServerUser.makeFolder("own")
        let server = OwnServer(folder, try await options(folder))
        let created = try await server.run(
            "initdb",
            [
                "-D", server.data, "--username", "billing", "--auth", "trust", "--encoding", "UTF8", "--locale",
                "C.UTF-8",
            ]
        )
        guard created else { throw Failure(description: "initdb has failed") }
        do {
            try await server.start()
            let answer = try await body(server)
            _ = try await server.stopAtOnce()
            return answer
        } catch {
            _ = try await server.stopAtOnce()
            throw error
        }
    }

    /// Starts it, after whatever end, and returns when it can be connected to.
    func start() async throws {
        let all = options + ["unix_socket_directories=\(folder.path)", "fsync=on"]
        let options = all.map { "-c \($0)" }.joined(separator: " ")
        let log = folder.appendingPathComponent("log").path
        // What a killed one has left behind takes a moment to go.
        for _ in 0..<50 {
            if try await run("pg_ctl", ["-D", data, "-l", log, "-w", "-t", "60", "-o", options, "start"]) { return }
        }
        let said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        throw Failure(description: "PostgreSQL does not start: \(said.suffix(2_000))")
    }

    /// Stops it without a word to anybody.
    func stopAtOnce() async throws -> Bool {
        try await run("pg_ctl", ["-D", data, "-m", "immediate", "-w", "stop"])
    }

    /// Kills it with all its processes.
    func kill() async throws {
        let file = try String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8)
        guard let first = file.split(separator: "\n").first, let postmaster = Int32(first) else {
            throw Failure(description: "'\(file)' has no process")
        }
        let processes = try RawPostgres(connection).run("SELECT pid FROM pg_stat_activity").compactMap {
            ($0.first ?? nil).flatMap { Int32($0) }
        }
        for process in [postmaster] + processes { _ = end(process) }
    }

    /// Kills the process that serves one of the connections with a name, and returns when the server is up again.
    ///
    /// Its end ends all others, because it may have left anything in the memory they share.
    func killBackend(named name: String) async throws {
        let raw = try RawPostgres(connection)
        let question = "SELECT pid FROM pg_stat_activity WHERE application_name = '\(name)' ORDER BY random() LIMIT 1"
        guard let process = try raw.value(question).flatMap({ Int32($0) }) else {
            throw Failure(description: "there is no connection named '\(name)'")
        }
        guard end(process) else { throw Failure(description: "process \(process) is gone") }
        // Once more while it goes on: what was killed may have been at its end already.
        try await waitUntil("the server has ended all connections") {
            guard let next = try? raw.run(question) else { return true }
            if let process = (next.first?.first ?? nil).flatMap({ Int32($0) }) { _ = end(process) }
            return false
        }
        try await waitUntil("the server is up again") { (try? RawPostgres(connection)) != nil }
    }

    private func run(_ program: String, _ arguments: [String]) async throws -> Bool {
        try await ServerUser.run("\(ServerUser.programs ?? "")/\(program)", arguments, in: folder)
    }
}

/// Kills a process, and returns whether there was one.
private func end(_ process: Int32) -> Bool {
    kill(process, SIGKILL) == 0
}
#endif
