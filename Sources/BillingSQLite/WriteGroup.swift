#if SQLite
import BillingKit
import BillingSQL

/// The transactions that wait for the one writing connection.
///
/// Whatever waits when the connection is free is written in one database transaction with one flush, each in a
/// savepoint of its own: what is wrong with one holds up no other, and nobody is answered before the flush.
final class WriteGroup: Sendable {
    /// One transaction and who waits for its answer.
    class Member: @unchecked Sendable {
        // Unchecked because only the connection's thread calls these, one after the other.

        /// Runs the transaction inside the one that is open, from its beginning; may be done again.
        func run(on connection: SQLiteConnection) throws(StoreError) {}

        /// Gives the caller the answer of the last run.
        func answer() {}

        /// Gives the caller an error.
        func fail(_ error: StoreError) {}
    }

    private let waiting = Lock<[Member]>([])

    /// Adds a transaction, and returns whether it is the first that waits.
    func add(_ member: Member) -> Bool {
        waiting.withLock { waiting in
            waiting.append(member)
            return waiting.count == 1
        }
    }

    /// Writes everything that waits.
    func write(on connection: SQLiteConnection) {
        let members = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        if members.count > 1, Self.writeTogether(members, on: connection) { return }
        for member in members { Self.writeAlone(member, on: connection) }
    }

    private static let savepoint = SQLStatement("SAVEPOINT member")
    private static let release = SQLStatement("RELEASE member")
    private static let undo = SQLStatement("ROLLBACK TO member")

    /// Writes transactions with one flush and answers them all, or returns `false` when one has undone the others' work
    /// too: then nothing is written, nobody is answered, and each has to be tried by itself.
    private static func writeTogether(_ members: [Member], on connection: SQLiteConnection) -> Bool {
        var failures: [(Member, StoreError)] = []
        var done: [Member] = []
        do throws(StoreError) {
            try connection.begin(writing: true)
            for member in members {
                do throws(StoreError) {
                    try connection.execute(savepoint)
                    try member.run(on: connection)
                    try connection.execute(release)
                    done.append(member)
                } catch {
                    failures.append((member, error))
                    // Some errors end the whole transaction.
                    guard connection.isInTransaction else { return false }
                    try connection.execute(undo)
                    try connection.execute(release)
                }
            }
            try connection.commit()
        } catch {
            connection.rollBack()
            for member in members { member.fail(error) }
            return true
        }
        for member in done { member.answer() }
        for (member, error) in failures { member.fail(error) }
        return true
    }

    private static func writeAlone(_ member: Member, on connection: SQLiteConnection) {
        do throws(StoreError) {
            try connection.begin(writing: true)
            do throws(StoreError) {
                try member.run(on: connection)
                try connection.commit()
            } catch {
                connection.rollBack()
                throw error
            }
            member.answer()
        } catch {
            member.fail(error)
        }
    }
}
#endif
