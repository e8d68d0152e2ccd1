import BillingKit
import BillingPostgres
import BillingSQLite
import CrashTesting

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A program that is killed in the middle of its work.
///
/// Its arguments are the kind of store, its place, the number of the step that each of its tasks ends before, and for
/// each task the number of the first step to do. It says each step when it has been answered.
@main
struct CrashChild {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let store = try await open(arguments[1], arguments[2])
        let billing = try await BillingSystem(catalog: CrashWorker.catalog(), store: store)
        let end = Int(arguments[3]) ?? .max
        await withTaskGroup(of: Void.self) { group in
            for (task, first) in arguments.dropFirst(4).compactMap({ Int($0) }).enumerated() {
                group.addTask {
                    let worker = CrashWorker(task, on: billing)
                    for step in first..<end {
                        do {
                            say("\(try await worker.perform(step))")
                        } catch {
                            say("\(task) \(step) failed: \(error)")
                            exit(1)
                        }
                    }
                }
            }
        }
    }

    private static func open(_ kind: String, _ place: String) async throws -> any BillingStore {
        #if SQLite
        if kind == "sqlite" {
            var settings = SQLiteSettings()
            // A log of few pages is often copied into the database, so that it is often killed while it is.
            settings.checkpointBytes = 40 * settings.pageBytes
            return try await SQLiteStore(place, settings: settings)
        }
        #endif
        #if Postgres
        var settings = PostgresSettings()
        if kind == "serializable" { settings.isolation = .serializable }
        return try await PostgresStore(place, settings)
        #else
        throw StoreError(.cannotOpen, "There is no store of kind '\(kind)'.")
        #endif
    }
}

/// Writes a line in one call, past every buffer that would be lost with the process.
private func say(_ line: String) {
    let bytes = Array("\(line)\n".utf8)
    _ = write(1, bytes, bytes.count)
}
