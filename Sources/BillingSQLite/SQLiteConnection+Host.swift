#if SQLite
import BillingKit
import BillingSQL
import CBillingSQLite

extension SQLiteConnection {
    /// Runs one of the host's own statements, inside the transaction that is open.
    ///
    /// - Returns: Its rows, each with its values in order.
    func runHosts(_ sql: String, _ values: [SQLValue], atMost limit: Int) throws(StoreError) -> [[SQLValue]] {
        let watch = guardOfHost ?? HostGuard()
        if guardOfHost == nil {
            watch.install(on: handle)
            guardOfHost = watch
        }
        watch.hasAltered = false
        let statement = try watch.watching { () throws(StoreError) in try prepareHosts(sql, watch) }
        defer { sqlite3_finalize(statement) }
        guard sqlite3_stmt_readonly(statement) == 0 else {
            return try rows(ofHosts: statement, values, atMost: limit, watch)
        }
        return try performPart { () throws(StoreError) in
            let before = watch.hasAltered ? try kitsNames() : nil
            // What is left of it open would stand in the way of undoing it.
            defer { sqlite3_reset(statement) }
            let rows = try rows(ofHosts: statement, values, atMost: limit, watch)
            // What a table is renamed to, SQLite does not tell beforehand.
            if let before, let new = try kitsNames().subtracting(before).min() {
                throw StoreError(.statement, HostGuard.words(new))
            }
            return rows
        }
    }

    /// The names of all that is the kit's, by its name.
    private func kitsNames() throws(StoreError) -> Set<String> {
        let names = SQLStep(SQLStatement("SELECT name FROM sqlite_schema WHERE lower(substr(name, 1, 8)) = 'billing_'"))
        return Set(try run(names).rows.compactMap { if case .text(let name) = $0.first { name } else { nil } })
    }

    /// Runs a statement that is prepared.
    private func rows(
        ofHosts statement: OpaquePointer,
        _ values: [SQLValue],
        atMost limit: Int,
        _ watch: HostGuard
    ) throws(StoreError) -> [[SQLValue]] {
        let parameters = Int(sqlite3_bind_parameter_count(statement))
        guard parameters == values.count else {
            throw StoreError(
                .statement,
                "The statement has \(parameters) parameters and was given \(values.count) values."
            )
        }
        for (index, value) in values.enumerated() {
            let code = bind(value, to: statement, at: Int32(clamping: index + 1))
            guard code == SQLITE_OK else { throw hostsFailure(code, watch) }
        }
        // It may be prepared anew while it runs.
        return try watch.watching { () throws(StoreError) in
            var rows: [[SQLValue]] = []
            while true {
                let code = sqlite3_step(statement)
                if code == SQLITE_DONE { return rows }
                guard code == SQLITE_ROW else { throw hostsFailure(code, watch) }
                guard rows.count < limit else {
                    throw StoreError(
                        .statement,
                        "The statement gives more than \(limit) rows; ask for fewer at a time."
                    )
                }
                rows.append(try exactValues(of: statement))
            }
        }
    }

    /// Prepares a text that has to be one statement.
    private func prepareHosts(_ sql: String, _ watch: HostGuard) throws(StoreError) -> OpaquePointer {
        guard !sql.utf8.contains(0) else {
            throw StoreError(.statement, "The statement contains NUL, where SQLite would end it.")
        }
        return try sql.utf8CString.withUnsafeBufferPointer { (text) throws(StoreError) in
            var statement: OpaquePointer?
            var rest: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v2(handle, text.baseAddress, -1, &statement, &rest)
            guard code == SQLITE_OK else { throw hostsFailure(code, watch) }
            guard let statement else { throw StoreError(.statement, "The text has no statement in it.") }
            var next: OpaquePointer?
            let restCode = sqlite3_prepare_v2(handle, rest, -1, &next, nil)
            guard restCode == SQLITE_OK, next == nil else {
                sqlite3_finalize(next)
                sqlite3_finalize(statement)
                throw StoreError(.statement, "The text has more than one statement in it; run one at a time.")
            }
            return statement
        }
    }

    private func exactValues(of statement: OpaquePointer) throws(StoreError) -> [SQLValue] {
        var values: [SQLValue] = []
        for index in 0..<sqlite3_column_count(statement) {
            guard sqlite3_column_type(statement, index) != SQLITE_FLOAT else {
                throw StoreError(
                    .statement,
                    "Column \(index + 1) is a REAL, which has no exact value here; cast it to INTEGER or TEXT."
                )
            }
            values.append(value(of: statement, at: index))
        }
        return values
    }

    /// Sorts a result code that a statement of the host's has led to.
    private func hostsFailure(_ code: Int32, _ watch: HostGuard) -> StoreError {
        let words = handle.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? ""
        switch code & 0xFF {
        case SQLITE_AUTH:
            return StoreError(.statement, watch.refusal)
        case SQLITE_CONSTRAINT:
            return StoreError(
                Self.isOfUniqueness(code) ? .unique : .constraint,
                "The statement would break a constraint: \(words)"
            )
        case SQLITE_ERROR, SQLITE_MISMATCH, SQLITE_RANGE, SQLITE_TOOBIG:
            return StoreError(.statement, "The statement is wrong: \(words)")
        default:
            return failure(code, "running the host's statement")
        }
    }

    /// Commits a transaction with statements of the host's in it.
    func commitHosts() throws(StoreError) {
        do throws(StoreError) {
            try commit()
        } catch {
            // Constraints that are told of only now are the host's: the kit's tables have none.
            let isDeferred = handle.map { sqlite3_extended_errcode($0) & 0xFF == SQLITE_CONSTRAINT } ?? false
            guard isDeferred else { throw error }
            throw StoreError(
                .constraint,
                "A foreign key of the host's tables does not hold at the transaction's end; nothing was written."
            )
        }
    }
}
#endif
