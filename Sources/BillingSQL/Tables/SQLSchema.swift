public import BillingKit

/// The tables as a whole, and the number that they bear.
public enum SQLSchema {
    /// The version of the tables that this code reads and writes.
    public static let version = Int64(migrations.count)

    /// Returns the statements that would make the tables as they are to be, which is what the migrations have to lead to.
    package static func creation(in dialect: SQLDialect) -> [String] {
        tables.flatMap { $0.creation(in: dialect) } + JournalTables.guards(in: dialect)
    }

    static let tables = AccountTables.all + JournalTables.all + [JournalTables.archived] + LogTables.all

    /// Returns the transaction that creates the tables where they are missing, brings older ones up to ``version``, and
    /// checks those that are there.
    ///
    /// The table `billing_schema` has a row for each migration that was applied. Everything that is to be done is done in
    /// the one transaction, or nothing: a crash leaves the tables as they were or as they are to be. It has to be run by
    /// ``SQLDatabase/write(_:)``, which lets no other transaction write meanwhile.
    ///
    /// - Parameters:
    ///   - dialect: The kind of database; SQLite when left out.
    ///   - now: The present instant, which is written down beside each migration; the machine's clock says it when left
    ///     out.
    /// - Returns: The transaction. It fails with `newerSchema` when a newer version of the kit wrote the tables, and with
    ///   `corrupt` when a migration is missing among those applied, or was applied with other statements than this code
    ///   has; it changes nothing then.
    public static func preparation(
        in dialect: SQLDialect = .sqlite,
        at now: Timestamp = SystemClock().now()
    ) -> SQLTransaction<Void> {
        preparation(migrations(in: dialect), in: dialect, at: now)
    }
}
