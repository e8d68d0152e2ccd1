#if Postgres
import BillingKit

/// Where changes wait whose accounts other transactions have locked: one connection of its own, opened when it is first
/// needed, so that nothing else waits for them.
final class PostgresPatience: Sendable {
    private let target: PostgresTarget
    private let settings: PostgresSettings
    private let session: PostgresSession
    private let queue = PostgresQueue()
    private let exits = PostgresExits()
    private let isStarted = Lock(false)

    init(_ target: PostgresTarget, settings: PostgresSettings, session: PostgresSession) {
        self.session = session
        self.target = target
        self.settings = settings
    }

    /// Adds a change.
    func add(_ commit: PostgresCommit) {
        do throws(StoreError) {
            try start()
            if !queue.add([commit]) { throw PostgresDatabase.closed }
        } catch {
            commit.fail(error)
        }
    }

    /// Adds a transaction that locks an account.
    func add(_ member: PostgresMember) {
        do throws(StoreError) {
            try start()
            if !queue.add(member) { throw PostgresDatabase.closed }
        } catch {
            member.fail(error)
        }
    }

    private func start() throws(StoreError) {
        let isFirst = isStarted.withLock { isStarted in
            defer { isStarted = true }
            return !isStarted
        }
        guard isFirst else { return }
        do throws(StoreError) {
            try exits.start { [target, settings, session, queue] in
                PostgresWorker(target, settings: settings, session: session, queue: queue, patience: nil).run()
            }
        } catch {
            isStarted.withLock { $0 = false }
            throw error
        }
    }

    /// Lets nothing more in; what is there is still done.
    func close() {
        queue.close()
    }

    /// Waits until all of it is done.
    func wait() async {
        await exits.wait()
    }
}
#endif
