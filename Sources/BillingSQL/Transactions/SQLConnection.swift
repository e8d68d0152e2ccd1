public import BillingKit

/// A connection to a database, in the hands of the kit or of the host.
///
/// It runs the steps it is given in order, inside whatever transaction is open on it, each step for each of its
/// rows, and returns the rows of each step. It sorts the database's errors into the codes of
/// ``/BillingKit/StoreError``, and returns text and bytes as they were written.
public protocol SQLConnection {
    /// Runs steps in order.
    ///
    /// - Returns: The rows of each step, in order.
    func run(_ steps: [SQLStep]) async throws(StoreError) -> [SQLRows]
}

extension SQLConnection {
    /// Drives a transaction to its answer, inside whatever transaction is open on the connection.
    public func run<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer {
        // What was written on this connection is the host's to undo.
        var transaction = transaction.careful
        var rows: [SQLRows] = []
        while true {
            switch try transaction.next(rows) {
            case .run(let steps): rows = try await run(steps)
            case .done(let answer): return answer
            }
        }
    }
}
