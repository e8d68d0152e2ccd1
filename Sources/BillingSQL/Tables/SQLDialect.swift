/// What databases say otherwise, where the kit has to say it.
package struct SQLDialect: Sendable {
    /// The statement that counts the tables of a name, the one parameter.
    let tableCount: SQLStatement

    /// The statements that keep others from changing the tables until the transaction ends.
    let migrationLock: [SQLStatement]

    /// SQLite: a transaction that writes is alone from its beginning, so nothing is left to lock.
    package static let sqlite = SQLDialect(
        tableCount: SQLStatement("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1"),
        migrationLock: []
    )
}
