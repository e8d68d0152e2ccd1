#if Postgres
import BillingKit
import BillingPostgres
import BillingSQL
import Foundation
import Testing

/// The PostgreSQL that the tests have to themselves, as `scripts/with-postgres` starts it.
enum Server {
    /// Where it is, or `nil` when there is none.
    static let connection = ProcessInfo.processInfo.environment["BILLINGKIT_POSTGRES"]

    private static let places = Places(4)

    /// Runs a test on a schema that it has to itself; not many at once, so that connections are enough for all.
    static func withSchema(_ body: (Schema) async throws -> Void) async throws {
        let connection = try #require(connection)
        await places.take()
        do {
            let schema = Schema(connection: connection)
            let host = try HandConnection(connection)
            try await host.execute("CREATE SCHEMA \(schema.name)")
            do {
                try await body(schema)
            } catch {
                _ = try? await host.execute("DROP SCHEMA \(schema.name) CASCADE")
                throw error
            }
            try await host.execute("DROP SCHEMA \(schema.name) CASCADE")
            await places.give()
        } catch {
            await places.give()
            throw error
        }
    }

    private actor Places {
        private var free: Int
        private var waiting: [CheckedContinuation<Void, Never>] = []

        init(_ count: Int) {
            free = count
        }

        func take() async {
            if free > 0 { free -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
        }

        func give() {
            if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
        }
    }
}

/// A schema that one test has to itself.
struct Schema: Sendable {
    let connection: String
    let name = "host_\(UInt64.random(in: 0 ... .max))"

    /// A connection of the host's, with this schema in its path.
    func connect() throws -> HandConnection {
        try HandConnection("\(connection) application_name=\(name)_host", schema: name)
    }

    /// Opens a store over connections of the host's, which go by the schema's name.
    func makeHandStore(_ count: Int = 3) async throws -> HandStore {
        let (connection, schema) = ("\(connection) application_name=\(name)_host", name)
        let database = HandDatabase(count) { () async throws(StoreError) in
            try await HandConnection.connecting(to: connection, schema: schema)
        }
        try await database.write(SQLSchema.preparation(in: .postgres))
        return HandStore(database: database)
    }

    /// Opens the kit's store in this schema, and closes it after its use.
    func withStore(_ body: (PostgresStore) async throws -> Void) async throws {
        var settings = PostgresSettings()
        settings.schema = name
        // Longer than any test: who waits waits for what the test does.
        settings.lockTimeout = .seconds(120)
        let store = try await PostgresStore("\(connection) application_name=\(name)", settings)
        do {
            try await body(store)
            await store.close()
        } catch {
            await store.close()
            throw error
        }
    }

    /// Returns once a connection in this schema waits for a lock.
    func waitUntilLocked(_ host: HandConnection) async throws {
        let waiting = """
            SELECT count(*) FROM pg_stat_activity WHERE application_name IN ('\(name)', '\(name)_host') \
            AND wait_event_type = 'Lock'
            """
        // Not for ever: whoever was waited for may have given up meanwhile.
        for _ in 0..<500_000 {
            if try await host.execute(waiting) != [[.integer(0)]] { return }
            await Task.yield()
        }
        Issue.record("nobody waits for a lock")
    }
}
#endif
