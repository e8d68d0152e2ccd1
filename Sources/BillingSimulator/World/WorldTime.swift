import BillingKit

/// The time of a world, which passes when the world says so.
final class WorldTime: Sendable {
    /// Who sleeps.
    enum Purpose: Hashable, Sendable {
        /// A server, between two looks at what is to do.
        case polling
        /// Something that an answer waits for.
        case answering
    }

    private struct Sleeper {
        let id: Int
        let life: Int
        let purpose: Purpose
        let wakesAt: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Timestamp
        var sleepers: [Sleeper] = []
        var nextID = 0
    }

    private let state: Lock<State>

    init(from now: Timestamp) {
        state = Lock(State(now: now))
    }

    var now: Timestamp { state.withLock(\.now) }

    /// Whether something sleeps that an answer waits for.
    var isAnswering: Bool { state.withLock { $0.sleepers.contains { $0.purpose == .answering } } }

    /// Lets time pass, and wakes who has slept long enough.
    func pass(_ duration: Duration) {
        let due = state.withLock { state in
            let now = state.now.advanced(by: duration)
            state.now = now
            defer { state.sleepers.removeAll { $0.wakesAt <= now } }
            return state.sleepers.filter { $0.wakesAt <= now }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Lets time pass until somebody whom an answer waits for wakes up.
    func passToNextAnswer() {
        let wakesAt = state.withLock { state in
            state.sleepers.filter { $0.purpose == .answering }.map(\.wakesAt).min()
        }
        if let wakesAt { pass(max(.zero, wakesAt.duration(since: now))) }
    }

    /// Wakes everybody on a server that is gone, with an error.
    func end(life: Int) {
        let gone = state.withLock { state in
            let gone = state.sleepers.filter { $0.life == life }
            state.sleepers.removeAll { $0.life == life }
            return gone
        }
        for sleeper in gone { sleeper.continuation.resume(throwing: CancellationError()) }
    }

    /// Waits until a duration has passed.
    ///
    /// - Throws: `CancellationError` when the task is cancelled, or its server goes, meanwhile.
    func sleep(for duration: Duration, as purpose: Purpose, on life: Int) async throws {
        let id = state.withLock { state in
            defer { state.nextID += 1 }
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Void, CancellationError>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard duration > .zero else { return .success(()) }
                    let wakesAt = state.now.advanced(by: duration)
                    state.sleepers.append(
                        Sleeper(id: id, life: life, purpose: purpose, wakesAt: wakesAt, continuation: continuation)
                    )
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else { return nil }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
