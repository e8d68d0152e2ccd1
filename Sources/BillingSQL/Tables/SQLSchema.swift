import BillingKit

/// The tables as a whole, and the number that they bear.
public enum SQLSchema {
    /// The version of the tables that this code reads and writes.
    public static let version: Int64 = 1

    private static let tables = AccountTables.all + JournalTables.all + LogTables.all

    /// Returns the transaction that creates the tables where they are missing and checks their version.
    ///
    /// It fails with `newerSchema` when a newer version of the kit wrote the tables, and changes nothing then.
    public static func preparation() -> SQLTransaction<Void> {
        let isPrepared = SQLStatement(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '\(LogTables.schema.name)'"
        )
        return SQLTransaction(
            .run([SQLStep(isPrepared)]) { (rows) throws(StoreError) in
                var reader = SQLRowReader(rows.first?.rows.first ?? [])
                guard try reader.integer() == 0 else { return check }
                let creation = tables.flatMap(\.creation).map { SQLStep($0) }
                let stamp = LogTables.schema.step(
                    LogTables.schema.insertion,
                    rows: [[.integer(1), .integer(version)]]
                )
                return .run(creation + [stamp]) { _ throws(StoreError) in .done(()) }
            }
        )
    }

    private static var check: SQLTransaction<Void>.Stage {
        .run([SQLStep(SQLStatement("SELECT version FROM \(LogTables.schema.name)"))]) { (rows) throws(StoreError) in
            var reader = SQLRowReader(rows.first?.rows.first ?? [])
            let found = try reader.integer()
            guard found <= version else {
                throw StoreError(
                    .newerSchema,
                    "The tables are of schema version \(found) and this code knows up to \(version); use a newer one."
                )
            }
            guard found == version else {
                throw StoreError(.corrupt, "The tables are of schema version \(found), which no release has written.")
            }
            return .done(())
        }
    }
}
