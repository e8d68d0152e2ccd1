#if SQLite
public import BillingKit
public import BillingSQL

/// One SQLite file: one connection that writes on a thread of its own, and beside it some that only read.
public final class SQLiteDatabase: SQLDatabase {
    private let thread: WorkerThread
    private let connection: ThreadBound<SQLiteConnection>
    private let readers: [SQLiteReader]
    private let group = WriteGroup()
    private let maintenance: Maintenance
    private let closing = Lock(false)

    /// The thread that writes, for others to run on between its transactions.
    var executor: any TaskExecutor { thread }

    /// Whether what takes long is to end early.
    var isClosing: Bool { closing.withLock { $0 } }

    init(path: String, settings: SQLiteSettings) async throws(StoreError) {
        let thread = try WorkerThread(name: "billing-sqlite")
        do throws(StoreError) {
            connection = try await thread.perform { () throws(StoreError) in
                ThreadBound(try SQLiteConnection(path: path, settings: settings))
            }
        } catch {
            thread.stop()
            throw error
        }
        self.thread = thread
        let connection = connection
        do throws(StoreError) {
            let file = try await thread.perform { () throws(StoreError) in connection.value.path }
            var readers: [SQLiteReader] = []
            for number in 0..<(settings.isExclusive ? 0 : max(0, settings.readerCount)) {
                readers.append(try await SQLiteReader(name: "billing-read-\(number)", path: file, settings: settings))
            }
            self.readers = readers
            maintenance = Maintenance(path: file, settings: settings)
        } catch {
            thread.enqueue { connection.value.close() }
            thread.stop()
            throw error
        }
    }

    deinit {
        let (connection, thread) = (connection, thread)
        // The readers first: whoever closes last copies the log into the database, and that is the writer's work.
        var finish: @Sendable () -> Void = {
            thread.enqueue { connection.value.close() }
            thread.stop()
        }
        for reader in readers + maintenance.takeReader() {
            let next = finish
            finish = { reader.abandon(then: next) }
        }
        finish()
    }

    /// Runs a transaction that writes, as if alone, and answers after its flush.
    ///
    /// Those that wait at once share the flush.
    public func write<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer {
        let (connection, group, thread) = (connection, group, thread)
        let result: Result<Answer, StoreError> = await withCheckedContinuation { caller in
            if group.add(WaitingTransaction(transaction, caller: caller)) {
                thread.enqueue { group.write(on: connection.value) }
            }
        }
        return try result.get()
    }

    /// Runs a transaction that only reads, beside those that write, and sees everything that was acknowledged before.
    public func read<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer {
        guard let reader = readers.min(by: { $0.load < $1.load }) else { return try await readInTurn(transaction) }
        return try await reader.perform { (connection) throws(StoreError) in
            try connection.perform(transaction, writing: false)
        }
    }

    /// Runs a transaction that only reads on the writer's connection, between those that write.
    ///
    /// For what a commit follows: the pages are in the writer's memory, where a reader loses its own with every
    /// commit.
    package func readInTurn<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer {
        let connection = connection
        return try await thread.perform { () throws(StoreError) in
            try connection.value.perform(transaction, writing: false)
        }
    }

    /// Runs a closure with the connection that writes, between its transactions.
    func withWriter<Answer: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer {
        let connection = connection
        return try await thread.perform { () throws(StoreError) in try body(connection.value) }
    }

    /// Runs something long that only reads, where nothing else waits for it.
    func maintain<Answer: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer {
        guard readers.isEmpty else { return try await maintenance.perform(body) }
        let connection = connection
        return try await thread.perform { () throws(StoreError) in try body(connection.value) }
    }

    func close() async {
        closing.withLock { $0 = true }
        await maintenance.close()
        for reader in readers { await reader.close() }
        let connection = connection
        try? await thread.perform { () throws(StoreError) in connection.value.close() }
    }
}

extension SQLiteDatabase {
    /// The connection for what takes long, opened when it is first needed.
    private final class Maintenance: Sendable {
        private enum State {
            case unused
            case open(SQLiteReader)
            case closed
        }

        private let path: String
        private let settings: SQLiteSettings
        private let state = Lock(State.unused)

        init(path: String, settings: SQLiteSettings) {
            self.path = path
            self.settings = settings
        }

        func perform<Answer: Sendable>(
            _ body: @escaping @Sendable (SQLiteConnection) throws(StoreError) -> Answer
        ) async throws(StoreError) -> Answer {
            try await reader().perform(body)
        }

        private func reader() async throws(StoreError) -> SQLiteReader {
            switch state.withLock({ $0 }) {
            case .open(let reader): return reader
            case .closed: throw StoreError(.closed, "The store of '\(path)' has been closed.")
            case .unused: break
            }
            let fresh = try await SQLiteReader(
                name: "billing-upkeep",
                path: path,
                settings: settings,
                isExaminer: true
            )
            // Another task may have been as quick, or the store closed meanwhile: then this one is not needed.
            let kept = state.withLock { state -> SQLiteReader? in
                switch state {
                case .unused:
                    state = .open(fresh)
                    return fresh
                case .open(let first): return first
                case .closed: return nil
                }
            }
            if kept !== fresh { fresh.abandon(then: {}) }
            guard let kept else { throw StoreError(.closed, "The store of '\(path)' has been closed.") }
            return kept
        }

        /// Takes the reader out for whoever closes it, and opens no other.
        func takeReader() -> [SQLiteReader] {
            state.withLock { state in
                defer { state = .closed }
                if case .open(let reader) = state { return [reader] }
                return []
            }
        }

        func close() async {
            for reader in takeReader() { await reader.close() }
        }
    }
}
#endif
