#if SQLite
import BillingKit
import BillingSQL

/// The transactions that wait for the one writing connection.
///
/// Whatever waits when the connection is free is written in one database transaction with one flush, and nobody is
/// answered before that. When one of them fails, all is undone and each is written by itself: so what is wrong with one
/// holds up no other, and where nothing is wrong, nothing is kept for undoing a part. A savepoint for each would copy
/// every page that it touches.
final class WriteGroup: Sendable {
    /// One transaction and who waits for its answer.
    class Member: @unchecked Sendable {
        // Unchecked because only the connection's thread calls these, one after the other.

        /// Whether there is another form of the transaction to be tried when this one has failed.
        var isHasty: Bool { false }

        /// Runs the transaction inside the one that is open, from its beginning; may be done again.
        func run(on connection: SQLiteConnection) throws(StoreError) {}

        /// Becomes the form that asks first.
        func becomeCareful() {}

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

    /// Writes transactions with one flush and answers them all, or returns `false` when one of them fails: then nothing
    /// is written, nobody is answered, and each has to be tried by itself.
    private static func writeTogether(_ members: [Member], on connection: SQLiteConnection) -> Bool {
        // Only what a member does can be its own fault. Where another program has the file, all have waited for it, and each
        // by itself would wait as long again.
        var mayBeOfOne = false
        do throws(StoreError) {
            try connection.begin(writing: true)
            mayBeOfOne = true
            for member in members { try member.run(on: connection) }
            mayBeOfOne = false
            try connection.commit()
        } catch {
            connection.rollBack()
            guard !mayBeOfOne else { return false }
            for member in members { member.fail(error) }
            return true
        }
        for member in members { member.answer() }
        return true
    }

    /// Writes a transaction by itself and answers it.
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
            guard error.code == .unique, member.isHasty else { return member.fail(error) }
            member.becomeCareful()
            writeAlone(member, on: connection)
        }
    }
}
#endif
