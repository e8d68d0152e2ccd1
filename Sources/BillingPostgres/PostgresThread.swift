#if Postgres
import BillingKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A thread of the store's own: database calls block, and the threads that Swift's tasks share are few.
enum PostgresThread {
    /// Starts a thread.
    ///
    /// - Throws: `cannotOpen` when the system gives none.
    static func start(_ body: @escaping @Sendable () -> Void) throws(StoreError) {
        final class Start {
            let body: @Sendable () -> Void

            init(body: @escaping @Sendable () -> Void) {
                self.body = body
            }
        }
        let start = Unmanaged.passRetained(Start(body: body))
        #if canImport(Darwin)
        var thread: pthread_t?
        let status = pthread_create(
            &thread,
            nil,
            {
                Unmanaged<Start>.fromOpaque($0).takeRetainedValue().body()
                return nil
            },
            start.toOpaque()
        )
        #else
        var thread = pthread_t()
        let status = pthread_create(
            &thread,
            nil,
            { argument in
                if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            },
            start.toOpaque()
        )
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

    /// Puts the thread to sleep.
    static func sleep(microseconds: Int64) {
        guard microseconds > 0 else { return }
        usleep(UInt32(clamping: microseconds))
    }
}
#endif
