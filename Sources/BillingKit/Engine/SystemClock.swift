#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The machine's clock.
public struct SystemClock: BillingClock {
    /// Creates the clock.
    public init() {}

    /// Returns the present instant.
    public func now() -> Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        let microseconds = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
        return Timestamp(microseconds: microseconds)
    }

    /// The world's time.
    public var tellsWorldTime: Bool { true }

    /// Waits until a duration has passed.
    public func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }
}
