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
        return SQLTransaction(
            .run(steps.steps) { (rows) throws(StoreError) in
                guard steps.haveAdvancedAll(rows) else {
                    throw StoreError(.unique, "An account is at another revision than the one that its changes follow.")
                }
                return .done(request.items.map { _ in .committed })
            },
            orElse: { asking(request) }
        )
    }

    /// Asks what decides whether changes may be made, then writes those that may.
    private static func asking(_ request: CommitRequest) -> SQLTransaction {
        let questions = CommitQuestions(request.items)
        return SQLTransaction(
            .run(questions.steps) { (rows) throws(StoreError) in
                let answers = try questions.answers(from: rows)
                let outcomes = answers.outcomes(of: request.items)
                let winners = zip(request.items, outcomes).filter { $1 == .committed }.map(\.0)
                let steps = CommitSteps(winners, heldGrants: answers.heldGrants).steps
                guard !steps.isEmpty else { return .done(outcomes) }
                return .run(steps) { _ throws(StoreError) in .done(outcomes) }
            }
        )
    }
}

extension CommitRequest.Item {
    /// Whether nothing has to be asked before the changes are written.
    fileprivate var isWritable: Bool {
        guard assumedKeys.isEmpty, !changes.isEmpty else { return false }
        return changes.allSatisfy { change in
            change.references.isEmpty
                && change.effects.allSatisfy { if case .holdEnded = $0 { false } else { true } }
        }
    }
}
