#if SQLite
import BillingKit
import BillingSQL
import CBillingSQLite

/// A connection to a file, used by one thread only.
final class SQLiteConnection {
    private(set) var handle: OpaquePointer?
    private var statements: [SQLStatement: OpaquePointer] = [:]
    private var lock: FileLock?
    private let isReader: Bool
    /// What watches over statements of the host's, once there was one.
    var guardOfHost: HostGuard?

    /// The path of the file, without links and detours where it has been found.
    let path: String

    /// Opens the one connection that writes, and creates the file where it is missing.
    init(path: String, settings: SQLiteSettings) throws(StoreError) {
        let lock = settings.isExclusive ? nil : try FileLock(besideDatabase: path)
        self.lock = lock
        self.path = lock?.databasePath ?? path
        isReader = false
        do throws(StoreError) {
            try open(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, settings)
            try checkLibrary()
            // Without memory to share it with others, the log can only be used by one.
            if settings.isExclusive { try execute("PRAGMA locking_mode = EXCLUSIVE") }
            // A new file's way into WAL mode ends with the removal of a rollback journal, and only EXTRA flushes that: were
            // the journal there again after a loss of power, it would undo all that has been committed since.
            try execute("PRAGMA synchronous = EXTRA")
            // Only a file without a page takes this in.
            try execute("PRAGMA page_size = \(settings.pageBytes)")
            try expectWAL()
            // The checkpoint is left to this one connection.
            for pragma in settings.writerPragmas(pageBytes: try pageBytes()) { try execute("PRAGMA \(pragma)") }
        } catch {
            close()
            throw error
        }
    }

    /// Opens a connection that only reads a file which is open for writing already.
    ///
    /// An examiner has to know the conditions on columns. SQLite does not even read them where it is told when opening
    /// that nothing will be written, and would then find that all of them hold.
    init(readingFrom path: String, settings: SQLiteSettings, isExaminer: Bool = false) throws(StoreError) {
        self.path = path
        isReader = true
        do throws(StoreError) {
            try open(isExaminer ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY, settings)
            billing_sqlite_keep_log_on_close(handle)
            for pragma in SQLiteSettings.readerPragmas { try execute("PRAGMA \(pragma)") }
        } catch {
            close()
            throw error
        }
    }

    private func open(_ access: Int32, _ settings: SQLiteSettings) throws(StoreError) {
        let flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &handle, flags, settings.fileSystem)
        guard code == SQLITE_OK else { throw failure(code, "opening") }
        let milliseconds = max(0, settings.busyTimeout.wholeMicroseconds / 1_000)
        sqlite3_busy_timeout(handle, Int32(clamping: milliseconds))
    }

    /// Puts the file into WAL mode, which SQLite answers with the mode that it is in: some files cannot be.
    private func expectWAL() throws(StoreError) {
        let answer = try run(SQLStep(SQLStatement("PRAGMA journal_mode = WAL"))).rows.first?.first
        guard answer == .text("wal") else {
            throw StoreError(
                .cannotOpen,
                "'\(path)' cannot be put into WAL mode; it needs a disk of this machine that can share memory."
            )
        }
    }

    /// Returns the bytes of a page of the file.
    private func pageBytes() throws(StoreError) -> Int {
        guard case .integer(let bytes) = try run(SQLStep(SQLStatement("PRAGMA page_size"))).rows.first?.first, bytes > 0
        else { throw StoreError(.cannotOpen, "SQLite does not say how large the pages of '\(path)' are.") }
        return Int(bytes)
    }

    /// STRICT tables came with 3.37.0, RETURNING before.
    private func checkLibrary() throws(StoreError) {
        guard sqlite3_libversion_number() >= 3_037_000 else {
            throw StoreError(
                .cannotOpen,
                "The SQLite library is version \(String(cString: sqlite3_libversion())); 3.37.0 or later is needed."
            )
        }
    }

    func close() {
        // SQLite does it by itself, but not while another program has the file open.
        if handle != nil, !isReader { try? execute("PRAGMA wal_checkpoint(PASSIVE)") }
        for statement in statements.values { sqlite3_finalize(statement) }
        statements = [:]
        sqlite3_close_v2(handle)
        handle = nil
        lock = nil
    }

    private static let begin = SQLStatement("BEGIN")
    private static let beginWriting = SQLStatement("BEGIN IMMEDIATE")
    private static let commit = SQLStatement("COMMIT")
    private static let rollback = SQLStatement("ROLLBACK")

    /// Whether a transaction is open; after some errors SQLite ends it by itself.
    var isInTransaction: Bool { handle.map { sqlite3_get_autocommit($0) == 0 } ?? false }

    /// Runs a transaction from its beginning to its commit.
    func perform<Answer>(
        _ transaction: SQLTransaction<Answer>,
        writing: Bool
    ) throws(StoreError) -> Answer {
        try begin(writing: writing)
        do throws(StoreError) {
            let answer = try run(transaction.careful)
            if writing { try commit() } else { try execute(Self.commit) }
            return answer
        } catch {
            rollBack()
            throw error
        }
    }

    private static let savepoint = SQLStatement("SAVEPOINT part")
    private static let release = SQLStatement("RELEASE part")
    private static let undo = SQLStatement("ROLLBACK TO part")

    /// Does a part of the open transaction, of which nothing is left where it fails and the rest goes on.
    func performPart<Answer>(_ body: () throws(StoreError) -> Answer) throws(StoreError) -> Answer {
        try execute(Self.savepoint)
        do throws(StoreError) {
            let answer = try body()
            try execute(Self.release)
            return answer
        } catch {
            // After some errors SQLite has ended the whole transaction by itself.
            if isInTransaction {
                try execute(Self.undo)
                try execute(Self.release)
            }
            throw error
        }
    }

    /// Begins a transaction.
    func begin(writing: Bool) throws(StoreError) {
        try expectOpen()
        // A transaction that begins as a reader and then writes is refused at once where another one writes,
        // whatever the timeout; so one that will write says so from the start.
        try execute(writing ? Self.beginWriting : Self.begin)
    }

    /// Makes sure that the connection has not been closed.
    func expectOpen() throws(StoreError) {
        guard handle != nil else { throw StoreError(.closed, "The store of '\(path)' has been closed.") }
    }

    /// Drives a transaction to its answer, inside the one that is open.
    func run<Answer>(_ transaction: SQLTransaction<Answer>) throws(StoreError) -> Answer {
        var transaction = transaction
        var rows: [SQLRows] = []
        while true {
            switch try transaction.next(rows) {
            case .run(let steps):
                rows = []
                for step in steps { rows.append(try run(step)) }
            case .done(let answer): return answer
            }
        }
    }

    /// Commits the open transaction, which has written.
    func commit() throws(StoreError) {
        do throws(StoreError) {
            try execute(Self.commit)
        } catch {
            // When the disk fails while a commit is flushed, nobody can say what a later reader will find.
            guard error.code == .connectionLost else { throw error }
            throw StoreError(.outcomeUnknown, "The disk failed during a commit. \(error.message)")
        }
    }

    /// Rolls back what is open.
    func rollBack() {
        // After some errors SQLite has rolled back by itself.
        if isInTransaction { try? execute(Self.rollback) }
    }

    /// Runs a statement that has no parameters and gives no rows.
    func execute(_ statement: SQLStatement) throws(StoreError) {
        _ = try run(SQLStep(statement))
    }

    /// Runs a statement that is used once or twice.
    func execute(_ text: String) throws(StoreError) {
        _ = try run(SQLStep(SQLStatement(text)))
    }

    /// Runs a step for each of its rows.
    func run(_ step: SQLStep) throws(StoreError) -> SQLRows {
        let statement = try prepared(step.statement)
        defer { sqlite3_reset(statement) }
        let isWriting = sqlite3_stmt_readonly(statement) == 0
        var changed = 0
        var rows: [[SQLValue]] = []
        for row in 0..<step.rowCount {
            // What a parameter was bound to stays until it is bound anew, and every one is, for every row.
            for (index, column) in step.columns.enumerated() {
                try check(bind(column, row: row, to: statement, at: Int32(index + 1)), "binding")
            }
            while true {
                let code = sqlite3_step(statement)
                if code == SQLITE_DONE { break }
                guard code == SQLITE_ROW else { throw failure(code, "running") }
                rows.append(values(of: statement))
            }
            if isWriting { changed += Int(sqlite3_changes(handle)) }
            sqlite3_reset(statement)
        }
        return SQLRows(rows, changed: changed)
    }

    private func prepared(_ statement: SQLStatement) throws(StoreError) -> OpaquePointer {
        if let known = statements[statement] { return known }
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(
            handle,
            statement.text,
            -1,
            UInt32(SQLITE_PREPARE_PERSISTENT),
            &prepared,
            nil
        )
        guard code == SQLITE_OK, let prepared else { throw failure(code, "preparing") }
        statements[statement] = prepared
        return prepared
    }

    private func bind(_ column: SQLColumn, row: Int, to statement: OpaquePointer, at index: Int32) -> Int32 {
        switch column {
        case .integers(let values):
            guard let integer = values[row] else { return sqlite3_bind_null(statement, index) }
            return sqlite3_bind_int64(statement, index, integer)
        case .texts(let values):
            guard let text = values[row] else { return sqlite3_bind_null(statement, index) }
            return bind(text, to: statement, at: index)
        case .blobs(let values):
            guard let bytes = values[row] else { return sqlite3_bind_null(statement, index) }
            return bind(bytes, to: statement, at: index)
        }
    }

    /// Binds one value.
    func bind(_ value: SQLValue, to statement: OpaquePointer, at index: Int32) -> Int32 {
        switch value {
        case .null: sqlite3_bind_null(statement, index)
        case .integer(let integer): sqlite3_bind_int64(statement, index, integer)
        case .text(let text): bind(text, to: statement, at: index)
        case .blob(let bytes): bind(bytes, to: statement, at: index)
        }
    }

    private func bind(_ bytes: [UInt8], to statement: OpaquePointer, at index: Int32) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            billing_sqlite_bind_blob(statement, index, buffer.baseAddress, Int32(clamping: buffer.count))
        }
    }

    private func bind(_ text: String, to statement: OpaquePointer, at index: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                // An empty string may have no address, and no address would bind NULL.
                guard let base = characters.baseAddress else {
                    return billing_sqlite_bind_text(statement, index, "", 0)
                }
                return billing_sqlite_bind_text(statement, index, base, Int32(clamping: characters.count))
            }
        }
    }

    private func values(of statement: OpaquePointer) -> [SQLValue] {
        (0..<sqlite3_column_count(statement)).map { value(of: statement, at: $0) }
    }

    /// Returns what a column of the row has; a REAL, which no column of the kit's can, is `null`.
    func value(of statement: OpaquePointer, at index: Int32) -> SQLValue {
        // The type is asked first, because asking for bytes may change it.
        switch sqlite3_column_type(statement, index) {
        case SQLITE_INTEGER:
            return .integer(sqlite3_column_int64(statement, index))
        case SQLITE_TEXT:
            guard let bytes = sqlite3_column_text(statement, index) else { return .text("") }
            let buffer = UnsafeBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, index)))
            return .text(String(decoding: buffer, as: UTF8.self))
        case SQLITE_BLOB:
            guard let bytes = sqlite3_column_blob(statement, index) else { return .blob([]) }
            let count = Int(sqlite3_column_bytes(statement, index))
            return .blob([UInt8](UnsafeRawBufferPointer(start: bytes, count: count)))
        default:
            return .null
        }
    }

    /// Whether the broken constraint that a code tells of is that something is there once.
    static func isOfUniqueness(_ code: Int32) -> Bool {
        // The extended codes of UNIQUE, PRIMARY KEY and ROWID, which Swift does not import.
        [8, 6, 10].contains(code >> 8)
    }

    private func check(_ code: Int32, _ doing: String) throws(StoreError) {
        if code != SQLITE_OK { throw failure(code, doing) }
    }

    /// Sorts a result code of SQLite into the kit's, with SQLite's own words and without any value of a row.
    func failure(_ code: Int32, _ doing: String) -> StoreError {
        let words = handle.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) }
        let reason = "\(words ?? String(cString: sqlite3_errstr(code))) (SQLite code \(code))"
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED:
            return StoreError(
                .busy,
                "'\(path)' is locked by another program; end its transaction and try again. \(reason)"
            )
        case SQLITE_FULL:
            return StoreError(.full, "The disk of '\(path)' is full; make room and try again. \(reason)")
        case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH:
            return StoreError(
                .cannotOpen,
                "'\(path)' cannot be opened for writing; check that its folder exists and may be written. \(reason)"
            )
        case SQLITE_NOTADB:
            return StoreError(.cannotOpen, "'\(path)' is not a SQLite database. \(reason)")
        case SQLITE_CONSTRAINT:
            return StoreError(
                Self.isOfUniqueness(code) ? .unique : .corrupt,
                "A constraint of '\(path)' was not met while \(doing). \(reason)"
            )
        case SQLITE_IOERR:
            return StoreError(.connectionLost, "The disk of '\(path)' failed; nothing was written. \(reason)")
        default:
            return StoreError(.corrupt, "SQLite failed on '\(path)' while \(doing). \(reason)")
        }
    }
}
#endif
