import BillingKit

/// How often something has happened.
final class Count: Sendable {
    private let state = Lock(0)

    var value: Int { state.withLock(\.self) }

    /// Adds one, and returns how often it has happened now.
    @discardableResult
    func add() -> Int {
        state.withLock { value in
            value += 1
            return value
        }
    }
}
