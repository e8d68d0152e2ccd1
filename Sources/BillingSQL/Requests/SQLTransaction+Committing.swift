package import BillingKit

extension SQLTransaction<[CommitOutcome]> {
    /// Writes changes: asks what decides whether they may be made, then writes those that may.
    package static func committing(_ request: CommitRequest) -> SQLTransaction {
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
