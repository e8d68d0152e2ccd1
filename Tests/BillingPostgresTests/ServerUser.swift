#if Postgres
import Foundation
import ProcessTesting

/// Whom the servers belong to that tests start, and where they may put something: as `scripts/with-postgres` says.
enum ServerUser {
    private static let environment = ProcessInfo.processInfo.environment
    private static let name = environment["BILLINGKIT_POSTGRES_USER"] ?? ""

    /// The directory of PostgreSQL's programs, where they are here.
    static let programs = environment["BILLINGKIT_POSTGRES_PROGRAMS"]
    /// The directory that is gone when the tests end.
    static let home = environment["BILLINGKIT_POSTGRES_FOLDER"]

    /// Returns where a program is, if it is installed; servers are not always where everybody looks.
    static func path(of program: String) -> String? {
        let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/bin"]
        return folders.map { "\($0)/\(program)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Makes a directory that belongs to the user.
    static func makeFolder(_ name: String) async throws -> URL {
        // Short: the path of a socket may not be long.
        let home = URL(fileURLWithPath: home ?? "/tmp")
        let folder = home.appendingPathComponent("\(name)-\(UInt32.random(in: 0 ... .max))")
        try await run("/bin/mkdir", [folder.path], in: home)
        return folder
    }

    /// Runs a program as the user, and returns whether it succeeded.
    @discardableResult
    static func run(_ program: String, _ arguments: [String], in folder: URL) async throws -> Bool {
        try await ChildProcess.onThreadOfItsOwn {
            try start(program, arguments, in: folder).waitUntilExit() == .exited(0)
        }
    }

    /// Starts a program as the user.
    static func start(_ program: String, _ arguments: [String], in folder: URL) throws -> ChildProcess {
        let somebody = name.isEmpty ? [] : ["runuser", "-u", name, "--"]
        // From where that user may be: the tests' own folder need not be such a place.
        let words = ["-c", "cd \"$1\" && shift && exec \"$@\"", "sh", folder.path] + somebody + [program] + arguments
        return try ChildProcess("/bin/sh", words, files: .none)
    }
}
#endif
