package import BillingKit

extension SQLSchema {
    /// The migrations from nothing to the tables of today, by version from 1 on.
    ///
    /// Whoever changes a table adds one to their end, in a file of its own; a frozen text in the tests is held against each.
    /// What they lead to is held against what the tables say that they are.
    package static let migrations = migrations(in: .sqlite)

    /// Returns the migrations for a kind of database; each has as many.
    package static func migrations(in dialect: SQLDialect) -> [SQLMigration] {
        switch dialect {
        case .sqlite: [.firstSQLite, .secondSQLite]
        case .postgres: [.firstPostgres, .secondPostgres]
        }
    }

    /// Returns the transaction that brings the tables to the version that a list of migrations leads to.
    ///
    /// It is all one transaction, so a crash leaves the tables at the version before or at the newest.
    ///
    /// - Parameters:
    ///   - migrations: The migrations, by version from 1 on.
    ///   - dialect: What the database says otherwise.
    ///   - now: The present instant, which is written down beside each migration.
    /// - Returns: The transaction; see ``preparation(in:at:)`` for what it refuses.
    package static func preparation(
        _ migrations: [SQLMigration],
        in dialect: SQLDialect,
        at now: Timestamp
    ) -> SQLTransaction<Void> {
        SQLTransaction(stage(migrations, in: dialect, at: now, isLocked: dialect.migrationLock.isEmpty))
    }

    /// Looks for what is to be done: without a lock first, since mostly there is nothing, and not every database that speaks
    /// PostgreSQL's language has the lock.
    private static func stage(
        _ migrations: [SQLMigration],
        in dialect: SQLDialect,
        at now: Timestamp,
        isLocked: Bool
    ) -> SQLTransaction<Void>.Stage {
        let locks = isLocked ? dialect.migrationLock.map { SQLStep($0) } : []
        let count = SQLStep(dialect.tableCount, [.texts([LogTables.schema.name])])
        return .run(locks + [count]) { (rows) throws(StoreError) in
            var reader = SQLRowReader(rows.last?.rows.first ?? [])
            guard try reader.integer() > 0 else {
                guard isLocked else { return stage(migrations, in: dialect, at: now, isLocked: true) }
                return .run(steps(for: migrations[...], in: dialect, at: now)) { _ throws(StoreError) in .done(()) }
            }
            return .run([applied]) { (rows) throws(StoreError) in
                let pending = try pending(among: migrations, after: rows.first)
                guard !pending.isEmpty else { return .done(()) }
                guard isLocked else { return stage(migrations, in: dialect, at: now, isLocked: true) }
                return .run(steps(for: pending, in: dialect, at: now)) { _ throws(StoreError) in .done(()) }
            }
        }
    }

    private static let applied = SQLStep(
        SQLStatement("SELECT version, name, checksum FROM billing_schema ORDER BY version")
    )

    /// The steps of migrations, each followed by the row that says so.
    private static func steps(
        for migrations: ArraySlice<SQLMigration>,
        in dialect: SQLDialect,
        at now: Timestamp
    ) -> [SQLStep] {
        let changes = zip(migrations.indices, migrations).flatMap { index, migration in
            let row: [SQLValue] = [
                SQLValue(index + 1), .text(migration.name), .integer(migration.checksum), SQLValue(now),
            ]
            return migration.statements.map { SQLStep(SQLStatement($0)) }
                + [LogTables.schema.step(LogTables.schema.insertion, rows: [row])]
        }
        return dialect.beforeChanges.map { SQLStep($0) } + changes
    }

    /// Holds what was applied against the list, and returns what is left of the list.
    private static func pending(
        among migrations: [SQLMigration],
        after rows: SQLRows?
    ) throws(StoreError) -> ArraySlice<SQLMigration> {
        var found: [(version: Int64, name: String, checksum: Int64)] = []
        for row in rows?.rows ?? [] {
            var reader = SQLRowReader(row)
            found.append((try reader.integer(), try reader.text(), try reader.integer()))
        }
        guard let newest = found.last?.version else {
            throw StoreError(
                .corrupt,
                "'\(LogTables.schema.name)' does not say which migrations were applied; restore the database."
            )
        }
        guard newest <= migrations.count else {
            throw StoreError(
                .newerSchema,
                """
                The tables are of schema version \(newest) and this code knows up to \(migrations.count); use a newer one.
                """
            )
        }
        for (index, migration) in found.enumerated() {
            let version = Int64(index + 1)
            guard migration.version == version else {
                throw StoreError(
                    .corrupt,
                    """
                    Migration \(version) was not applied, though migration \(migration.version) was; restore the database.
                    """
                )
            }
            guard migration.checksum == migrations[index].checksum else {
                throw StoreError(
                    .corrupt,
                    """
                    Migration \(version) ('\(migration.name)') was applied with other statements than this code has under \
                    that number, so the tables may be other ones; use the version of the kit that made them.
                    """
                )
            }
        }
        return migrations[found.count...]
    }
}
