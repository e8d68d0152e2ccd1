#if Postgres
public import BillingKit
public import BillingSQL

/// The store for many servers: one PostgreSQL database that they share.
///
/// What is acknowledged has been committed with `synchronous_commit` on. Blocking calls are made on threads of the store's
/// own; what waits for a connection is written together, in one transaction with one round trip. An account that another
/// transaction has locked is written by itself once it is free, and nothing else waits for it.
///
/// The tables are in the connection's schema, beside the host's own or in one of theirs. Text that contains U+0000, which
/// PostgreSQL cannot hold, is stored with U+0001 U+0001 in its place, and U+0001 as U+0001 U+0002.
public final class PostgresStore: SQLStore {
    /// The database.
    public let database: PostgresDatabase

    /// Connects to a database, and creates the tables where they are missing.
    ///
    /// Tables of an older version of the kit are brought up to this one's, all in one transaction, by whichever server
    /// comes first.
    ///
    /// - Parameters:
    ///   - connection: Where the database is, as libpq takes it: `postgresql://user:password@host/database?sslmode=…`, or
    ///     `host=… dbname=…`. What it leaves out, libpq takes from the environment (`PGHOST`, `PGPASSWORD`, `PGSSLMODE`, …)
    ///     and its password file.
    ///   - settings: How to work with it.
    /// - Throws: ``/BillingKit/StoreError``: `cannotOpen` when the string is none, when the server cannot be reached, refuses
    ///   the user or is older than PostgreSQL 13, or when the database is not in UTF-8; `newerSchema` when a newer version
    ///   of the kit made the tables, `corrupt` when they are not those that this one makes.
    public convenience init(
        _ connection: String,
        _ settings: PostgresSettings = PostgresSettings()
    ) async throws(StoreError) {
        try await self.init(connection, settings, migrations: SQLSchema.migrations(in: .postgres))
    }

    /// Connects with migrations, that hosts have no use for.
    package init(
        _ connection: String,
        _ settings: PostgresSettings,
        migrations: [SQLMigration]
    ) async throws(StoreError) {
        database = try await PostgresDatabase(
            try PostgresTarget(connection),
            settings: settings,
            migrations: migrations
        )
    }

    /// How often one of its connections has been lost and made anew.
    public var session: Int { database.session }

    /// Writes changes, together with whatever else waits to be written.
    public func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome] {
        try await database.commit(request)
    }

    /// Locks an account, waiting for whoever has it, loads it, has its changes decided, and writes those.
    public func update(
        _ customer: CustomerID,
        asking ask: @escaping @Sendable () -> LoadRequest.Item,
        deciding decide: @escaping @Sendable (LoadedAccount) -> CommitRequest.Item?
    ) async throws(StoreError) -> CommitOutcome? {
        try await database.writeInTurn(.updating(customer, asking: ask, deciding: decide))
    }

    /// Examines the tables as a whole, while the store is in use.
    ///
    /// It reads every row, so it takes as long as the tables are large, on a connection of its own that holds up nobody and
    /// whose statements may each take an hour. What one account's parts mean together is another question, which
    /// ``/BillingKit/BillingSystem/examine(_:by:)`` answers.
    ///
    /// - Returns: What does not hold, at most 100 findings of each rule; none when everything does.
    /// - Throws: ``/BillingKit/StoreError`` when the tables cannot be read.
    public func checkIntegrity() async throws(StoreError) -> [SQLSchema.Finding] {
        try await database.maintain(SQLSchema.examination())
    }

    /// Closes the connections after everything that was asked before is done.
    ///
    /// Later requests fail with `closed`.
    public func close() async {
        await database.close()
    }
}
#endif
