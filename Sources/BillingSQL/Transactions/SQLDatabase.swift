public import BillingKit

/// A database that runs whole transactions.
public protocol SQLDatabase: Sendable {
    /// What the database speaks; SQLite's when it is not said.
    ///
    /// Of one that speaks PostgreSQL's the transactions may run side by side at `READ COMMITTED`: what has to come one
    /// after the other is locked. It runs a transaction again from its beginning that fails with `serialization` or
    /// `deadlock`.
    var dialect: SQLDialect { get }

    /// Runs a transaction that writes, alone or as if alone, and commits it.
    ///
    /// - Throws: ``/BillingKit/StoreError`` when nothing was written, or with `outcomeUnknown` when that is not
    ///   known.
    func write<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer

    /// Runs a transaction that only reads, all of one instant.
    func read<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer
}

extension SQLDatabase {
    /// SQLite's.
    public var dialect: SQLDialect { .sqlite }
}
