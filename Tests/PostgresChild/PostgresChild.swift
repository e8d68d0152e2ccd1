#if Postgres
import BillingKit
import BillingPostgres

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A server process of its own, which uses one account together with others.
///
/// Its arguments are a connection string, a schema, the units that the account is given, how many callers there are, how
/// many uses they ask for in all, and what their keys begin with. It says `ready`, waits for a line, and in the end says
/// how many uses were given and how many were denied.
@main
struct PostgresChild {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 7, let units = Int64(arguments[3]), let callers = Int(arguments[4]),
            let uses = Int(arguments[5])
        else { exit(2) }
        var settings = PostgresSettings()
        settings.schema = arguments[2]
        let documents = Meter.ID("documents")
        let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [documents: .limited(units, per: .month)])
        let catalog = try Catalog(
            version: 1,
            meters: [Meter(documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
        let store = try await PostgresStore(arguments[1], settings)
        let billing = try await BillingSystem(catalog: catalog, store: store)
        say("ready")
        guard readLine() != nil else { exit(2) }
        do {
            let counts = try await withThrowingTaskGroup(of: (given: Int, denied: Int).self) { group in
                for caller in 0..<callers {
                    group.addTask {
                        var counts = (given: 0, denied: 0)
                        for use in stride(from: caller, to: uses, by: callers) {
                            let key = BillingSystem.Key.request("\(arguments[6])-\(use)")
                            switch try await billing.consume(of: documents, for: "org_shared", key: key) {
                            case .consumed: counts.given += 1
                            default: counts.denied += 1
                            }
                        }
                        return counts
                    }
                }
                var counts = (given: 0, denied: 0)
                for try await some in group { counts = (counts.given + some.given, counts.denied + some.denied) }
                return counts
            }
            await store.close()
            say("\(counts.given) \(counts.denied)")
        } catch {
            say("failed: \(error)")
            exit(1)
        }
    }

    private static func say(_ line: String) {
        print(line)
        fflush(nil)
    }
}
#else
@main
struct PostgresChild {
    static func main() {}
}
#endif
