#if Postgres
public import BillingKit
public import BillingSQL

/// One PostgreSQL database: some connections, each with a thread of its own, that do together what waits.
public final class PostgresDatabase: SQLDatabase {
    private let queue = PostgresQueue()
    private let patience: PostgresPatience
    private let exits = PostgresExits()
    private let connections = PostgresSession()
    private let target: PostgresTarget
    private let settings: PostgresSettings

    /// Connects once, prepares the tables, and starts the threads.
    init(
        _ target: PostgresTarget,
        settings: PostgresSettings,
        migrations: [SQLMigration]
    ) async throws(StoreError) {
        (self.target, self.settings) = (target, settings)
        patience = PostgresPatience(target, settings: settings, session: connections)
        // Whoever waits for the lock sees the tables that were made meanwhile only if each statement sees what is new.
        var preparing = settings
        preparing.isolation = .readCommitted
        // New tables are a moment's work and new columns of large ones are not, and another server may be at it.
        preparing.statementTimeout = max(settings.statementTimeout, Self.longStatement)
        preparing.lockTimeout = max(settings.lockTimeout, Self.longStatement)
        let (first, other) = (PostgresQueue(), preparing)
        defer { first.close() }
        try exits.start { [connections] in
            PostgresWorker(target, settings: other, session: connections, queue: first, patience: nil).run()
        }
        do throws(StoreError) {
            try await Self.prepare(migrations, in: first)
            for _ in 0..<settings.workerCount {
                try exits.start { [queue, patience, connections] in
                    PostgresWorker(
                        target,
                        settings: settings,
                        session: connections,
                        queue: queue,
                        patience: patience
                    ).run()
                }
            }
        } catch {
            queue.close()
            // Nothing has been lost that ever was there.
            throw error.code == .connectionLost ? StoreError(.cannotOpen, error.message) : error
        }
    }

    deinit {
        queue.close()
        patience.close()
    }

    /// How often a connection has been lost and made anew.
    var session: Int { connections.number }

    /// PostgreSQL's.
    public var dialect: SQLDialect { .postgres }

    /// Runs a transaction that writes, and answers after its commit.
    public func write<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer {
        try await Self.run(transaction, isWriting: true, in: queue)
    }

    /// Runs a transaction that only reads, and sees everything that was acknowledged before.
    ///
    /// Those that wait at once are run as one.
    public func read<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer {
        try await Self.run(transaction, isWriting: false, in: queue)
    }

    /// How often tables are tried to be changed that others have locked, a second apart.
    private static let maximumPreparations = 30

    private static func prepare(_ migrations: [SQLMigration], in queue: PostgresQueue) async throws(StoreError) {
        var tries = 1
        while true {
            do throws(StoreError) {
                let transaction = SQLSchema.preparation(migrations, in: .postgres, at: SystemClock().now())
                return try await run(transaction, isWriting: true, in: queue)
            } catch {
                // Between two tries those go on that waited behind this one.
                guard error.code == .lockTimeout, tries < maximumPreparations else { throw error }
                tries += 1
                try? await SystemClock().sleep(for: .seconds(1))
            }
        }
    }

    /// Runs a transaction that reads for long, on a connection of its own, which ends with it.
    func maintain<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer {
        guard queue.isOpen else { throw Self.closed }
        var patient = settings
        patient.statementTimeout = max(settings.statementTimeout, Self.longStatement)
        let (own, chosen) = (PostgresQueue(), patient)
        defer { own.close() }
        try exits.start { [target] in
            // What becomes of this connection says nothing about the others.
            PostgresWorker(target, settings: chosen, session: PostgresSession(), queue: own, patience: nil).run()
        }
        return try await Self.run(transaction, isWriting: false, in: own)
    }

    /// How long a statement may take that reads or changes a whole table.
    private static let longStatement = Duration.seconds(3_600)

    /// Writes changes, together with whatever else waits to be written.
    func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome] {
        guard !request.items.isEmpty else { return [] }
        let queue = queue
        let result: Result<[CommitOutcome], StoreError> = await withCheckedContinuation { caller in
            let commits = PostgresCommit.all(of: PostgresCommit.Call(request.items, caller: caller))
            guard !queue.add(commits) else { return }
            for commit in commits { commit.fail(Self.closed) }
        }
        return try result.get()
    }

    /// Runs a transaction that locks one account, and waits for whoever has it locked without holding up anything else.
    func writeInTurn<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer {
        let patience = patience
        let result: Result<Answer, StoreError> = await withCheckedContinuation { caller in
            patience.add(PostgresMember.Transaction(transaction, isWriting: true, takesTurns: true, caller: caller))
        }
        return try result.get()
    }

    /// Closes the connections after everything that was asked before is done.
    func close() async {
        queue.close()
        // Who does what was asked may still hand something over.
        await exits.wait()
        patience.close()
        await patience.wait()
    }

    static let closed = StoreError(.closed, "The store has been closed.")

    private static func run<Answer>(
        _ transaction: SQLTransaction<Answer>,
        isWriting: Bool,
        in queue: PostgresQueue
    ) async throws(StoreError) -> Answer {
        let result: Result<Answer, StoreError> = await withCheckedContinuation { caller in
            let member = PostgresMember.Transaction(transaction, isWriting: isWriting, caller: caller)
            if !queue.add(member) { member.fail(closed) }
        }
        return try result.get()
    }
}
#endif
