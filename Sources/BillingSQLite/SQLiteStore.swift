#if SQLite
public import BillingKit
public import BillingSQL

/// The embedded store: one SQLite file beside the server.
///
/// What is acknowledged survives the end of the process and the loss of power: the file is in WAL mode with
/// `synchronous = FULL`, and a commit is answered after its flush; ``Durability`` says what less would cost. One
/// connection on a thread of its own writes, so no task of the server ever waits on the disk; reports are read beside
/// it.
///
/// The file belongs to one process. A second one is refused by a lock on a file beside it (`….lock`): SQLite
/// before 3.51.3 can corrupt a database in WAL mode that two connections write and checkpoint at once.
public final class SQLiteStore: SQLStore {
    /// The file.
    public let database: SQLiteDatabase

    /// Opens a file, and creates it and its tables where they are missing.
    ///
    /// Tables of an older version of the kit are brought up to this one's, all in one transaction.
    ///
    /// A file that it creates can be read and written by the process's user alone; one that is there keeps its
    /// permissions, and SQLite gives them to the log beside it too.
    ///
    /// - Parameters:
    ///   - path: The path of the file. Its folder must exist, on a disk of this machine.
    ///   - durability: What a commit survives; ``Durability/full`` when left out, which loses nothing.
    ///   - busyTimeout: How long a write waits for another program that has the file locked. The default is five
    ///     seconds. Writes come one after the other, so one that comes while others wait may be told twice as late: those
    ///     that are there when a wait begins are told together at its end.
    /// - Throws: ``/BillingKit/StoreError``: `cannotOpen` when the folder is missing or the file is no database,
    ///   `inUse` when a process has the file open, `busy` when another program keeps it locked, `newerSchema`
    ///   when a newer version of the kit wrote it, `corrupt` when its tables are not those that this one makes, `full`,
    ///   `connectionLost` or `outcomeUnknown` when the disk fails; opening again is then as good as opening for the
    ///   first time.
    public convenience init(
        _ path: String,
        durability: Durability = .full,
        busyTimeout: Duration = .seconds(5)
    ) async throws(StoreError) {
        var settings = SQLiteSettings()
        settings.durability = durability
        settings.busyTimeout = busyTimeout
        try await self.init(path, settings: settings)
    }

    /// Opens a file with settings, and with migrations, that hosts have no use for.
    package init(
        _ path: String,
        settings: SQLiteSettings,
        migrations: [SQLMigration] = SQLSchema.migrations
    ) async throws(StoreError) {
        database = try await SQLiteDatabase(path: path, settings: settings)
        do throws(StoreError) {
            try await database.prepare(migrations, at: SystemClock().now())
        } catch {
            await database.close()
            throw error
        }
    }

    /// The writer's thread.
    public var executor: (any TaskExecutor)? { database.executor }

    /// Loads accounts and facts: beside the writer, or where a commit follows on the connection that makes it, which has
    /// the pages in memory.
    public func load(_ request: LoadRequest) async throws(StoreError) -> [LoadedAccount] {
        request.precedesCommit
            ? try await database.readInTurn(.loading(request)) : try await database.read(.loading(request))
    }

    /// Closes the file after everything that was asked before is done.
    ///
    /// Later requests fail with `closed`.
    public func close() async {
        await database.close()
    }
}
#endif
