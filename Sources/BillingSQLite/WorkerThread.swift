#if SQLite
import BillingKit
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A thread that runs closures one after the other, and tasks between them.
///
/// Database calls block, and the threads that Swift's tasks share are few: blocking one blocks the server.
final class WorkerThread: TaskExecutor {
    private final class Queue: @unchecked Sendable {
        // Unchecked because the mutex guards the jobs and the end, in `add`, `stop` and `next` and nowhere else.
        private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        private var jobs: [@Sendable () -> Void] = []
        private var isStopped = false
        /// Whether something has been added, or the end has been asked for, since the last look.
        private let isCalled = Atomic(false)

        init() {
            pthread_mutex_init(mutex, nil)
            pthread_cond_init(condition, nil)
        }

        deinit {
            pthread_cond_destroy(condition)
            pthread_mutex_destroy(mutex)
            condition.deallocate()
            mutex.deallocate()
        }

        func add(_ job: @escaping @Sendable () -> Void) {
            pthread_mutex_lock(mutex)
            jobs.append(job)
            isCalled.store(true, ordering: .relaxed)
            pthread_mutex_unlock(mutex)
            pthread_cond_signal(condition)
        }

        func stop() {
            pthread_mutex_lock(mutex)
            isStopped = true
            isCalled.store(true, ordering: .relaxed)
            pthread_mutex_unlock(mutex)
            pthread_cond_signal(condition)
        }

        /// Stays awake for a moment in case another job comes.
        ///
        /// Whoever was answered often asks again at once, and to wake a thread takes longer than that. Others that can run
        /// do so meanwhile.
        private func linger() {
            let end = ContinuousClock.now + .microseconds(100)
            while !isCalled.load(ordering: .relaxed), ContinuousClock.now < end { sched_yield() }
        }

        /// Returns everything that waits, or `nil` when nothing ever will.
        func next() -> [@Sendable () -> Void]? {
            linger()
            pthread_mutex_lock(mutex)
            defer { pthread_mutex_unlock(mutex) }
            while jobs.isEmpty {
                if isStopped { return nil }
                pthread_cond_wait(condition, mutex)
            }
            defer {
                jobs = []
                isCalled.store(false, ordering: .relaxed)
            }
            return jobs
        }
    }

    private let queue: Queue

    /// Starts a thread.
    ///
    /// - Parameter name: The name that debuggers show, at most 15 bytes.
    /// - Throws: `cannotOpen` when the system gives no thread.
    init(name: String) throws(StoreError) {
        let queue = Queue()
        self.queue = queue
        let start = Unmanaged.passRetained(Start(queue: queue, name: name))
        #if canImport(Darwin)
        var thread: pthread_t?
        #else
        var thread = pthread_t()
        #endif
        let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
            argument.map { Unmanaged<Start>.fromOpaque($0).takeRetainedValue().run() }
            return nil
        }
        #if canImport(Darwin)
        let status = pthread_create(&thread, nil, { body($0) }, start.toOpaque())
        #else
        let status = pthread_create(&thread, nil, body, start.toOpaque())
        #endif
        guard status == 0 else {
            start.release()
            throw StoreError(.cannotOpen, "The system gives no thread for the database: error \(status).")
        }
        #if canImport(Darwin)
        if let thread { pthread_detach(thread) }
        #else
        pthread_detach(thread)
        #endif
    }

    private final class Start {
        let queue: Queue
        let name: String

        init(queue: Queue, name: String) {
            self.queue = queue
            self.name = name
        }

        func run() {
            #if canImport(Darwin)
            pthread_setname_np(name)
            #endif
            while let jobs = queue.next() {
                for job in jobs { job() }
            }
        }
    }

    /// Runs a part of a task on the thread after what was added before.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.add { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Runs a closure on the thread after those before it.
    func enqueue(_ job: @escaping @Sendable () -> Void) {
        queue.add(job)
    }

    /// Ends the thread after everything that was added before is done.
    func stop() {
        queue.stop()
    }

    /// Runs a closure on the thread and returns its result, whatever becomes of the calling task.
    func perform<Answer: Sendable>(
        _ body: @escaping @Sendable () throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer {
        let result: Result<Answer, StoreError> = await withCheckedContinuation { continuation in
            queue.add {
                do throws(StoreError) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
#endif
