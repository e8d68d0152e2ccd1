/// A database transaction that is open, in which a command can be loaded for, decided and written.
///
/// Nobody else writes to its customers' accounts until it ends.
package protocol OpenTransaction {
    /// Loads accounts and facts, as they are inside the transaction.
    func load(_ request: LoadRequest) throws(StoreError) -> [LoadedAccount]

    /// Writes changes inside the transaction, whole or not at all.
    func commit(_ request: CommitRequest) throws(StoreError) -> [CommitOutcome]

    /// Returns the catalog of a version, or `nil`.
    func catalog(_ version: Catalog.Version) throws(StoreError) -> Catalog?
}
