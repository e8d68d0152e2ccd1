#if SQLite
import BillingKit
import BillingSQL

extension SQLiteDatabase {
    /// Creates the tables where they are missing, and brings older ones up to what migrations lead to.
    ///
    /// SQLite cannot change everything about a table, so some are made anew in the place of the old ones. What the host has
    /// made beside them must not mind. So meanwhile a view or a trigger that reads a table keeps its words while there is none
    /// of that name, whatever else is wrong with it, and a row that refers to one of a table that goes is left alone. Both are
    /// said before the transaction, which begins only then.
    func prepare(_ migrations: [SQLMigration], at now: Timestamp) async throws(StoreError) {
        let preparation = SQLSchema.preparation(migrations, in: .sqlite, at: now)
        try await withWriter { (connection) throws(StoreError) in
            try connection.expectOpen()
            try connection.execute("PRAGMA foreign_keys = OFF")
            try connection.execute("PRAGMA legacy_alter_table = ON")
            try connection.perform(preparation, writing: true)
            try connection.execute("PRAGMA legacy_alter_table = OFF")
            try connection.execute("PRAGMA foreign_keys = ON")
        }
    }
}
#endif
