/// The kinds of database that the kit writes its statements for.
///
/// A statement is written once; each dialect has its own way to run it for many rows.
public enum SQLDialect: Hashable, Sendable {
    /// SQLite 3.37 or later: a statement is run once for each row, with `?1`, `?2`, … for the row's values.
    case sqlite

    /// PostgreSQL 13 or later, and what speaks as it does: a statement is run once for all rows, with `$1`, `$2`, … for
    /// arrays, one for each column.
    case postgres

    /// The statement that counts the tables of a name, the one parameter.
    var tableCount: SQLStatement {
        switch self {
        case .sqlite: SQLStatement(once: "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1")
        case .postgres:
            SQLStatement(
                once: "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = ?1"
            )
        }
    }

    /// The statements that keep others from changing the tables until the transaction ends.
    ///
    /// In SQLite a transaction that writes is alone from its beginning, so nothing is left to lock. In PostgreSQL there
    /// may be no table yet that could be locked, so it is a number; any will do that no other program takes.
    var migrationLock: [SQLStatement] {
        switch self {
        case .sqlite: []
        case .postgres: [SQLStatement("SELECT pg_advisory_xact_lock(7020089372261541735)")]
        }
    }

    /// The statements that come before the tables are changed.
    ///
    /// In PostgreSQL whoever waits for a table that somebody reads, a backup perhaps, has everybody else wait behind it. So the
    /// change gives up soon, and is tried again.
    var beforeChanges: [SQLStatement] {
        switch self {
        case .sqlite: []
        case .postgres: [SQLStatement("SET LOCAL lock_timeout = '2s'")]
        }
    }
}

extension SQLTable.Column.Kind {
    /// The type of a column.
    ///
    /// Text is compared and put in order byte for byte, as the kit does it, and not as a language would have it.
    func type(in dialect: SQLDialect) -> String {
        switch (self, dialect) {
        case (_, .sqlite): rawValue
        case (.integer, .postgres): "BIGINT"
        case (.text, .postgres): "TEXT COLLATE \"C\""
        case (.blob, .postgres): "BYTEA"
        }
    }
}
