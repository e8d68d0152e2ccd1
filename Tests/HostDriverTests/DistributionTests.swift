#if Postgres
import BillingKit
import BillingPostgres
import BillingSQL
import Foundation
import Testing

/// The tables can be spread over machines by customer: whatever has to be unique is so on one of them.
@Suite(.enabled(if: Server.connection != nil, "There is no PostgreSQL to try."))
struct DistributionTests {
    /// Those that no customer owns, and the column by which they are spread, if they are.
    private static let others =
        [
            "billing_catalogs": nil, "billing_deliveries": "id", "billing_duties": "duty", "billing_references": "id",
            "billing_schema": nil,
        ] as [String: String?]

    /// Runs a test on tables as the kit makes them.
    private static func withTables(_ body: (HandConnection, [String]) async throws -> Void) async throws {
        try await Server.withSchema { schema in
            try await schema.withStore { _ in
                let host = try schema.connect()
                let tables = try await host.execute(
                    "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
                )
                try await body(host, tables.compactMap { if case .text(let name) = $0[0] { name } else { nil } })
            }
        }
    }

    @Test func `every unique constraint contains the column that its table is spread by`() async throws {
        try await Self.withTables { host, tables in
            #expect(tables.count == 36)
            #expect(Set(tables).isSuperset(of: Self.others.keys))
            let unique = try await host.execute(
                """
                SELECT t.relname, i.relname, (SELECT string_agg(a.attname, ' ') FROM pg_attribute AS a \
                WHERE a.attrelid = t.oid AND a.attnum = ANY (x.indkey::int2[])) \
                FROM pg_index AS x JOIN pg_class AS t ON t.oid = x.indrelid JOIN pg_class AS i ON i.oid = x.indexrelid \
                WHERE x.indisunique AND t.relnamespace = current_schema()::regnamespace ORDER BY 1, 2
                """
            )
            #expect(unique.count == tables.count + 1, "each has its key, and the journal another")
            for row in unique {
                guard case .text(let table) = row[0], case .text(let columns) = row[2] else {
                    Issue.record("\(row)")
                    continue
                }
                guard let column = Self.others[table] ?? "customer" else { continue }
                #expect(columns.split(separator: " ").contains(Substring(column)), "\(row)")
            }
        }
    }

    @Test func `the customer is of one type and one collation everywhere`() async throws {
        try await Self.withTables { host, tables in
            let kinds = try await host.execute(
                """
                SELECT count(*), count(DISTINCT a.attcollation), min(l.collname::text), min(y.typname::text), \
                bool_and(a.attnotnull) FROM pg_attribute AS a JOIN pg_class AS t ON t.oid = a.attrelid \
                JOIN pg_type AS y ON y.oid = a.atttypid JOIN pg_collation AS l ON l.oid = a.attcollation \
                WHERE t.relkind = 'r' AND a.attname = 'customer' AND t.relnamespace = current_schema()::regnamespace
                """
            )
            let count = Int64(tables.filter { Self.others[$0] == nil }.count + 1)
            #expect(kinds == [[.integer(count), .integer(1), .text("C"), .text("text"), .integer(1)]])
        }
    }

    @Test func `nothing ties a row to a row of another customer's, or asks one machine for a number`() async throws {
        try await Self.withTables { host, _ in
            let foreign = """
                SELECT count(*) FROM pg_constraint WHERE contype IN ('f', 'x', 't') \
                AND connamespace = current_schema()::regnamespace
                """
            var counts = try await host.execute(foreign)
            for kind in ["S", "v", "m"] {
                let others = """
                    SELECT count(*) FROM pg_class WHERE relkind = '\(kind)' AND relnamespace = current_schema()::regnamespace
                    """
                counts += try await host.execute(others)
            }
            #expect(counts == Array(repeating: [.integer(0)], count: 4))
            // All that is done beside a statement is to look whether a customer's own row was archived.
            let functions = try await host.execute(
                """
                SELECT DISTINCT p.proname FROM pg_trigger AS g JOIN pg_class AS t ON t.oid = g.tgrelid \
                JOIN pg_proc AS p ON p.oid = g.tgfoid WHERE t.relnamespace = current_schema()::regnamespace
                """
            )
            #expect(functions == [[.text("billing_keep_journal")]])
        }
    }

    @Test func `the article names every table once, and how it is spread`() async throws {
        let commands = try Article("DistributingByCustomer").examples(in: "sql").joined(separator: "\n")
        try await Self.withTables { _, tables in
            for table in tables {
                let expected =
                    switch Self.others[table] {
                    case .none where table == "billing_accounts": "create_distributed_table('\(table)', 'customer');"
                    case .none: "create_distributed_table('\(table)', 'customer', colocate_with => 'billing_accounts');"
                    case .some(.some(let column)):
                        "create_distributed_table('\(table)', '\(column)', colocate_with => 'none');"
                    case .some(.none): "create_reference_table('\(table)');"
                    }
                let lines = commands.split(separator: "\n").filter { $0.contains("('\(table)'") }
                #expect(lines == ["SELECT \(expected)"], "\(table)")
            }
            #expect(commands.split(separator: "\n").first == "DROP FUNCTION billing_keep_journal() CASCADE;")
            #expect(commands.split(separator: "\n").count == tables.count + 1)
        }
    }
}
#endif
