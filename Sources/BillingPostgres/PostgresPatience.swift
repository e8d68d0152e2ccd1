#if Postgres
import BillingKit

/// Where changes wait whose accounts other transactions have locked: one connection of its own.
///
/// It is opened when it is first needed, so that nothing else waits for them. They take turns there; who has had many
/// stands in line elsewhere.
final class PostgresPatience: Sendable {
    private let target: PostgresTarget
    private let settings: PostgresSettings
    private let session: PostgresSession
    private let queue = PostgresQueue()
    private let exits: PostgresExits
    private let lines: PostgresLines
    private let isStarted = Lock(false)

    init(_ target: PostgresTarget, settings: PostgresSettings, session: PostgresSession) {
        self.session = session
        self.target = target
        self.settings = settings
        exits = PostgresExits()
        lines = PostgresLines(target, settings: settings, exits: exits)
    }

    /// Adds a change.
    func add(_ commit: PostgresCommit) {
        var commit = commit
        commit.wait.begin(at: .now, limit: settings.lockTimeout)
        do throws(StoreError) {
            try start()
            if !queue.add([commit]) { throw PostgresDatabase.closed }
        } catch {
            commit.fail(error)
        }
    }

    /// Adds a transaction that locks an account.
    func add(_ member: PostgresMember) {
        member.wait.begin(at: .now, limit: settings.lockTimeout)
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
            try exits.start { [target, settings, session, queue, lines] in
                PostgresWorker(
                    target,
                    settings: settings,
                    session: session,
                    queue: queue,
                    patience: nil,
                    lines: lines
                ).run()
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
