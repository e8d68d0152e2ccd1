import Synchronization

/// The one lock of the kit, around a value.
///
/// Wrapped here once, so that a build for the thread sanitizer, which cannot see into `Mutex`, needs another
/// one in this place alone.
package struct Lock<Value>: ~Copyable, Sendable where Value: Sendable {
    private let mutex: Mutex<Value>

    package init(_ value: Value) {
        mutex = Mutex(value)
    }

    /// Runs a closure with the value to itself.
    ///
    /// The closure must not call out to unknown code.
    package borrowing func withLock<Result: Sendable, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try mutex.withLock { value throws(Failure) in
            try body(&value)
        }
    }
}
