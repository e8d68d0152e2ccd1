#if SQLite
/// A value that only one worker thread touches.
///
/// Unchecked because the compiler cannot see it: the value is made on the thread, and every use is inside a closure
/// that the thread runs.
struct ThreadBound<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}
#endif
