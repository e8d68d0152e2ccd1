import BillingKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An executor on which one thread runs tasks one step at a time, in an order that a seed determines.
///
/// A task that prefers it, and every child of it, runs nowhere else, so that what would be a race on many threads is
/// one of many orders here, and can be had again. Two things escape it and must not be used by such tasks: sleeping by
/// the machine's clock, and input and output that is really waited for. Where one does, its next step comes in from
/// another thread, which is counted.
///
/// ```swift
/// let executor = SeededExecutor(seed: 42)
/// Task.detached(executorPreference: executor) { await work() }
/// executor.runUntilQuiet()
/// ```
public final class SeededExecutor: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var dice: Dice
        var steps = 0
        var strays = 0
    }

    private let state: Lock<State>
    /// The thread that steps.
    private let thread = SeededExecutor.currentThread

    /// Creates an executor for the calling thread.
    ///
    /// - Parameter seed: What determines the order.
    public init(seed: UInt64) {
        state = Lock(State(dice: Dice(seed: seed, for: "executor")))
    }

    /// The number of steps that were run.
    public var steps: Int { state.withLock(\.steps) }

    /// The number of steps that came in from another thread: work that the seed does not determine.
    public var strays: Int { state.withLock(\.strays) }

    /// Takes a step to run later; the concurrency runtime calls this.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isStray = Self.currentThread != thread
        state.withLock { state in
            state.jobs.append(job)
            if isStray { state.strays += 1 }
        }
    }

    /// Runs one step, on the calling thread, which must be the one that made the executor.
    ///
    /// - Returns: Whether there was one.
    public func step() -> Bool {
        precondition(Self.currentThread == thread, "A seeded executor is stepped by the thread that made it.")
        let job = state.withLock { state -> UnownedJob? in
            guard !state.jobs.isEmpty else { return nil }
            state.steps += 1
            return state.jobs.remove(at: state.dice.below(state.jobs.count))
        }
        job?.runSynchronously(on: asUnownedTaskExecutor())
        return job != nil
    }

    /// Runs steps until none is left: what has not ended by then waits for something that no step will bring.
    public func runUntilQuiet() {
        while step() {}
    }

    private static var currentThread: UInt {
        #if canImport(Darwin)
        UInt(bitPattern: pthread_self())
        #else
        UInt(pthread_self())
        #endif
    }
}
