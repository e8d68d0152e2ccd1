import BillingSimulator
import Foundation
import Synchronization
import Testing

/// The executor whose order of steps a seed determines.
@Suite struct SeededExecutorTests {
    private final class Log: Sendable {
        private let entries = Mutex<[Int]>([])

        var all: [Int] { entries.withLock { $0 } }

        func add(_ entry: Int) {
            entries.withLock { $0.append(entry) }
        }
    }

    private final class Waiter: Sendable {
        private let continuation = Mutex<CheckedContinuation<Void, Never>?>(nil)

        func wait() async {
            await withCheckedContinuation { waiting in continuation.withLock { $0 = waiting } }
        }

        func wake() {
            continuation.withLock { $0 }?.resume()
        }
    }

    private actor Counter {
        private var value = 0

        func next() -> Int {
            value += 1
            return value
        }
    }

    /// The order in which tasks, their children and an actor take turns.
    private func interleaving(seed: UInt64) -> (log: [Int], strays: Int) {
        let (executor, log, counter) = (SeededExecutor(seed: seed), Log(), Counter())
        Task.detached(executorPreference: executor) {
            await withTaskGroup(of: Void.self) { group in
                for child in 0..<6 {
                    group.addTask {
                        for _ in 0..<3 {
                            let turn = await counter.next()
                            log.add(100 * child + turn)
                            await Task.yield()
                        }
                    }
                }
            }
        }
        executor.runUntilQuiet()
        return (log.all, executor.strays)
    }

    @Test func `a seed has one interleaving, and seeds have many`() {
        for seed in UInt64(0)..<20 {
            let (first, again) = (interleaving(seed: seed), interleaving(seed: seed))
            #expect(first.log.count == 18)
            #expect(first.log == again.log)
            #expect(first.strays == 0, "nothing ran on another thread")
        }
        #expect(Set((UInt64(0)..<20).map { interleaving(seed: $0).log }).count > 15)
    }

    @Test func `what waits for something that no step brings is left when nothing can run`() {
        let (executor, log) = (SeededExecutor(seed: 1), Log())
        let waiter = Waiter()
        Task.detached(executorPreference: executor) {
            await waiter.wait()
            log.add(1)
        }
        executor.runUntilQuiet()
        #expect(log.all.isEmpty)
        waiter.wake()
        executor.runUntilQuiet()
        #expect(log.all == [1])
        #expect(executor.strays == 0)
    }

    @Test func `a step that comes from another thread is noticed`() {
        let executor = SeededExecutor(seed: 1)
        let waiter = Waiter()
        Task.detached(executorPreference: executor) {
            await waiter.wait()
        }
        executor.runUntilQuiet()
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            waiter.wake()
            done.signal()
        }
        done.wait()
        executor.runUntilQuiet()
        #expect(executor.strays == 1)
    }
}
