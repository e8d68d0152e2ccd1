#if SQLite
public import BillingKit
public import BillingSQL

/// One SQLite file, with one connection on one thread.
public final class SQLiteDatabase: SQLDatabase {
    private let thread: WorkerThread
    private let connection: ThreadBound<SQLiteConnection>

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

    /// Runs a transaction that writes, alone, and answers after its flush.
    public func write<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer {
        let connection = connection
        return try await thread.perform { () throws(StoreError) in
            try connection.value.perform(transaction, writing: true)
        }
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
