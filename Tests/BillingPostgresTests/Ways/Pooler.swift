#if Postgres
import BillingKit
import BillingPostgres
import Foundation
import ProcessTesting
import Testing

/// A PgBouncer of the tests' own, which gives each transaction whichever of its few connections is free.
final class Pooler: Sendable {
    private static let program = ServerUser.path(of: "pgbouncer")
    /// Fewer than the stores in front of it have, so that they share them.
    private static let connections = 3

    /// Whether one can be started in front of the tests' server.
    static var isPossible: Bool {
        program != nil && ServerUser.home != nil && PostgresServer.connection?.hasPrefix("host=/") == true
    }

    private let folder: URL
    private let process = Lock(ChildProcess?.none)

    /// Where it is.
    var connection: String { "host=\(folder.path) port=6432 user=billing dbname=postgres" }

    private init() async throws {
        folder = try await ServerUser.makeFolder("pool")
        let server = try #require(PostgresServer.connection)
        let configuration = """
            [databases]
            postgres = \(server)
            [pgbouncer]
            unix_socket_dir = \(folder.path)
            pidfile = \(folder.path)/pid
            auth_type = any
            pool_mode = transaction
            default_pool_size = \(Self.connections)
            max_client_conn = 500
            """
        // The folder is another user's, and this is the tests' own.
        let file = URL(fileURLWithPath: "/tmp/billing-pooler-\(UInt32.random(in: 0 ... .max))")
        try configuration.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        try await ServerUser.run("/bin/cp", [file.path, "\(folder.path)/configuration"], in: folder)
        try await start()
    }

    /// One that many tests share; it ends with them all.
    static func shared() async throws -> Pooler {
        try await common.value
    }

    private static let common = Task { try await Pooler() }

    /// Runs a test with a pooler that it has to itself.
    static func with<Answer>(_ body: (Pooler) async throws -> Answer) async throws -> Answer {
        let pooler = try await Pooler()
        do {
            let answer = try await body(pooler)
            try await pooler.kill()
            return answer
        } catch {
            try await pooler.kill()
            throw error
        }
    }

    /// Starts it, and returns when it can be connected to.
    func start() async throws {
        let program = try #require(Self.program)
        let started = try ServerUser.start(program, ["-q", "\(folder.path)/configuration"], in: folder)
        process.withLock { $0 = started }
        try await waitUntil("the pooler is up") { (try? RawPostgres(connection)) != nil }
    }

    /// Kills it, with all that is on its way.
    func kill() async throws {
        let file = try String(contentsOfFile: "\(folder.path)/pid", encoding: .utf8)
        let number = try #require(Int32(file.trimmingCharacters(in: .whitespacesAndNewlines)))
        _ = Foundation.kill(number, SIGKILL)
        let process = process.withLock { process in
            defer { process = nil }
            return process
        }
        // What is left behind of it is in the way of the next.
        _ = try await ChildProcess.onThreadOfItsOwn { process?.waitUntilExit() }
    }
}
#endif
