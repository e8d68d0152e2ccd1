#if Postgres
import BillingKit
import BillingSQL

/// A transaction that waits for a connection, and who waits for its answer.
class PostgresMember: @unchecked Sendable {
    // Unchecked because only the thread that has taken it calls these, one after the other.

    /// Whether it writes.
    let isWriting: Bool
    /// Whether it locks an account and lets others have their turn while it waits for that.
    let takesTurns: Bool
    /// How long it has waited for an account, and how long it may.
    var wait = PostgresWait()

    init(isWriting: Bool, takesTurns: Bool = false) {
        self.isWriting = isWriting
        self.takesTurns = takesTurns
    }

    /// Goes back to the beginning.
    func begin() {}

    /// Takes the rows of the steps that were asked for, and returns the next; `nil` when there is an answer.
    func next(_ rows: [SQLRows]) throws(StoreError) -> [SQLStep]? { nil }

    /// Whether what was asked for last ends the transaction.
    var isInLastRound: Bool { true }

    /// Gives the caller the answer.
    func answer() {}

    /// Gives the caller an error.
    func fail(_ error: StoreError) {}

    /// A transaction with an answer.
    final class Transaction<Answer: Sendable>: PostgresMember, @unchecked Sendable {
        private let original: SQLTransaction<Answer>
        private var running: SQLTransaction<Answer>
        private let caller: CheckedContinuation<Result<Answer, StoreError>, Never>
        private var result: Result<Answer, StoreError> = .failure(StoreError(.corrupt, "A transaction was not run."))

        init(
            _ transaction: SQLTransaction<Answer>,
            isWriting: Bool,
            takesTurns: Bool = false,
            caller: CheckedContinuation<Result<Answer, StoreError>, Never>
        ) {
            original = transaction.careful
            // One that locks an account is begun again with whatever failed, and may try it hastily before.
            running = takesTurns ? transaction : original
            self.caller = caller
            super.init(isWriting: isWriting, takesTurns: takesTurns)
        }

        override func begin() {
            running = original
        }

        override func next(_ rows: [SQLRows]) throws(StoreError) -> [SQLStep]? {
            switch try running.next(rows) {
            case .run(let steps): return steps
            case .done(let answer):
                result = .success(answer)
                return nil
            }
        }

        override var isInLastRound: Bool { running.isInLastRound }

        override func answer() {
            caller.resume(returning: result)
        }

        override func fail(_ error: StoreError) {
            caller.resume(returning: .failure(error))
        }
    }
}
#endif
