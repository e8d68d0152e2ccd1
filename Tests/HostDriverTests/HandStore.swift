#if Postgres
import BillingKit
import BillingSQL
import Synchronization

/// A store over the host's connections alone.
struct HandStore: SQLStore {
    let database: HandDatabase

    /// What was remembered before a connection was lost is forgotten.
    var session: Int { database.losses.withLock(\.self) }
}

/// Connections in a host's hands, each of which runs one transaction at a time; one that has ended is replaced.
actor HandDatabase: SQLDatabase {
    nonisolated let dialect = SQLDialect.postgres
    /// How many connections have been lost and replaced.
    nonisolated let losses = Mutex(0)
    private let connect: @Sendable () async throws(StoreError) -> HandConnection
    /// The places that nobody uses, some of which have no connection yet, or none any more.
    private var free: [HandConnection?]
    private var waiting: [CheckedContinuation<HandConnection?, Never>] = []

    init(_ count: Int, connecting connect: @escaping @Sendable () async throws(StoreError) -> HandConnection) {
        self.connect = connect
        free = Array(repeating: nil, count: count)
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
        var connection = await take()
        do throws(StoreError) {
            let answer = try await perform(transaction, begin, on: &connection)
            give(connection)
            return answer
        } catch {
            let isLost = error.code == .connectionLost || error.code == .outcomeUnknown
            if isLost, connection != nil { losses.withLock { $0 += 1 } }
            give(isLost ? nil : connection)
            throw error
        }
    }

    private func perform<Answer>(
        _ transaction: SQLTransaction<Answer>,
        _ begin: String,
        on place: inout HandConnection?
    ) async throws(StoreError) -> Answer {
        let connection = try await begun(begin, on: &place)
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

    /// Begins a transaction, on a new connection where there is none or where it turns out to have ended while it was idle:
    /// nothing was asked of that one yet.
    private func begun(_ begin: String, on place: inout HandConnection?) async throws(StoreError) -> HandConnection {
        if let connection = place {
            do throws(StoreError) {
                try await connection.execute(begin)
                return connection
            } catch {
                guard error.code == .connectionLost else { throw error }
                losses.withLock { $0 += 1 }
                place = nil
            }
        }
        let connection = try await connect()
        place = connection
        try await connection.execute(begin)
        return connection
    }

    private func take() async -> HandConnection? {
        if let place = free.popLast() { return place }
        return await withCheckedContinuation { waiting.append($0) }
    }

    private func give(_ place: HandConnection?) {
        if waiting.isEmpty { free.append(place) } else { waiting.removeFirst().resume(returning: place) }
    }
}
#endif
