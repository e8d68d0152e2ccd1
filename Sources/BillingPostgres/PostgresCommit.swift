#if Postgres
import BillingKit
import BillingSQL

/// The changes of one account that wait to be written.
struct PostgresCommit: Sendable {
    /// Whose account they change.
    let customer: CustomerID
    /// Whose answer they are part of, and which.
    let call: Call
    let index: Int
    /// How long it has waited for the account, and how long it may.
    var wait = PostgresWait()
    /// Whether a group failed that it was in, and it may have been another one's fault.
    var isFromFailedGroup = false

    /// The changes.
    var item: CommitRequest.Item { call.items[index] }

    func settle(_ outcome: CommitOutcome) {
        call.settle(index, .success(outcome))
    }

    func fail(_ error: StoreError) {
        call.settle(index, .failure(error))
    }

    /// Returns the changes of a call as what waits.
    static func all(of call: Call) -> [PostgresCommit] {
        call.items.indices.map { PostgresCommit(customer: call.items[$0].account.customer, call: call, index: $0) }
    }

    /// Returns changes in the order in which accounts are locked and made.
    static func sorted(_ commits: [PostgresCommit]) -> [PostgresCommit] {
        guard commits.count > 1 else { return commits }
        // What is moved about while it is sorted is small.
        var order = commits.indices.map { (customer: commits[$0].customer, index: $0) }
        order.sort { $0.customer < $1.customer }
        return order.map { commits[$0.index] }
    }

    /// Whether another transaction may be making the same account, or claiming the same name, which cannot be locked.
    var mayMeet: Bool {
        item.baseRevision == 0 || item.changes.contains { !$0.references.isEmpty }
    }
}

extension PostgresCommit {
    /// A caller, who is answered when everything that was asked is settled.
    final class Call: Sendable {
        private struct State {
            var outcomes: [Result<CommitOutcome, StoreError>?]
            var unsettled: Int
        }

        /// What was asked.
        let items: [CommitRequest.Item]
        private let state: Lock<State>
        private let caller: CheckedContinuation<Result<[CommitOutcome], StoreError>, Never>

        init(
            _ items: [CommitRequest.Item],
            caller: CheckedContinuation<Result<[CommitOutcome], StoreError>, Never>
        ) {
            self.items = items
            state = Lock(State(outcomes: Array(repeating: nil, count: items.count), unsettled: items.count))
            self.caller = caller
        }

        func settle(_ index: Int, _ outcome: Result<CommitOutcome, StoreError>) {
            let all = state.withLock { state -> [Result<CommitOutcome, StoreError>]? in
                state.outcomes[index] = outcome
                state.unsettled -= 1
                return state.unsettled == 0 ? state.outcomes.compactMap(\.self) : nil
            }
            if let all { caller.resume(returning: Self.answer(all)) }
        }

        /// Where some are written and others have failed for certain, the answer says of each which: what a conflict says is
        /// that nothing was written and that it may be asked for again, and then it fails by itself.
        private static func answer(
            _ outcomes: [Result<CommitOutcome, StoreError>]
        ) -> Result<[CommitOutcome], StoreError> {
            var (answers, errors): ([CommitOutcome], [StoreError]) = ([], [])
            for outcome in outcomes {
                switch outcome {
                case .success(let answer): answers.append(answer)
                case .failure(let error):
                    answers.append(.conflict)
                    errors.append(error)
                }
            }
            guard let error = errors.first(where: { $0.code == .outcomeUnknown }) ?? errors.first else {
                return .success(answers)
            }
            guard answers.contains(.committed), error.code != .outcomeUnknown else { return .failure(error) }
            return .success(answers)
        }
    }
}
#endif
