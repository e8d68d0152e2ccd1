#if SQLite
public import BillingKit
public import BillingSQL

extension SQLiteStore {
    /// Writes a copy of the file while the store is in use.
    ///
    /// The copy is of one instant: it has everything that was acknowledged before the call and, of what is committed
    /// meanwhile, nothing. Commits do not wait for it; the log beside the file grows by what is written until it is
    /// done, and is cut again afterwards.
    ///
    /// The copy is one plain SQLite file, without a log beside it, that `SQLiteStore` opens like any other. It has been
    /// read back and checked, and is flushed to the disk with its name, before the call returns. Until then nothing
    /// bears that name, whatever happens, but a file `….partial` may be left by a crash.
    ///
    /// - Parameter path: Where to write it: in a folder that exists, under a name that is free. The file can be read and
    ///   written by the process's user alone.
    /// - Throws: ``/BillingKit/StoreError``: `cannotOpen` when the folder is missing or the name is taken, `full` when the
    ///   disk is, `corrupt` when the copy is not sound, `closed` when the store is closed meanwhile. No copy is left then.
    public func backup(to path: String) async throws(StoreError) {
        try await database.backUp(to: path)
    }

    /// Examines the file as a whole, while the store is in use.
    ///
    /// It reads every page, and if the file is whole every row, so it takes as long as the file is large; commits do not
    /// wait for it. Run it now and then, after a restore, and when a disk is in doubt. What one account's parts mean
    /// together is another question, which ``/BillingKit/BillingSystem/examine(_:by:)`` answers.
    ///
    /// - Returns: What does not hold, at most 100 findings of each rule; none when the file is sound.
    /// - Throws: ``/BillingKit/StoreError`` when the file cannot be read.
    public func checkIntegrity() async throws(StoreError) -> [SQLSchema.Finding] {
        try await database.maintain { (connection) throws(StoreError) in try connection.findings() }
    }
}

extension SQLiteConnection {
    /// Returns what does not hold of the file or, where it is whole, of its rows.
    fileprivate func findings() throws(StoreError) -> [SQLSchema.Finding] {
        let check = SQLTransaction(
            running: [SQLStep(SQLStatement("PRAGMA integrity_check"))],
            answer: { rows in
                (rows.first?.rows ?? []).compactMap { row -> SQLSchema.Finding? in
                    guard case .text(let words) = row.first, words != "ok" else { return nil }
                    return SQLSchema.Finding(.file, words)
                }
            }
        )
        let ofFile = try perform(check, writing: false)
        // Rows of a file that is not whole may be anything, and reading them may fail.
        return ofFile.isEmpty ? try perform(SQLSchema.examination(), writing: false) : ofFile
    }
}
#endif
