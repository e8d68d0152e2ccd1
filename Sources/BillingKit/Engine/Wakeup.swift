/// Lets tasks wait until there is something to do.
final class Wakeup: Sendable {
    private struct State {
        var isPending = false
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    private let state = Lock(State())

    /// Says that there is something to do: everyone who waits goes on, and where nobody does, the next one who
    /// would wait.
    func wake() {
        let waiters = state.withLock { state in
            state.isPending = state.waiters.isEmpty
            defer { state.waiters = [:] }
            // Who has waited longest goes first, so that the order does not hang on a dictionary's.
            return state.waiters.sorted { $0.key < $1.key }.map(\.value)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits for a call of ``wake()`` since the last wait, for a time at most, or until the task is cancelled.
    func wait(atMost duration: Duration, by clock: any BillingClock) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask { try? await clock.sleep(for: duration) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Waits for a call of ``wake()`` since the last wait, or until the task is cancelled.
    func wait() async {
        let number = state.withLock { state in
            defer { state.nextWaiter += 1 }
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayGo = state.withLock { state in
                    if state.isPending || Task.isCancelled {
                        state.isPending = false
                        return true
                    }
                    state.waiters[number] = continuation
                    return false
                }
                if mayGo { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: number) }
            waiter?.resume()
        }
    }
}
