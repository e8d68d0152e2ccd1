#if SQLite
public import BillingKit

extension SQLiteStore {
    /// Runs the host's own statements and billing commands in one transaction: all of it is committed, or nothing.
    ///
    /// For what belongs together, such as a job's row and the use of its units:
    ///
    /// ```swift
    /// let answer = try await store.transaction(with: billing) { transaction in
    ///     let answer = try transaction.consume(of: .jobDescriptions, for: org, key: .job(id))
    ///     if case .consumed = answer {
    ///         try transaction.run("INSERT INTO jobs (id, org) VALUES (?1, ?2)", [.text(id), .text(org.rawValue)])
    ///     }
    ///     return answer
    /// }
    /// ```
    ///
    /// The body runs on the one thread that writes to the file, from its beginning to its end, and every other write of
    /// the server waits for it: keep it short, and wait for nothing in it. Each transaction has a flush of its own, where
    /// plain commands that wait together share one.
    ///
    /// Commands in it see the statements and commands before them. Afterwards `billing` has forgotten what it remembered of
    /// their customers and looks again. Another billing system on the store finds the account at another revision with its
    /// next command, and what it shows from memory may be as old as it says. Notices are told after the commit.
    ///
    /// A billing system that is shut down, or about to be, refuses commands in a transaction as it does alone: once
    /// `BillingSystem.run()` has been cancelled only what ends or extends work is taken, and in the end nothing.
    ///
    /// A task that is cancelled before its turn comes gets `CancellationError` and nothing is done; once the body has begun
    /// it is done whole, whatever becomes of the task. Closing the store waits for those that were asked for before.
    ///
    /// - Parameters:
    ///   - billing: The billing system that decides the commands, on this store.
    ///   - body: What is to be done. An error that it throws rolls everything back; a denial does not by itself.
    /// - Returns: What the body returns, after the commit has been flushed.
    /// - Throws: What the body throws; ``/BillingKit/StoreError``: `constraint` when a foreign key of the host's does not
    ///   hold at the end, `full`, `busy` or `closed` when nothing was written, `outcomeUnknown` when the disk failed during
    ///   the commit: asked again with the same keys, each command says then whether it was written, and the host's rows are
    ///   there exactly where that was. ``/BillingKit/BillingError`` with `notInTransaction` when the billing system keeps
    ///   its accounts elsewhere, with `shutDown` from a command of a system that has been shut down.
    @discardableResult
    public func transaction<Answer: Sendable>(
        with billing: BillingSystem,
        _ body: @escaping @Sendable (borrowing SQLiteTransaction) throws -> Answer
    ) async throws -> Answer {
        guard billing.isKept(in: self) else {
            throw BillingError(
                .notInTransaction,
                "The billing system keeps its accounts in another store, which cannot share a transaction with this one."
            )
        }
        let turn = Turn()
        return try await withTaskCancellationHandler {
            try await database.withWriter { (connection) throws(StoreError) -> Result<Answer, any Error> in
                guard turn.begin() else { return .failure(CancellationError()) }
                return Result { try SQLiteTransaction.Work.perform(body, on: connection, with: billing) }
            }.get()
        } onCancel: {
            turn.cancel()
        }
    }
}

/// Whether a transaction has begun, or was given up before.
private final class Turn: Sendable {
    private enum State {
        case waiting, begun, cancelled
    }

    private let state = Lock(State.waiting)

    /// Begins, and returns whether it may.
    func begin() -> Bool {
        state.withLock { state in
            guard state == .waiting else { return false }
            state = .begun
            return true
        }
    }

    func cancel() {
        state.withLock { if $0 == .waiting { $0 = .cancelled } }
    }
}
#endif
