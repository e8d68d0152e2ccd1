#if SQLite
import BillingKit
import BillingSQL
import CBillingSQLite

extension SQLiteDatabase {
    /// Writes a copy of the file as it is at one instant.
    func backUp(to path: String) async throws(StoreError) {
        try await maintain { (connection) throws(StoreError) in
            try connection.expectOpen()
            var file = try BackupFile(at: path)
            let copy = try BackupCopy(at: file.partialPath)
            try copy.fill(from: connection) { self.isClosing }
            try copy.finish()
            try file.publish()
        }
    }
}

/// The connection to a copy that is being made.
private final class BackupCopy {
    /// As many pages are copied between two looks at whether to go on: at 2 KiB each, a few milliseconds.
    private static let pagesPerStep: Int32 = 2_048

    private var handle: OpaquePointer?
    private let path: String

    init(at path: String) throws(StoreError) {
        self.path = path
        var handle: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &handle, flags, nil)
        self.handle = handle
        guard code == SQLITE_OK else { throw failure(code) }
        // A copy that is cut off is thrown away, so nothing has to be undone; it is flushed when it is whole.
        for pragma in ["locking_mode = EXCLUSIVE", "journal_mode = OFF", "synchronous = OFF"] {
            try execute("PRAGMA \(pragma)")
        }
    }

    deinit {
        sqlite3_close_v2(handle)
    }

    /// Copies every page, all of one instant.
    func fill(from source: SQLiteConnection, until isStopped: () -> Bool) throws(StoreError) {
        // What is open on the source keeps its instant between the steps; else every commit would begin the copy anew.
        try source.execute("BEGIN")
        defer { try? source.execute("ROLLBACK") }
        try source.execute("SELECT count(*) FROM sqlite_schema")
        guard let backup = sqlite3_backup_init(handle, "main", source.handle, "main") else {
            throw failure(sqlite3_extended_errcode(handle))
        }
        var code = SQLITE_OK
        while code == SQLITE_OK, !isStopped() { code = sqlite3_backup_step(backup, Self.pagesPerStep) }
        let end = sqlite3_backup_finish(backup)
        if code == SQLITE_OK { throw StoreError(.closed, "The store was closed before its copy '\(path)' was whole.") }
        guard code == SQLITE_DONE, end == SQLITE_OK else { throw failure(code == SQLITE_DONE ? end : code) }
    }

    /// Makes one plain file of the copy, reads all of it again, and closes it.
    func finish() throws(StoreError) {
        // A file in WAL mode could not be read from a folder that cannot be written.
        guard try words("PRAGMA journal_mode = DELETE") == ["delete"] else {
            throw StoreError(.corrupt, "The copy '\(path)' cannot be taken out of WAL mode.")
        }
        let findings = try words("PRAGMA quick_check")
        guard findings == ["ok"] else {
            throw StoreError(.corrupt, "The copy '\(path)' is not sound: \(findings.joined(separator: "; "))")
        }
        let code = sqlite3_close(handle)
        guard code == SQLITE_OK else { throw failure(code) }
        handle = nil
    }

    private func execute(_ sql: String) throws(StoreError) {
        _ = try words(sql)
    }

    /// Returns the first column of the rows of a statement.
    private func words(_ sql: String) throws(StoreError) -> [String] {
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        let prepared = sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
        guard prepared == SQLITE_OK else { throw failure(prepared) }
        var words: [String] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: words.append(sqlite3_column_text(statement, 0).map { String(cString: $0) } ?? "")
            case SQLITE_DONE: return words
            case let code: throw failure(code)
            }
        }
    }

    private func failure(_ code: Int32) -> StoreError {
        let reason = "\(String(cString: sqlite3_errstr(code))) (SQLite code \(code))"
        switch code & 0xFF {
        case SQLITE_FULL: return StoreError(.full, "There is no room for the copy '\(path)'. \(reason)")
        case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY:
            return StoreError(.cannotOpen, "The copy '\(path)' cannot be written. \(reason)")
        case SQLITE_CORRUPT, SQLITE_NOTADB: return StoreError(.corrupt, "The copy '\(path)' is not sound. \(reason)")
        default: return StoreError(.connectionLost, "The copy '\(path)' failed. \(reason)")
        }
    }
}
#endif
