#if Postgres
import BillingKit
import BillingSQL

/// A thread with a connection, which does what waits in a queue.
final class PostgresWorker {
    private let target: PostgresTarget
    let settings: PostgresSettings
    let queue: PostgresQueue
    /// Where accounts wait that others have locked; `nil` for the one who waits for them.
    let patience: PostgresPatience?
    /// Where those stand in line who have waited there for many turns; `nil` for everybody else.
    let lines: PostgresLines?
    private let session: PostgresSession
    private var connection: PostgresConnection?
    /// Whether a connection was lost since one was made.
    private var hasLostOne = false
    private(set) var failures = 0
    /// How many more groups lock their accounts before they write.
    var cautiousGroupsLeft = 0

    init(
        _ target: PostgresTarget,
        settings: PostgresSettings,
        session: PostgresSession,
        queue: PostgresQueue,
        patience: PostgresPatience?,
        lines: PostgresLines? = nil
    ) {
        self.session = session
        self.target = target
        self.settings = settings
        self.queue = queue
        self.patience = patience
        self.lines = lines
    }

    /// Does what there is until there will be nothing more.
    func run() {
        while let last = queue.wait() {
            do throws(StoreError) {
                _ = try connected()
            } catch {
                // What waits is left to the others, if they are better off. They may be asleep, and their connections
                // have ended long since.
                if queue.countConnections(0) == 0 { queue.fail(error, upTo: last) } else { queue.wakeAll() }
                continue
            }
            guard let work = queue.take() else { continue }
            switch work {
            case .commits(let commits) where patience == nil:
                for commit in commits { writeApart(commit) }
            case .commits(let commits): write(commits)
            case .reads(let members): runTogether(members)
            case .write(let member) where member.takesTurns: takeTurn(member)
            case .write(let member): runAlone(member)
            }
        }
        disconnect()
    }

    // MARK: The connection

    /// The most microseconds between two attempts to reach the server.
    private static let longestPause: Int64 = 1_000_000

    /// Connects if there is no connection; after failures not before a pause, and longer each time.
    private func connected() throws(StoreError) -> PostgresConnection {
        if let connection, !connection.isLost { return connection }
        disconnect()
        if failures > 0 {
            let bound = min(Self.longestPause, 10_000 << Int64(min(failures - 1, 10)))
            PostgresThread.sleep(microseconds: .random(in: bound / 2...bound))
        }
        do throws(StoreError) {
            let fresh = try PostgresConnection(target, settings: settings)
            connection = fresh
            failures = 0
            if hasLostOne { session.begin() }
            hasLostOne = false
            queue.countConnections(1)
            return fresh
        } catch {
            failures += 1
            throw error
        }
    }

    private func disconnect() {
        guard connection != nil else { return }
        connection = nil
        hasLostOne = true
        queue.countConnections(-1)
    }

    // MARK: Transactions

    private static let beginReading = SQLStep(SQLStatement("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
    private static let beginReadingSerializable = SQLStep(SQLStatement("BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY"))
    private static let beginWriting = SQLStep(SQLStatement("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"))
    private static let beginWritingSerializable = SQLStep(
        SQLStatement("BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE")
    )
    private static let lockTimeout = SQLStatement("SELECT set_config('lock_timeout', ($1::text[])[1], true)")
    private static let commit = SQLStep(SQLStatement("COMMIT"))
    private static let rollback = SQLStep(SQLStatement("ROLLBACK"))

    /// How often a transaction is run again that could not be put in an order with others.
    static let maximumTries = 12

    func beginning(isWriting: Bool) -> SQLStep {
        switch (settings.isolation, isWriting) {
        case (.readCommitted, true): Self.beginWriting
        case (.serializable, true): Self.beginWritingSerializable
        case (.readCommitted, false): Self.beginReading
        case (.serializable, false): Self.beginReadingSerializable
        }
    }

    /// Runs transactions in one of the database, all their rounds side by side.
    ///
    /// - Parameters:
    ///   - members: The transactions; each is at its beginning.
    ///   - begin: How the database's transaction begins.
    ///   - lockTimeout: How long to wait for a lock, in milliseconds, where that is not as long as elsewhere.
    /// - Throws: What a step failed with; everything is undone then, unless it is `outcomeUnknown`.
    func transact(
        _ members: [PostgresMember],
        beginning begin: SQLStep,
        lockTimeout: Int64? = nil
    ) throws(StoreError) {
        let connection = try connected()
        var head = [begin]
        if settings.isBehindTransactionPooler { head.append(PostgresConnection.configuration(settings, isLocal: true)) }
        if let lockTimeout { head.append(SQLStep(Self.lockTimeout, [.texts([String(lockTimeout)])])) }
        var rounds = members.map { ($0, [SQLRows]()) }
        var isOpen = false
        do throws(StoreError) {
            while true {
                var steps = isOpen ? [] : head
                var asked: [(PostgresMember, Range<Int>)] = []
                for (member, rows) in rounds {
                    guard let next = try member.next(rows) else { continue }
                    asked.append((member, steps.count..<steps.count + next.count))
                    steps += next
                }
                if asked.isEmpty, !isOpen { return }
                let isLast = asked.allSatisfy { $0.0.isInLastRound }
                if isLast { steps.append(Self.commit) }
                isOpen = true
                let rows = try connection.exchange(steps, isCommitting: isLast && members.contains(where: \.isWriting))
                if isLast { isOpen = false }
                rounds = asked.map { ($0, Array(rows[$1])) }
                guard isLast else { continue }
                for (member, rows) in rounds { _ = try member.next(rows) }
                return
            }
        } catch {
            if isOpen { rollBack(connection, after: error) }
            throw error
        }
    }

    private func rollBack(_ connection: PostgresConnection, after error: StoreError) {
        guard !PostgresFailure.endsConnection(error) else { return disconnect() }
        // The server ends the transaction when the connection ends.
        do throws(StoreError) { _ = try connection.exchange([Self.rollback]) } catch { disconnect() }
    }

    /// Whether a transaction that failed may be run again from its beginning, before its caller hears of it.
    func isToBeTriedAgain(_ error: StoreError, after tries: Int) -> Bool {
        switch error.code {
        case .serialization, .deadlock:
            guard tries < Self.maximumTries else { return false }
            // Drawn at random, so that what met once does not meet again.
            PostgresThread.sleep(microseconds: .random(in: 0...(200 << Int64(min(tries, 7)))))
            return true
        // Nothing was written. Once, for a connection that was cut while it was idle.
        case .connectionLost: return tries == 1 && failures == 0
        default: return false
        }
    }

    private func runTogether(_ members: [PostgresMember]) {
        guard members.count > 1 else { return members.forEach(runAlone) }
        do throws(StoreError) {
            try transact(members, beginning: beginning(isWriting: false))
        } catch {
            for member in members {
                // The server is gone, and each would have to wait for that to be found out anew.
                guard failures == 0 else { member.fail(error); continue }
                member.begin()
                runAlone(member)
            }
            return
        }
        for member in members { member.answer() }
    }

    private func runAlone(_ member: PostgresMember) {
        var tries = 1
        while true {
            do throws(StoreError) {
                try transact([member], beginning: beginning(isWriting: member.isWriting))
                return member.answer()
            } catch {
                guard isToBeTriedAgain(error, after: tries) else { return member.fail(error) }
                tries += 1
                member.begin()
            }
        }
    }
}
#endif
