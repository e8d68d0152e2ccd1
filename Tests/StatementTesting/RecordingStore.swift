package import BillingKit
package import BillingSQL

/// A store that notes what its transactions ask of the database first.
package struct RecordingStore<Base: SQLDatabase>: SQLStore {
    /// The database, with the notes.
    package let database: RecordingDatabase<Base>

    /// Creates a store over the database of another one.
    package init(_ base: Base) {
        database = RecordingDatabase(base)
    }
}

/// A database that notes the first steps of each transaction, and has another one run it.
package final class RecordingDatabase<Base: SQLDatabase>: SQLDatabase {
    private let base: Base
    private let notes = Lock(Notes())

    /// The first steps of transactions.
    package struct Notes: Sendable {
        /// Of those that read.
        package var reads: [SQLStep] = []
        /// Of those that write.
        package var writes: [SQLStep] = []
    }

    init(_ base: Base) {
        self.base = base
    }

    package var dialect: SQLDialect { base.dialect }

    /// Returns what was noted, and begins anew.
    package func take() -> Notes {
        notes.withLock { notes in
            defer { notes = Notes() }
            return notes
        }
    }

    package func write<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer {
        let steps = try Self.firstSteps(of: transaction)
        notes.withLock { $0.writes += steps }
        return try await base.write(transaction)
    }

    package func read<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer {
        let steps = try Self.firstSteps(of: transaction)
        notes.withLock { $0.reads += steps }
        return try await base.read(transaction)
    }

    /// A transaction is a value: asking a copy what comes first changes nothing.
    private static func firstSteps<Answer>(of transaction: SQLTransaction<Answer>) throws(StoreError) -> [SQLStep] {
        var copy = transaction
        if case .run(let steps) = try copy.next([]) { return steps }
        return []
    }
}
