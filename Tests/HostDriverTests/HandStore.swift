#if Postgres
import BillingKit
import BillingSQL

/// A store over the host's connections alone.
struct HandStore: SQLStore {
    let database: HandDatabase
}

/// Connections in a host's hands, each of which runs one transaction at a time.
actor HandDatabase: SQLDatabase {
    nonisolated let dialect = SQLDialect.postgres
    private var free: [HandConnection]
    private var waiting: [CheckedContinuation<HandConnection, Never>] = []

    init(_ connections: [HandConnection]) {
        free = connections
    }

    func write<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer {
        var tries = 1
        while true {
            do throws(StoreError) {
                return try await perform(transaction, "BEGIN ISOLATION LEVEL READ COMMITTED")
            } catch {
                guard error.code == .serialization || error.code == .deadlock, tries < 12 else { throw error }
                tries += 1
            }
        }
    }

    func read<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer {
        try await perform(transaction, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    private func perform<Answer>(_ transaction: SQLTransaction<Answer>, _ begin: String) async throws(StoreError)
        -> Answer
    {
        let connection = await take()
        defer { give(connection) }
        try await connection.execute(begin)
        var isCommitting = false
        do throws(StoreError) {
            let answer = try await connection.run(transaction)
            isCommitting = true
            try await connection.execute("COMMIT")
            return answer
        } catch {
            // What went wrong first says more than that a lost connection cannot be rolled back either.
            _ = try? await connection.execute("ROLLBACK")
            guard isCommitting, error.code == .connectionLost else { throw error }
            throw StoreError(.outcomeUnknown, "The connection ended in a commit. \(error.message)")
        }
    }

    private func take() async -> HandConnection {
        if let connection = free.popLast() { return connection }
        return await withCheckedContinuation { waiting.append($0) }
    }

    private func give(_ connection: HandConnection) {
        if waiting.isEmpty { free.append(connection) } else { waiting.removeFirst().resume(returning: connection) }
    }
}
#endif
