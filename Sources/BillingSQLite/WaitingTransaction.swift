#if SQLite
import BillingKit
import BillingSQL

/// A transaction that waits for the connection, and who waits for its answer.
///
/// Unchecked for the same reason as what it inherits from: only the connection's thread calls it.
final class WaitingTransaction<Answer: Sendable>: WriteGroup.Member, @unchecked Sendable {
    private var transaction: SQLTransaction<Answer>
    private let caller: CheckedContinuation<Result<Answer, StoreError>, Never>
    private var result: Result<Answer, StoreError> = .failure(StoreError(.corrupt, "A transaction was not run."))

    init(
        _ transaction: SQLTransaction<Answer>,
        caller: CheckedContinuation<Result<Answer, StoreError>, Never>
    ) {
        self.transaction = transaction
        self.caller = caller
    }

    override var isHasty: Bool { transaction.isHasty }

    override func becomeCareful() {
        transaction = transaction.careful
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
#endif
