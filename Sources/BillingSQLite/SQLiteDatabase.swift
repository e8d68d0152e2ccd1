#if SQLite
public import BillingKit
public import BillingSQL

/// One SQLite file, with one connection on one thread.
public final class SQLiteDatabase: SQLDatabase {
    private let thread: WorkerThread
    private let connection: ThreadBound<SQLiteConnection>
    private let group = WriteGroup()

    init(path: String, busyTimeout: Duration) async throws(StoreError) {
        let thread = try WorkerThread(name: "billing-sqlite")
        do throws(StoreError) {
            connection = try await thread.perform { () throws(StoreError) in
                ThreadBound(try SQLiteConnection(path: path, busyTimeout: busyTimeout))
            }
        } catch {
            thread.stop()
            throw error
        }
        self.thread = thread
    }

    deinit {
        let connection = connection
        thread.enqueue { connection.value.close() }
        thread.stop()
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

    /// Runs a transaction that only reads, between those that write.
    public func read<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer {
        let connection = connection
        return try await thread.perform { () throws(StoreError) in
            try connection.value.perform(transaction, writing: false)
        }
    }

    func close() async {
        let connection = connection
        try? await thread.perform { () throws(StoreError) in connection.value.close() }
    }
}

/// A transaction that waits for the connection, and who waits for its answer.
private final class WaitingTransaction<Answer: Sendable>: WriteGroup.Member, @unchecked Sendable {
    private let transaction: SQLTransaction<Answer>
    private let caller: CheckedContinuation<Result<Answer, StoreError>, Never>
    private var result: Result<Answer, StoreError> = .failure(StoreError(.corrupt, "A transaction was not run."))

    init(
        _ transaction: SQLTransaction<Answer>,
        caller: CheckedContinuation<Result<Answer, StoreError>, Never>
    ) {
        self.transaction = transaction
        self.caller = caller
    }

    override func run(on connection: SQLiteConnection) throws(StoreError) {
        result = .success(try connection.run(transaction))
    }

    override func answer() {
        caller.resume(returning: result)
    }

    override func fail(_ error: StoreError) {
        caller.resume(returning: .failure(error))
    }
}

/// A value that only the worker thread touches.
///
/// Unchecked because the compiler cannot see it: the value is made on the thread, and every use above is
/// inside a closure that the thread runs.
private struct ThreadBound<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}
#endif
