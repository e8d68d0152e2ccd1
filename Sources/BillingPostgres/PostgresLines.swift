#if Postgres
import BillingKit

/// Where those stand in line who have waited for an account for many turns: each on a connection of its own, until it has
/// the account or has waited for too long.
final class PostgresLines: Sendable {
    /// The most that stand in line at once; others go on taking turns until there is room.
    private static let maximumCount = 4

    private let target: PostgresTarget
    private let settings: PostgresSettings
    private let exits: PostgresExits
    private let count = Lock(0)

    init(_ target: PostgresTarget, settings: PostgresSettings, exits: PostgresExits) {
        self.target = target
        self.settings = settings
        self.exits = exits
    }

    /// Has something stand in line.
    ///
    /// - Parameter add: Adds it to the queue of a connection.
    /// - Returns: Whether there was room for it.
    func take(_ add: (PostgresQueue) -> Void) -> Bool {
        let hasRoom = count.withLock { count in
            guard count < Self.maximumCount else { return false }
            count += 1
            return true
        }
        guard hasRoom else { return false }
        let own = PostgresQueue()
        add(own)
        // The connection ends with it.
        own.close()
        do throws(StoreError) {
            try exits.start { [self] in
                // What becomes of this connection says nothing about the others.
                PostgresWorker(target, settings: settings, session: PostgresSession(), queue: own, patience: nil).run()
                count.withLock { $0 -= 1 }
            }
            return true
        } catch {
            // It takes turns as before.
            count.withLock { $0 -= 1 }
            return false
        }
    }
}
#endif
