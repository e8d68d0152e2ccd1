#if SQLite
import BillingKit
import BillingSQL

extension SQLiteTransaction {
    /// What a transaction does on the connection, as long as that is in it.
    final class Work {
        private let connection: SQLiteConnection
        private let billing: BillingSystem
        private let rows: Rows
        /// The fault after which SQLite ended the transaction by itself.
        private var end: StoreError?

        private init(_ connection: SQLiteConnection, _ billing: BillingSystem) {
            self.connection = connection
            self.billing = billing
            rows = Rows(connection)
        }

        /// Runs a body from the transaction's beginning to its commit.
        static func perform<Answer>(
            _ body: (borrowing SQLiteTransaction) throws -> Answer,
            on connection: SQLiteConnection,
            with billing: BillingSystem
        ) throws -> Answer {
            try connection.begin(writing: true)
            let work = Work(connection, billing)
            // Also where it fails, because then the outcome may be unknown.
            defer { billing.accountsWereCommitted(work.rows.customers) }
            let answer: Answer
            do {
                answer = try body(SQLiteTransaction(work))
                if let end = work.end { throw end }
                try connection.commitHosts()
            } catch {
                connection.rollBack()
                throw error
            }
            if work.rows.haveNotices { billing.noticesWereCommitted() }
            return answer
        }

        func run(_ sql: String, _ values: [SQLValue]) throws(StoreError) -> [[SQLValue]] {
            if let end { throw end }
            do throws(StoreError) {
                return try connection.runHosts(sql, values, atMost: SQLiteTransaction.maximumRows)
            } catch {
                throw noted(error)
            }
        }

        func perform<Answer>(_ body: (BillingSystem, Rows) throws -> Answer) throws -> Answer {
            if let end { throw end }
            do {
                return try body(billing, rows)
            } catch let error as StoreError {
                throw noted(error)
            }
        }

        /// Notes whether a fault has ended the transaction, and says so.
        private func noted(_ error: StoreError) -> StoreError {
            guard !connection.isInTransaction else { return error }
            let end = StoreError(
                error.code,
                "\(error.message) The whole transaction has ended; nothing of it is written."
            )
            self.end = end
            return end
        }
    }

    /// The kit's tables, inside the transaction.
    final class Rows: OpenTransaction {
        private let connection: SQLiteConnection
        /// Whether changes were written that hosts want to hear of.
        private(set) var haveNotices = false
        /// Whose accounts were written.
        private(set) var customers: Set<CustomerID> = []

        init(_ connection: SQLiteConnection) {
            self.connection = connection
        }

        func load(_ request: LoadRequest) throws(StoreError) -> [LoadedAccount] {
            try connection.run(.loading(request))
        }

        func commit(_ request: CommitRequest) throws(StoreError) -> [CommitOutcome] {
            let outcomes = try connection.performPart { () throws(StoreError) in
                try connection.run(SQLTransaction.committing(request).careful)
            }
            haveNotices = haveNotices || request.items.contains { $0.changes.contains { !$0.notices.isEmpty } }
            customers.formUnion(request.items.map(\.account.customer))
            return outcomes
        }

        func catalog(_ version: Catalog.Version) throws(StoreError) -> Catalog? {
            try connection.run(.catalog(version))
        }
    }
}
#endif
