extension SQLMigration {
    private static let secondName =
        "attempts to buy with all that is known of them, subscriptions by provider, benefits"

    /// What the second tables have that the first did not: everything about attempts to buy, subscriptions that are told apart
    /// by their provider too, and benefits.
    static let secondSQLite = SQLMigration(
        secondName,
        upgradesSQLite.statements + subscriptionsSQLite.statements + waitingSQLite.statements
            + JournalTables.guards(in: .sqlite)
    )

    /// The same in PostgreSQL, whose tables are changed where they are.
    static let secondPostgres = SQLMigration(
        secondName,
        upgradesPostgres.statements + subscriptionsPostgres.statements + waitingPostgres.statements
            + JournalTables.guards(in: .postgres)
    )
}
