#if SQLite
public import BillingKit
public import BillingSQL

/// The embedded store: one SQLite file beside the server.
///
/// What is acknowledged survives the end of the process and the loss of power: the file is in WAL mode with
/// `synchronous = FULL`, and a commit is answered after its flush. Everything goes through one connection on
/// a thread of its own, so no task of the server ever waits on the disk.
///
/// The file belongs to one process. A second one is refused by a lock on a file beside it (`….lock`): SQLite
/// before 3.51.3 can corrupt a database in WAL mode that two connections write and checkpoint at once.
public final class SQLiteStore: SQLStore {
    /// The file.
    public let database: SQLiteDatabase

    /// Opens a file, and creates it and its tables where they are missing.
    ///
    /// - Parameters:
    ///   - path: The path of the file. Its folder must exist, on a disk of this machine.
    ///   - busyTimeout: How long to wait for another program that has the file locked. The default is five
    ///     seconds.
    /// - Throws: ``/BillingKit/StoreError``: `cannotOpen` when the folder is missing or the file is no database,
    ///   `inUse` when a process has the file open, `busy` when another program keeps it locked, `newerSchema`
    ///   when a newer version of the kit wrote it.
    public init(_ path: String, busyTimeout: Duration = .seconds(5)) async throws(StoreError) {
        database = try await SQLiteDatabase(path: path, busyTimeout: busyTimeout)
        do throws(StoreError) {
            try await database.write(SQLSchema.preparation())
        } catch {
            await database.close()
            throw error
        }
    }

    /// Closes the file after everything that was asked before is done.
    ///
    /// Later requests fail with `closed`.
    public func close() async {
        await database.close()
    }
}
#endif
