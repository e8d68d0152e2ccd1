#if Postgres
import BillingKit
import BillingSQL

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What waits for a connection.
///
/// A connection that is free takes all that waits of one kind: all commits, or all that only reads. What waits longest
/// says which.
final class PostgresQueue: @unchecked Sendable {
    // Unchecked because the mutex guards the rest, in the functions below and nowhere else.

    /// What a connection takes at once.
    enum Work {
        /// Changes of accounts, each customer at most once, to be written in one transaction.
        case commits([PostgresCommit])
        /// Transactions that only read, to be run as one.
        case reads([PostgresMember])
        /// A transaction that writes.
        case write(PostgresMember)
    }

    /// The most accounts that are written at once: enough for any crowd of callers, and not more than a few megabytes.
    private static let maximumCommits = 1_000
    /// The most transactions that read together.
    private static let maximumReads = 64

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var commits: [(ticket: Int, commit: PostgresCommit)] = []
    private var reads: [(ticket: Int, member: PostgresMember)] = []
    private var writes: [(ticket: Int, member: PostgresMember)] = []
    private var tickets = 0
    private var isClosed = false
    private var connections = 0

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    private func withLock<Answer>(_ body: () -> Answer) -> Answer {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// How much waits.
    var count: Int { withLock { commits.count + reads.count + writes.count } }

    /// Whether anything is let in.
    var isOpen: Bool { withLock { !isClosed } }

    /// Adds changes of accounts, and returns whether the queue is still open.
    func add(_ added: [PostgresCommit]) -> Bool {
        add {
            for commit in added {
                tickets += 1
                commits.append((tickets, commit))
            }
        }
    }

    /// Adds a transaction, and returns whether the queue is still open.
    func add(_ member: PostgresMember) -> Bool {
        add {
            tickets += 1
            if member.isWriting { writes.append((tickets, member)) } else { reads.append((tickets, member)) }
        }
    }

    private func add(_ body: () -> Void) -> Bool {
        let isOpen = withLock {
            if !isClosed { body() }
            return !isClosed
        }
        if isOpen { pthread_cond_signal(condition) }
        return isOpen
    }

    /// Lets nothing more in; what is there is still done.
    func close() {
        withLock { isClosed = true }
        pthread_cond_broadcast(condition)
    }

    /// Wakes everybody who waits for something to do.
    func wakeAll() {
        pthread_cond_broadcast(condition)
    }

    /// Waits until there is something to do.
    ///
    /// - Returns: The ticket of what came last, or `nil` when there will be nothing more.
    func wait() -> Int? {
        withLock {
            while commits.isEmpty, reads.isEmpty, writes.isEmpty {
                if isClosed { return nil }
                pthread_cond_wait(condition, mutex)
            }
            return tickets
        }
    }

    /// Takes something to do; `nil` when another connection has taken it all.
    func take() -> Work? {
        withLock { next() }
    }

    /// Gives an error to everybody who waits and has come no later than a ticket: what went wrong before others came may be
    /// well again.
    func fail(_ error: StoreError, upTo last: Int) {
        let (commits, members) = withLock {
            let failed = (
                self.commits.filter { $0.ticket <= last }.map(\.commit),
                (reads + writes).filter { $0.ticket <= last }.map(\.member)
            )
            self.commits.removeAll { $0.ticket <= last }
            reads.removeAll { $0.ticket <= last }
            writes.removeAll { $0.ticket <= last }
            return failed
        }
        for commit in commits { commit.fail(error) }
        for member in members { member.fail(error) }
    }

    /// Notes that one more connection is there, or one less, and returns how many are.
    @discardableResult
    func countConnections(_ change: Int) -> Int {
        withLock {
            connections += change
            return connections
        }
    }

    private func next() -> Work? {
        let heads = [commits.first?.ticket, reads.first?.ticket, writes.first?.ticket]
        guard let oldest = heads.compactMap(\.self).min() else { return nil }
        switch oldest {
        case heads[0]: return .commits(takeCommits())
        case heads[1]:
            let taken = reads.prefix(Self.maximumReads).map(\.member)
            reads.removeFirst(taken.count)
            return .reads(taken)
        default: return .write(writes.removeFirst().member)
        }
    }

    /// Takes commits in their order, the first of each customer; others of the same customer wait for the next turn.
    private func takeCommits() -> [PostgresCommit] {
        // The changes of one call are of different customers, and often nobody else has called.
        let first = commits[0].commit.call
        if commits.count <= Self.maximumCommits, commits.allSatisfy({ $0.commit.call === first }) {
            defer { commits = [] }
            return commits.map(\.commit)
        }
        var customers = Set<CustomerID>(minimumCapacity: min(commits.count, Self.maximumCommits))
        var (taken, left): ([PostgresCommit], [(Int, PostgresCommit)]) = ([], [])
        taken.reserveCapacity(min(commits.count, Self.maximumCommits))
        for (ticket, commit) in commits {
            if taken.count < Self.maximumCommits, customers.insert(commit.customer).inserted {
                taken.append(commit)
            } else {
                left.append((ticket, commit))
            }
        }
        commits = left
        return taken
    }
}
#endif
