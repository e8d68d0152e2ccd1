#if Postgres
import BillingKit
import BillingSQL

extension PostgresWorker {
    /// How long a group may wait for another transaction that makes the same account or claims the same name, in
    /// milliseconds.
    private static let groupPatience: Int64 = 100

    /// How many groups lock their accounts before they write, after one has met others who write to the same.
    ///
    /// Locking finds out without waiting whether an account is free, which advancing it takes a millisecond for, and costs
    /// what nobody needs who is alone.
    private static let cautiousGroups = 64
    private static let beginImpatience = SQLStep(SQLStatement("SET LOCAL lock_timeout = 1"))

    /// Has the database wait for locks no longer than it can help, and then for so many milliseconds again.
    private func impatience(endingWith timeout: Int64?) -> (begin: SQLStep, end: SQLStep) {
        let usual = timeout.map { String($0) } ?? PostgresSettings.milliseconds(settings.lockTimeout)
        return (Self.beginImpatience, SQLStep(SQLStatement("SET LOCAL lock_timeout = \(usual)")))
    }

    /// Writes changes: with one round what needs no question, then the rest with two.
    func write(_ commits: [PostgresCommit]) {
        // In the order in which they are locked and made, so that no two transactions wait for each other.
        let sorted = PostgresCommit.sorted(commits)
        var (hasty, careful): ([PostgresCommit], [PostgresCommit]) = ([], [])
        hasty.reserveCapacity(sorted.count)
        for commit in sorted { if commit.item.isWritable { hasty.append(commit) } else { careful.append(commit) } }
        if !hasty.isEmpty {
            let isCautious = cautiousGroupsLeft > 0
            cautiousGroupsLeft -= isCautious ? 1 : 0
            let impatience = isCautious ? nil : impatience(endingWith: patience(for: hasty))
            do throws(StoreError) {
                settle(hasty, try outcomes(of: hasty) { .committingAtOnce($0, impatience: impatience) })
            } catch {
                switch error.code {
                case .unique, .serialization, .deadlock:
                    cautiousGroupsLeft = Self.cautiousGroups
                    careful += hasty
                case .connectionLost where failures == 0: careful += hasty
                // Whoever waited with patience has met another who makes an account.
                case .lockTimeout where isCautious: hasty.forEach(writeAlone)
                case .lockTimeout:
                    cautiousGroupsLeft = Self.cautiousGroups
                    careful += hasty
                case .corrupt: hasty.forEach(tryApart)
                default: for commit in hasty { commit.fail(error) }
                }
            }
        }
        guard !careful.isEmpty else { return }
        let group = PostgresCommit.sorted(careful)
        do throws(StoreError) {
            settle(group, try outcomes(of: group) { .committingLocked($0, isWaiting: false) })
        } catch {
            switch error.code {
            case .lockTimeout: group.forEach(writeAlone)
            case .unique, .serialization, .deadlock, .corrupt: group.forEach(tryApart)
            default: for commit in group { commit.fail(error) }
            }
        }
    }

    /// Writes one change of a group that has met another transaction which makes an account or claims a name: whoever of
    /// the group it was, the others need not wait for that one.
    func writeAlone(_ commit: PostgresCommit) {
        do throws(StoreError) {
            let outcomes = try outcomes(of: [commit], lockTimeout: Self.groupPatience) {
                .committingLocked($0, isWaiting: false)
            }
            settle([commit], outcomes)
        } catch {
            switch error.code {
            case .lockTimeout: commit.settle(.locked)
            case .unique, .serialization, .deadlock, .corrupt: wait(commit)
            default: commit.fail(error)
            }
        }
    }

    private func settle(_ commits: [PostgresCommit], _ outcomes: [CommitOutcome]) {
        for (commit, outcome) in zip(commits, outcomes) { commit.settle(outcome) }
    }

    /// Hands a change of a group that has failed over to whoever tries each by itself; nobody waits for an account there
    /// that another one has locked, as the others of its group would.
    private func tryApart(_ commit: PostgresCommit) {
        var commit = commit
        commit.isFromFailedGroup = true
        wait(commit)
    }

    /// Writes what waits where each is written by itself.
    func writeApart(_ commit: PostgresCommit) {
        guard commit.isFromFailedGroup else { return writeWaiting(commit) }
        var commit = commit
        commit.isFromFailedGroup = false
        writeAlone(commit)
    }

    /// Hands a change over to whoever waits for what others do.
    private func wait(_ commit: PostgresCommit) {
        if let patience { patience.add(commit) } else if !queue.add([commit]) { writeWaiting(commit) }
    }

    private func outcomes(
        of commits: [PostgresCommit],
        lockTimeout: Int64? = nil,
        _ transaction: (CommitRequest) -> SQLTransaction<[CommitOutcome]>
    ) throws(StoreError) -> [CommitOutcome] {
        let member = PostgresGroup(transaction(CommitRequest(items: commits.map(\.item))))
        try transact(
            [member],
            beginning: beginning(isWriting: true),
            lockTimeout: lockTimeout ?? patience(for: commits)
        )
        return member.outcomes
    }

    /// How long a group waits for locks, in milliseconds, where that is not as long as elsewhere.
    private func patience(for commits: [PostgresCommit]) -> Int64? {
        commits.contains(where: \.mayMeet) ? Self.groupPatience : nil
    }

    /// The most microseconds between two attempts at what could not be put in an order with others.
    private static let longestStep: Int64 = 5_000

    /// How long to wait for a lock now, in milliseconds.
    private func milliseconds(of wait: PostgresWait) -> Int64 {
        // Whoever has no lines to send it to is one.
        guard lines == nil else { return wait.milliseconds(at: .now, others: queue.count) }
        return wait.millisecondsInLine(at: .now, longest: settings.statementTimeout)
    }

    /// Has something wait elsewhere until it is its turn again, and returns whether it does: once nothing more is let in,
    /// nobody can be let go before it.
    private func handOn(_ wait: PostgresWait, _ add: (PostgresQueue) -> Bool) -> Bool {
        if wait.standsInLine, lines?.take({ _ = add($0) }) ?? false { return true }
        return add(queue)
    }

    /// Runs a transaction that waits for whoever has an account locked, and lets others have their turn meanwhile.
    func takeTurn(_ member: PostgresMember) {
        member.wait.begin(at: .now, limit: settings.lockTimeout)
        var tries = 1
        while true {
            do throws(StoreError) {
                let wait = milliseconds(of: member.wait)
                try transact([member], beginning: beginning(isWriting: member.isWriting), lockTimeout: wait)
                return member.answer()
            } catch {
                member.begin()
                switch error.code {
                case .lockTimeout, .serialization, .deadlock:
                    // Another one was faster, as with a lock that is taken. Drawn at random, so that what met once does not
                    // meet again.
                    if error.code != .lockTimeout {
                        PostgresThread.sleep(microseconds: .random(in: 0...Self.longestStep))
                    }
                    member.wait.endTurn()
                    guard !member.wait.isOver(at: .now) else { return member.fail(error) }
                    if handOn(member.wait, { $0.add(member) }) { return }
                    continue
                // Another has made the account, or claimed a name, and what it has written can be seen now.
                case .unique where tries < Self.maximumTries: break
                default: guard isToBeTriedAgain(error, after: tries) else { return member.fail(error) }
                }
                tries += 1
            }
        }
    }

    /// Writes one change by itself, and waits for whoever has its account locked.
    func writeWaiting(_ commit: PostgresCommit) {
        var (commit, tries) = (commit, 1)
        commit.wait.begin(at: .now, limit: settings.lockTimeout)
        while true {
            do throws(StoreError) {
                let outcomes = try outcomes(of: [commit], lockTimeout: milliseconds(of: commit.wait)) {
                    .committingLocked($0, isWaiting: true)
                }
                return commit.settle(outcomes[0])
            } catch {
                switch error.code {
                case .lockTimeout:
                    commit.wait.endTurn()
                    guard !commit.wait.isOver(at: .now) else { return commit.settle(.locked) }
                    if handOn(commit.wait, { [commit] in $0.add([commit]) }) { return }
                    continue
                case .unique where tries < Self.maximumTries: break
                default: guard isToBeTriedAgain(error, after: tries) else { return commit.fail(error) }
                }
                tries += 1
            }
        }
    }
}

/// The transaction of a group of commits, whose answer stays on the thread that runs it.
///
/// Unchecked for the same reason as what it inherits from: only that thread calls it.
private final class PostgresGroup: PostgresMember, @unchecked Sendable {
    private var transaction: SQLTransaction<[CommitOutcome]>
    private(set) var outcomes: [CommitOutcome] = []

    init(_ transaction: SQLTransaction<[CommitOutcome]>) {
        self.transaction = transaction
        super.init(isWriting: true)
    }

    override func next(_ rows: [SQLRows]) throws(StoreError) -> [SQLStep]? {
        switch try transaction.next(rows) {
        case .run(let steps): return steps
        case .done(let answer):
            outcomes = answer
            return nil
        }
    }

    override var isInLastRound: Bool { transaction.isInLastRound }
}
#endif
