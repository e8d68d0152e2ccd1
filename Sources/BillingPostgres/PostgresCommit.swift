#if Postgres
import BillingKit
import BillingSQL

/// The changes of one account that wait to be written.
struct PostgresCommit: Sendable {
    /// The changes.
    let item: CommitRequest.Item
    /// Whose answer they are part of, and which.
    let call: Call
    let index: Int
    /// How long others have kept the account locked so far, in microseconds.
    var waited: Int64 = 0

    func settle(_ outcome: CommitOutcome) {
        call.settle(index, .success(outcome))
    }

    func fail(_ error: StoreError) {
        call.settle(index, .failure(error))
    }

    /// Returns the changes of a request as what waits.
    static func all(of request: CommitRequest, for call: Call) -> [PostgresCommit] {
        request.items.enumerated().map { PostgresCommit(item: $1, call: call, index: $0) }
    }
}

extension PostgresCommit {
    /// A caller, who is answered when everything that was asked is settled.
    final class Call: Sendable {
        private struct State {
            var outcomes: [Result<CommitOutcome, StoreError>?]
            var unsettled: Int
        }

        private let state: Lock<State>
        private let caller: CheckedContinuation<Result<[CommitOutcome], StoreError>, Never>

        init(count: Int, caller: CheckedContinuation<Result<[CommitOutcome], StoreError>, Never>) {
            state = Lock(State(outcomes: Array(repeating: nil, count: count), unsettled: count))
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

        /// Some may be written and others have failed: then nobody may think that nothing was.
        private static func answer(
            _ outcomes: [Result<CommitOutcome, StoreError>]
        ) -> Result<[CommitOutcome], StoreError> {
            var (answers, errors): ([CommitOutcome], [StoreError]) = ([], [])
            for outcome in outcomes {
                switch outcome {
                case .success(let answer): answers.append(answer)
                case .failure(let error): errors.append(error)
                }
            }
            guard let error = errors.first(where: { $0.code == .outcomeUnknown }) ?? errors.first else {
                return .success(answers)
            }
            guard answers.contains(.committed), error.code != .outcomeUnknown else { return .failure(error) }
            return .failure(
                StoreError(.outcomeUnknown, "Some of the changes were written, others not. \(error.message)")
            )
        }
    }
}
#endif
