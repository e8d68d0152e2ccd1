public import BillingKit

/// A database that runs whole transactions.
public protocol SQLDatabase: Sendable {
    /// Runs a transaction that writes, alone or as if alone, and commits it.
    ///
    /// - Throws: ``/BillingKit/StoreError`` when nothing was written, or with `outcomeUnknown` when that is not
    ///   known.
    func write<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer

    /// Runs a transaction that only reads, all of one instant.
    func read<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer
}
