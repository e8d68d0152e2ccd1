#if Postgres
import BillingKit

/// How long something has waited for an account that another transaction has locked, and how long it may.
///
/// Its time is that of a clock, from when it began to wait, and not the sum of its own turns: those of others are part of it.
package struct PostgresWait: Sendable {
    /// How many turns it takes before it stands in line.
    ///
    /// Whoever gives up after a short while goes to the end of the database's line with every try, and can be passed over as
    /// long as others want the account.
    package static let maximumTurns = 8

    /// How long a turn is where nobody waits behind it, and about how long a round of all who wait takes, in milliseconds.
    private static let longestTurn: Int64 = 200
    /// The longest turn where others wait behind it, whose accounts may be free, in milliseconds.
    private static let turnWithOthers: Int64 = 10

    private var deadline: ContinuousClock.Instant?
    private var turns = 0

    /// Creates the wait of something that has not waited yet.
    package init() {}

    /// Notes that it begins to wait, if it has not begun before.
    ///
    /// - Parameters:
    ///   - now: The present instant.
    ///   - limit: How long it may wait.
    package mutating func begin(at now: ContinuousClock.Instant, limit: Duration) {
        deadline = deadline ?? now.advanced(by: min(max(.zero, limit), .seconds(Int64(Int32.max))))
    }

    /// Notes that a turn has ended without the account.
    package mutating func endTurn() { turns += 1 }

    /// Whether it is to stand in line until it has the account.
    package var standsInLine: Bool { turns >= Self.maximumTurns }

    /// Whether it has waited as long as it may.
    package func isOver(at now: ContinuousClock.Instant) -> Bool { deadline.map { $0 <= now } ?? false }

    /// Returns how long the database is to wait now, in milliseconds, 1 or more.
    ///
    /// - Parameters:
    ///   - now: The present instant.
    ///   - others: How many wait behind it for a turn on the same connection.
    /// - Returns: The milliseconds.
    package func milliseconds(at now: ContinuousClock.Instant, others: Int) -> Int64 {
        limited(others == 0 ? Self.longestTurn : min(Self.turnWithOthers, Self.longestTurn / Int64(others)), at: now)
    }

    /// Returns how long the database is to wait now, in milliseconds, for what stands in line with nobody behind it.
    ///
    /// - Parameters:
    ///   - now: The present instant.
    ///   - longest: How long a statement may take; one that takes longer would end as one that failed.
    /// - Returns: The milliseconds.
    package func millisecondsInLine(at now: ContinuousClock.Instant, longest: Duration) -> Int64 {
        limited(longest.wholeMicroseconds / 2_000, at: now)
    }

    private func limited(_ turn: Int64, at now: ContinuousClock.Instant) -> Int64 {
        let left = deadline.map { (($0 - now).wholeMicroseconds + 999) / 1_000 } ?? turn
        return max(1, min(left, turn))
    }
}
#endif
