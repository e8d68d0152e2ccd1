public import BillingKit

extension BillingSystem {
    /// Returns the way to perform billing commands on a connection of the host's, inside the host's own transaction.
    ///
    /// For what belongs together, such as a job's row and the use of its units, on PostgreSQL:
    ///
    /// ```swift
    /// let transaction = try billing.transaction(on: connection)
    /// try await connection.begin()
    /// let answer = try await transaction.consume(of: .jobDescriptions, for: org, key: .job(id))
    /// if case .consumed = answer { try await connection.insertJob(id, of: org) }
    /// try await connection.commit()
    /// transaction.wasCommitted()
    /// ```
    ///
    /// The host begins and ends the transaction, in any isolation level: the kit only takes the account's lock, reads and
    /// writes. An error that says that the transaction cannot be put in an order with others goes to the host, who rolls
    /// back and runs all of it again; with the same keys no command is counted twice. What the billing system remembers of
    /// an account is neither used nor changed.
    ///
    /// - Parameter connection: A connection to the database that the billing system's store is in, with the kit's tables in
    ///   its search path, and used by nobody else until the transaction ends.
    /// - Returns: The commands, for this one transaction.
    /// - Throws: ``/BillingKit/BillingError`` with `notInTransaction` when the billing system's store is not in a database
    ///   that speaks PostgreSQL's language. `SQLiteStore` has `transaction(with:_:)` instead.
    public func transaction<Connection: SQLConnection>(
        on connection: Connection
    ) throws(BillingError) -> SQLHostTransaction<Connection> {
        guard let store = keptIn as? any SQLStore, store.database.dialect == .postgres else {
            throw BillingError(
                .notInTransaction,
                "The billing system keeps its accounts in a store that has no part in a transaction of PostgreSQL's."
            )
        }
        return SQLHostTransaction(connection, self)
    }
}
