public import BillingKit

/// A clock that stands until it is moved.
public final class ManualClock: BillingClock {
    private struct Sleeper {
        let id: Int
        let wakesAt: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Timestamp
        var sleepers: [Sleeper] = []
        var nextID = 0
    }

    private let state: Lock<State>

    /// Creates a clock that stands at an instant.
    public init(at now: Timestamp) {
        state = Lock(State(now: now))
    }

    /// Returns the present instant.
    public func now() -> Timestamp {
        state.withLock { $0.now }
    }

    /// Moves the clock, forward or back, and wakes who has slept long enough.
    public func set(to now: Timestamp) {
        let due = state.withLock { state -> [Sleeper] in
            state.now = now
            let due = state.sleepers.filter { $0.wakesAt <= now }
            state.sleepers.removeAll { $0.wakesAt <= now }
            return due
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Moves the clock on.
    public func advance(by duration: Duration) {
        set(to: now().advanced(by: duration))
    }

    /// Waits until the clock has been moved on by a duration.
    public func sleep(for duration: Duration) async throws {
        let id = state.withLock { state -> Int in
            defer { state.nextID += 1 }
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Void, CancellationError>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    let wakesAt = state.now.advanced(by: duration)
                    if wakesAt <= state.now { return .success(()) }
                    state.sleepers.append(Sleeper(id: id, wakesAt: wakesAt, continuation: continuation))
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
