#if SQLite
import BillingKit
import BillingSQL

/// A connection that only reads, on a thread of its own.
///
/// It writes neither the file nor its log and copies nothing from one into the other: SQLite before 3.51.3 can
/// corrupt a database when two connections do.
final class SQLiteReader: Sendable {
    private let thread: WorkerThread
    private let connection: ThreadBound<SQLiteConnection>
    private let waiting = Lock(0)

    init(
        name: String,
        path: String,
        settings: SQLiteSettings,
        isExaminer: Bool = false
    ) async throws(StoreError) {
        let thread = try WorkerThread(name: name)
        do throws(StoreError) {
            connection = try await thread.perform { () throws(StoreError) in
                ThreadBound(try SQLiteConnection(readingFrom: path, settings: settings, isExaminer: isExaminer))
            }
        } catch {
            thread.stop()
            throw error
        }
        self.thread = thread
    }

    /// How many requests wait or are at work here.
    var load: Int { waiting.withLock { $0 } }

    /// Runs a closure with the connection, after what was asked before.
    func perform<Answer: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer {
        waiting.withLock { $0 += 1 }
        defer { waiting.withLock { $0 -= 1 } }
        let connection = connection
        return try await thread.perform { () throws(StoreError) in try body(connection.value) }
    }

    /// Closes the connection after what was asked before; later requests fail with `closed`.
    func close() async {
        try? await perform { (connection) throws(StoreError) in connection.close() }
    }

    /// Closes the connection for good when there is nobody to wait for it.
    func abandon(then next: @escaping @Sendable () -> Void) {
        let (connection, thread) = (connection, thread)
        thread.enqueue {
            connection.value.close()
            next()
        }
        thread.stop()
    }
}
#endif
