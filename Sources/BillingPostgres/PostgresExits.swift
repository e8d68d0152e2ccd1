#if Postgres
import BillingKit

/// The threads that are at work, and who waits for their end.
final class PostgresExits: Sendable {
    private struct State {
        var running = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Lock(State())

    /// Starts a thread.
    func start(_ body: @escaping @Sendable () -> Void) throws(StoreError) {
        state.withLock { $0.running += 1 }
        do throws(StoreError) {
            try PostgresThread.start {
                body()
                self.leave()
            }
        } catch {
            leave()
            throw error
        }
    }

    private func leave() {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.running -= 1
            guard state.running == 0 else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in waiting { waiter.resume() }
    }

    /// Waits until no thread is left.
    func wait() async {
        await withCheckedContinuation { waiter in
            let isOver = state.withLock { state in
                if state.running > 0 { state.waiting.append(waiter) }
                return state.running == 0
            }
            if isOver { waiter.resume() }
        }
    }
}
#endif
