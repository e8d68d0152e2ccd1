package import BillingKit

extension SQLTransaction<[CommitOutcome]> {
    /// Writes changes.
    ///
    /// Where nothing but revisions and the changes' own keys decides whether they may be made, they are written at once:
    /// an account at another revision is not changed, and a key that was used cannot be added again. Both are rare, and
    /// asking for them costs as much as writing.
    package static func committing(_ request: CommitRequest) -> SQLTransaction {
        guard request.items.allSatisfy(\.isWritable) else { return asking(request) }
        let steps = CommitSteps(request.items, heldGrants: [:])
        // Not the gathered rows themselves are held for the answer, which are many lists.
        let (count, advanceCount, others) = (request.items.count, steps.advanceCount, steps.otherSteps)
        let (balanceSteps, balanceCount) = (steps.balanceSteps, steps.balanceCount)
        // The rest says by how much numbers change, which no check of a table need let pass on another revision's.
        return SQLTransaction(
            .run(steps.advanceSteps) { (rows) throws(StoreError) in
                guard rows.reduce(0, { $0 + $1.changed }) == advanceCount else {
                    throw StoreError(.unique, "An account is at another revision than the one that its changes follow.")
                }
                return .finish(balanceSteps + others) { (rows) throws(StoreError) in
                    guard rows.prefix(balanceSteps.count).reduce(0, { $0 + $1.changed }) == balanceCount else {
                        throw StoreError.lostBalance
                    }
                    return [CommitOutcome](repeating: .committed, count: count)
                }
            },
            orElse: { asking(request) }
        )
    }

    /// Asks what decides whether changes may be made, then writes those that may.
    ///
    /// - Parameters:
    ///   - request: The changes.
    ///   - locks: The locks that are taken on the accounts before; without any, nobody else may write meanwhile.
    /// - Returns: The transaction.
    static func asking(_ request: CommitRequest, locks: AccountLocks? = nil) -> SQLTransaction {
        let questions = CommitQuestions(request.items, locks: locks)
        return SQLTransaction(
            .run(questions.steps) { (rows) throws(StoreError) in
                let answers = try questions.answers(from: rows)
                let outcomes = answers.outcomes(of: request.items)
                let commit = CommitSteps(request.items.winners(outcomes), heldGrants: answers.heldGrants)
                let (lost, steps) = (commit.lostBalanceSteps, commit.steps)
                guard !steps.isEmpty else { return .done(outcomes) }
                guard !lost.isEmpty else { return .finish(steps) { _ throws(StoreError) in outcomes } }
                // Not every driver says how many rows it has changed. Which are not there, any can be asked.
                return .finish(lost + steps) { (rows) throws(StoreError) in
                    guard rows.prefix(lost.count).allSatisfy(\.rows.isEmpty) else { throw StoreError.lostBalance }
                    return outcomes
                }
            }
        )
    }

    /// Writes changes in a database where others write at the same time, with one round of steps.
    ///
    /// Where an account is at another revision, a step fails, and so it does where a key was used. Where one is locked by
    /// another transaction, a step fails too: either because the accounts are locked before anything is written, as far as
    /// they are free, or because whoever advances them waits for next to nothing.
    ///
    /// - Parameters:
    ///   - request: The changes; nothing but revisions and the changes' own keys may decide whether they may be made, see
    ///     `isWritable`.
    ///   - impatience: The step that has the database wait no longer than it can help for whoever has a row locked, and the
    ///     one that has it wait as long as before. Without them the accounts are locked first, in the order of their names,
    ///     which makes sure that nothing is waited for, and has the database find and mark each account once more.
    /// - Returns: The transaction. It fails with `unique` where anything stands in the way, and with `lockTimeout` where it
    ///   does not wait for that.
    package static func committingAtOnce(
        _ request: CommitRequest,
        impatience: (begin: SQLStep, end: SQLStep)? = nil
    ) -> SQLTransaction {
        let items = request.items
        let steps = CommitSteps(items, heldGrants: [:])
        var advance = steps.advanceSteps
        if !advance.isEmpty {
            if let impatience {
                advance = [impatience.begin] + advance + [impatience.end]
            } else if let guarding = AccountLocks(items).guardStep {
                advance.insert(guarding, at: 0)
            }
        }
        return SQLTransaction(
            .finish(advance + steps.balanceSteps + steps.otherSteps) { _ throws(StoreError) in
                items.map { _ in .committed }
            }
        )
    }

    /// Locks accounts in the order of their names, asks what decides whether changes may be made once they are locked,
    /// then writes those that may.
    ///
    /// - Parameters:
    ///   - request: The changes.
    ///   - isWaiting: Whether to wait for whoever has an account locked; otherwise the outcome of such an account is
    ///     `locked`.
    /// - Returns: The transaction. It fails with `unique` where another one makes the same account, or claims the same
    ///   name, at the same time.
    package static func committingLocked(_ request: CommitRequest, isWaiting: Bool) -> SQLTransaction {
        asking(request, locks: AccountLocks(request.items, isWaiting: isWaiting))
    }
}

extension StoreError {
    fileprivate static let lostBalance = StoreError(.corrupt, "The balance of an account that was used is not there.")
}

extension [CommitRequest.Item] {
    /// Returns those whose changes are to be written.
    fileprivate func winners(_ outcomes: [CommitOutcome]) -> [CommitRequest.Item] {
        zip(self, outcomes).filter { $1 == .committed }.map(\.0)
    }
}

extension CommitRequest.Item {
    /// Whether nothing has to be asked before the changes are written.
    package var isWritable: Bool {
        guard assumedKeys.isEmpty, !changes.isEmpty else { return false }
        return changes.allSatisfy { change in
            guard change.references.isEmpty else { return false }
            let effects = change.effects
            let lent = effects.span
            // An effect that is handed on is copied.
            for index in lent.indices { if case .holdEnded = lent[index] { return false } }
            return true
        }
    }
}
