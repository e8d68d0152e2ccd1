#if Postgres
import Synchronization

/// How often connections of a store have been lost and made anew.
final class PostgresSession: Sendable {
    private let count = Atomic(0)

    /// The number.
    var number: Int { count.load(ordering: .acquiring) }

    /// Notes that a connection has been made anew.
    func begin() {
        count.add(1, ordering: .releasing)
    }
}
#endif
