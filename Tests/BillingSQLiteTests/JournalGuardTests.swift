#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import BillingTesting
import Testing

/// What the journal says stays as it is: no plain statement changes a row of it, or takes one away that was not archived.
@Suite struct JournalGuardTests {
    private let folder: TemporaryFolder
    private let connection: RawConnection

    init() async throws {
        folder = try TemporaryFolder()
        let path = folder.path("billing.sqlite")
        let frozen = try #require(try FrozenSchema.all().last)
        try frozen.make(at: path)
        connection = try RawConnection(path: path)
    }

    /// The journal and the tables beside it, each with how many rows it has.
    private func tables() async throws -> [(name: String, rows: Int64)] {
        var tables: [(name: String, rows: Int64)] = []
        for name in try await connection.tables() where name.hasPrefix("billing_journal") {
            guard case .integer(let rows) = try await connection.rows("SELECT count(*) FROM \(name)").first?.first
            else {
                continue
            }
            tables.append((name, rows))
        }
        return tables
    }

    /// Returns why a statement is refused; `nil` where it is not.
    private func refusal(_ sql: String) -> String? {
        do {
            try connection.execute(sql)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `a row of the journal is not changed`() async throws {
        let filled = try await tables().filter { $0.rows > 0 } + [("billing_events", 1)]
        #expect(filled.count > 8)
        for table in filled {
            for change in ["SET customer = customer", "SET revision = revision + 1000"] {
                let refusal = refusal("UPDATE \(table.name) \(change)")
                #expect(refusal?.contains("'\(table.name)' are never changed") == true, "\(refusal ?? table.name)")
            }
            #expect(refusal("UPDATE OR REPLACE \(table.name) SET customer = 'another'") != nil, "\(table.name)")
        }
        #expect(refusal("UPDATE billing_journal SET amount = amount * 2 WHERE effect = 'drawn'") != nil)
    }

    @Test func `a row that was not archived is not deleted`() async throws {
        let filled = try await tables().filter { $0.rows > 0 }
        for table in filled {
            let refusal = refusal("DELETE FROM \(table.name)")
            #expect(refusal?.contains("has not been archived") == true, "\(refusal ?? table.name)")
        }
        #expect(refusal("DELETE FROM billing_journal WHERE revision = 5") != nil)
        let after = try await tables().map(\.rows)
        #expect(after == (try await tables().map(\.rows)))
    }

    @Test func `what is marked as archived may go, and what comes after it may not`() async throws {
        try connection.execute("INSERT INTO billing_archived SELECT customer, 3 FROM billing_accounts")
        for table in try await tables() {
            #expect(refusal("DELETE FROM \(table.name) WHERE revision <= 3") == nil)
            let rest = "DELETE FROM \(table.name) WHERE revision > 3"
            let rows = try await connection.rows("SELECT count(*) FROM \(table.name)")
            #expect((refusal(rest) == nil) == (rows == [[.integer(0)]]), "\(table.name)")
        }
    }

    @Test func `every table beside the journal has its guards`() async throws {
        let triggers = Set(
            try await connection.rows("SELECT name FROM sqlite_schema WHERE type = 'trigger'").compactMap { row in
                if case .text(let name) = row[0] { name } else { nil }
            }
        )
        let expected = try await tables().flatMap { ["\($0.name)_is_kept", "\($0.name)_is_not_changed"] }
        #expect(triggers == Set(expected + ["billing_events_is_not_changed"]))
    }

    @Test func `what guards the journal adds nothing to the program that writes to it`() async throws {
        let columns = "(customer, revision, ordinal, kind, fingerprint, recorded_at, effective_at)"
        let insertion = "EXPLAIN INSERT INTO billing_journal \(columns) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
        func program() async throws -> [[SQLValue]] {
            // Without the schema's own number, which changes with every trigger.
            try await connection.rows(insertion).map { Array($0[1...3]) }.filter { $0[0] != .text("Transaction") }
        }
        let guarded = try await program()
        try connection.removeGuards()
        #expect(try await program() == guarded)
        #expect(guarded.count > 20)
    }
}
#endif
