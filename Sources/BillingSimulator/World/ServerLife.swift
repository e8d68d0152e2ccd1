import BillingKit

/// One life of a server, from its start to its crash, with the clock that it goes by.
///
/// After a crash its tasks run on as ghosts: every call to the store fails, no sleep lasts, and nobody hears their
/// answers. So a crash can come between any two steps, and nothing is left behind.
final class ServerLife: BillingClock {
    private struct State {
        var isOver = false
        var skew: Duration
    }

    /// The life's number within the world.
    let number: Int
    private let time: WorldTime
    private let state: Lock<State>

    init(number: Int, time: WorldTime, skew: Duration) {
        self.number = number
        self.time = time
        state = Lock(State(skew: skew))
    }

    var isOver: Bool { state.withLock(\.isOver) }

    /// Ends the life: nothing that it does from now on has an effect.
    func end() {
        state.withLock { $0.isOver = true }
        time.end(life: number)
    }

    /// Puts the clock so much before or behind the world's.
    func set(skew: Duration) {
        state.withLock { $0.skew = skew }
    }

    /// What the store's clock says: the world's time.
    var worldTime: Timestamp { time.now }

    var tellsWorldTime: Bool { true }

    func now() -> Timestamp {
        time.now.advanced(by: state.withLock(\.skew))
    }

    func sleep(for duration: Duration) async throws {
        try await sleep(for: duration, as: .polling)
    }

    /// Waits until a duration has passed.
    func sleep(for duration: Duration, as purpose: WorldTime.Purpose) async throws {
        let isGhost = state.withLock { state in
            // A ghost's time flies, so that what waits until a deadline comes to an end.
            if state.isOver { state.skew += duration }
            return state.isOver
        }
        if isGhost { throw CancellationError() }
        try await time.sleep(for: duration, as: purpose, on: number)
    }
}
