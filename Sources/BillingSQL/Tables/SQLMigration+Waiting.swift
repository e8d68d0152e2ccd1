extension SQLMigration {
    private static let waitingName = "indexes of what waits"

    /// What waits is found and put in its order by indexes; SQLite's notices have got theirs when they were made anew.
    static let waitingSQLite = SQLMigration(waitingName, deliveries)

    /// The same in PostgreSQL.
    static let waitingPostgres = SQLMigration(waitingName, deliveries + [JournalTables.waitingNotices])

    private static let deliveries = ["DROP INDEX billing_deliveries_due"] + LogTables.waitingIndexes
}
