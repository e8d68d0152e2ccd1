#if SQLite
import BillingKit
import BillingSQL
import CBillingSQLite

/// A connection that a host might have: another hand on the same library, that knows nothing of the kit's driver.
final class RawConnection: @unchecked Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private var handle: OpaquePointer?

    /// The rows that statements have written so far.
    var writtenRows: Int { Int(sqlite3_total_changes(handle)) }

    init(path: String) throws {
        guard sqlite3_open(path, &handle) == SQLITE_OK else { throw Failure(description: "cannot open \(path)") }
    }

    deinit {
        sqlite3_close_v2(handle)
    }

    func execute(_ sql: String) throws {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
            throw Failure(description: String(cString: sqlite3_errmsg(handle)))
        }
    }
}

extension RawConnection {
    /// Takes away what keeps the journal as it is, so that a hand may change it.
    func removeGuards() throws {
        for table in try tableNames() {
            for guardian in ["is_kept", "is_not_changed"] { try execute("DROP TRIGGER IF EXISTS \(table)_\(guardian)") }
        }
    }

    /// Does what the tables would refuse.
    func force(_ sql: String) throws {
        try removeGuards()
        try execute("PRAGMA ignore_check_constraints = ON; \(sql)")
    }

    private func tableNames() throws -> [String] {
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        let question = "SELECT name FROM sqlite_schema WHERE type = 'table'"
        guard sqlite3_prepare_v2(handle, question, -1, &statement, nil) == SQLITE_OK else {
            throw Failure(description: String(cString: sqlite3_errmsg(handle)))
        }
        var names: [String] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            names.append(String(cString: sqlite3_column_text(statement, 0)))
        }
        return names
    }
}

extension RawConnection: SQLConnection {
    /// Runs steps the plain way: each statement prepared anew for each of its rows.
    func run(_ steps: [SQLStep]) async throws(StoreError) -> [SQLRows] {
        var results: [SQLRows] = []
        for step in steps {
            var rows: [[SQLValue]] = []
            for row in 0..<step.rowCount { rows += try run(step, row) }
            results.append(SQLRows(rows))
        }
        return results
    }

    private func run(_ step: SQLStep, _ row: Int) throws(StoreError) -> [[SQLValue]] {
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(handle, step.statement.text, -1, &statement, nil) == SQLITE_OK else { throw failure }
        for (index, column) in step.columns.enumerated() { bind(column[row], to: statement, at: Int32(index + 1)) }
        var rows: [[SQLValue]] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: rows.append((0..<sqlite3_column_count(statement)).map { value(of: statement, at: $0) })
            case SQLITE_DONE: return rows
            default: throw failure
            }
        }
    }

    private var failure: StoreError { StoreError(.corrupt, String(cString: sqlite3_errmsg(handle))) }

    private func bind(_ value: SQLValue, to statement: OpaquePointer?, at index: Int32) {
        switch value {
        case .null: sqlite3_bind_null(statement, index)
        case .integer(let integer): sqlite3_bind_int64(statement, index, integer)
        case .text(let text): _ = billing_sqlite_bind_text(statement, index, text, Int32(text.utf8.count))
        case .blob(let bytes): _ = billing_sqlite_bind_blob(statement, index, bytes, Int32(bytes.count))
        }
    }

    private func value(of statement: OpaquePointer?, at index: Int32) -> SQLValue {
        switch sqlite3_column_type(statement, index) {
        case SQLITE_INTEGER: .integer(sqlite3_column_int64(statement, index))
        case SQLITE_TEXT:
            // By its length: a text may have a NUL in it.
            .text(
                String(
                    decoding: UnsafeRawBufferPointer(
                        start: sqlite3_column_text(statement, index),
                        count: Int(sqlite3_column_bytes(statement, index))
                    ),
                    as: UTF8.self
                )
            )
        case SQLITE_BLOB:
            .blob(
                [UInt8](
                    UnsafeRawBufferPointer(
                        start: sqlite3_column_blob(statement, index),
                        count: Int(sqlite3_column_bytes(statement, index))
                    )
                )
            )
        default: .null
        }
    }
}
#endif
