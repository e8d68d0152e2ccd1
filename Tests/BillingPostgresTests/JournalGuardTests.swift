#if Postgres
import BillingInMemory
import BillingKit
import BillingPostgres
import BillingSQL
import Testing

/// What the journal says stays as it is: no plain statement changes a row of it, or takes one away that was not archived.
@Suite(.enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try."))
struct JournalGuardTests {
    private static let documents = Meter.ID("documents")
    private static let start = Timestamp(seconds: 1_796_115_600)

    /// Has a customer use something in each of three years.
    private func fill(_ store: PostgresStore) async throws {
        let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [Self.documents: .limited(10, per: .day)])
        let catalog = try Catalog(
            version: 1,
            meters: [Meter(Self.documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
        for year in 0..<3 as Range<Int64> {
            let clock = ManualClock(at: Self.start.advanced(by: .seconds(year * 500 * 86_400)))
            let billing = try await BillingSystem(catalog: catalog, store: store, clock: clock)
            _ = try await billing.consume(of: Self.documents, for: "acme", key: .job("\(year)"))
            _ = try await billing.grant(1, of: Self.documents, to: "acme", from: .promotion, key: .request("\(year)"))
        }
    }

    /// The triggers that are there, by table.
    private func triggers(_ raw: RawPostgres, _ schema: PostgresSchema) throws -> [[String?]] {
        try raw.run(
            """
            SELECT c.relname, t.tgname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid \
            JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = '\(schema.name)' ORDER BY 1, 2
            """
        )
    }

    @Test func `the journal is neither changed nor shortened by hand, whatever the hand looks into`() async throws {
        try await PostgresServer.withSchema { schema in
            try await schema.withStore { try await fill($0) }
            let raw = try schema.raw()
            for path in [schema.name, "public"] {
                try raw.run("SET search_path = \(path)")
                for table in ["billing_journal", "billing_journal_grants"] {
                    for (statement, words) in [
                        ("UPDATE \(schema.name).\(table) SET revision = revision + 1000", "never changed"),
                        ("DELETE FROM \(schema.name).\(table)", "not been archived"),
                    ] {
                        do {
                            try raw.run(statement)
                            Issue.record("'\(statement)' was done")
                        } catch let failure as RawPostgres.Failure {
                            #expect(failure.description.contains(words), "\(failure)")
                            #expect(failure.state == "23001")
                        }
                    }
                }
            }
            try raw.run("INSERT INTO \(schema.name).billing_archived VALUES ('acme', 1)")
            try raw.run("DELETE FROM \(schema.name).billing_journal WHERE revision <= 1")
            #expect(throws: RawPostgres.Failure.self) {
                try raw.run("DELETE FROM \(schema.name).billing_journal WHERE revision <= 2")
            }
        }
    }

    @Test func `every table beside the journal has its guards`() async throws {
        try await PostgresServer.withSchema { schema in
            try await schema.withStore { _ in }
            let raw = try schema.raw()
            let tables = try raw.run(
                "SELECT tablename FROM pg_tables WHERE schemaname = '\(schema.name)' AND tablename LIKE 'billing\\_journal%'"
            )
            let names = tables.compactMap { $0[0] }
            #expect(names.count > 8)
            let expected = names.flatMap { [[$0, "\($0)_is_kept"], [$0, "\($0)_is_not_changed"]] }
            let all = expected + [["billing_events", "billing_events_is_not_changed"]]
            #expect(Set(try triggers(raw, schema)) == Set(all.map { $0.map(Optional.some) }))
        }
    }

    @Test func `what is archived leaves all the same`() async throws {
        try await PostgresServer.withSchema { schema in
            try await schema.withStore { store in
                try await fill(store)
                let end = Self.start.advanced(by: .seconds(1_001 * 86_400))
                let summary = try await store.archive(SQLRetention(journalDays: 400), at: end) { _ in }
                #expect(summary.changes > 0)
                #expect(try await store.checkIntegrity() == [])
            }
        }
    }
}
#endif
