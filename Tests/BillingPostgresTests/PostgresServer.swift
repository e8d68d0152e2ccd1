#if Postgres
import BillingKit
import BillingPostgres
import Foundation
import Testing

/// The PostgreSQL that the tests have to themselves, as `scripts/with-postgres` starts it.
enum PostgresServer {
    /// Where it is, or `nil` when there is none.
    static let connection = ProcessInfo.processInfo.environment["BILLINGKIT_POSTGRES"]

    /// At most as many tests at once, so that connections are enough for all.
    private static let schemas = Schemas(6)

    /// Runs a test on a schema that it has to itself: with the kit's tables and nothing in them, or without tables.
    static func withSchema<Answer>(
        withoutTables: Bool = false,
        _ body: (PostgresSchema) async throws -> Answer
    ) async throws -> Answer {
        let connection = try #require(connection)
        let kept = await schemas.take()
        do {
            let schema = withoutTables ? nil : kept
            let used = try schema ?? PostgresSchema.create(on: connection)
            let result: Result<Answer, any Error>
            do {
                result = .success(try await body(used))
            } catch {
                result = .failure(error)
            }
            // Tables are made slowly and emptied quickly.
            do {
                if withoutTables { try used.drop() } else { try used.empty() }
            } catch {
                // What the test has to say comes first.
                _ = try result.get()
                throw error
            }
            let answer = try result.get()
            await schemas.give(withoutTables ? kept : used)
            return answer
        } catch {
            await schemas.give(nil)
            throw error
        }
    }

    /// The places for tests, some of which have a schema from the test before.
    private actor Schemas {
        private var free: [PostgresSchema?]
        private var waiting: [CheckedContinuation<PostgresSchema?, Never>] = []

        init(_ count: Int) {
            free = Array(repeating: nil, count: count)
        }

        func take() async -> PostgresSchema? {
            if let schema = free.popLast() { return schema }
            return await withCheckedContinuation { waiting.append($0) }
        }

        func give(_ schema: PostgresSchema?) {
            if waiting.isEmpty { free.append(schema) } else { waiting.removeFirst().resume(returning: schema) }
        }
    }
}

/// A schema that one test has to itself.
struct PostgresSchema: Sendable {
    let connection: String
    let name = "test_\(UInt64.random(in: 0 ... .max))"

    static func create(on connection: String) throws -> PostgresSchema {
        let schema = PostgresSchema(connection: connection)
        try RawPostgres(connection).run("CREATE SCHEMA \(schema.name)")
        return schema
    }

    /// Deletes every row but those that say which tables there are.
    func empty() throws {
        let raw = try raw()
        let tables = try raw.run("SELECT tablename FROM pg_tables WHERE schemaname = '\(name)'").compactMap(\.first)
        let deletions = tables.compactMap(\.self).filter { $0 != "billing_schema" }.map { "DELETE FROM \($0);" }
        // Without the triggers that keep what was not archived.
        try raw.run("SET session_replication_role = replica;" + deletions.joined())
    }

    func drop() throws {
        try RawPostgres(connection).run("SET client_min_messages = warning; DROP SCHEMA \(name) CASCADE")
    }

    /// A connection with this schema in its path.
    func raw() throws -> RawPostgres {
        let raw = try RawPostgres(connection)
        try raw.run("SET search_path = \(name)")
        return raw
    }

    /// Settings for stores in this schema.
    func settings(_ isolation: PostgresSettings.Isolation = .readCommitted) -> PostgresSettings {
        var settings = PostgresSettings()
        settings.isolation = isolation
        settings.schema = name
        return settings
    }

    /// Opens a store, and closes it after its use.
    ///
    /// - Parameters:
    ///   - settings: How it works with its server.
    ///   - way: How it gets there, where that is not the tests' own way.
    ///   - body: The use.
    /// - Returns: What the use returns.
    /// - Throws: What it throws, or that the store does not open.
    func withStore<Answer>(
        _ settings: PostgresSettings? = nil,
        through way: String? = nil,
        _ body: (PostgresStore) async throws -> Answer
    ) async throws -> Answer {
        // Its connections go by the schema's name.
        let store = try await PostgresStore(
            "\(way ?? connection) application_name=\(name)",
            settings ?? self.settings()
        )
        do {
            let answer = try await body(store)
            await store.close()
            return answer
        } catch {
            await store.close()
            throw error
        }
    }
}
#endif
