extension SQLMigration {
    private static let subscriptionsName = "subscriptions by provider, and benefits"

    /// Subscriptions are told apart by their provider too and have more said of them; there are benefits; the
    /// notices have words for what is new.
    ///
    /// SQLite can neither change a key nor a condition, so the tables are made anew and filled from what they were. The journal
    /// is made anew for attempts to buy already, with all its words.
    static let subscriptionsSQLite = SQLMigration(
        subscriptionsName,
        JournalTables.notices.remaking()
            + AccountTables.subscriptions.remaking(with: laterValues, adding: laterNames)
            + AccountTables.subscriptionLosses.remaking(
                with: [
                    "kind": "'lost'", "told_at": "lost_at",
                    "provider": """
                    (SELECT s.provider FROM billing_subscriptions AS s WHERE s.customer = b.customer \
                    AND s.subscription_id = b.subscription_id)
                    """,
                ]
            )
            + JournalTables.subscriptions.remaking(with: laterValues, adding: laterNames)
            + JournalTables.subscriptionLosses.remaking(with: ["kind": "'lost'", "told_at": "lost_at"])
            + AccountTables.benefits.creation(in: .sqlite) + JournalTables.benefits.creation(in: .sqlite)
    )

    /// The same in PostgreSQL, whose tables are changed where they are.
    static let subscriptionsPostgres = SQLMigration(
        subscriptionsName,
        JournalTables.notices.renewingCheck(of: "kind")
            + AccountTables.subscriptions.addingLaterColumns + AccountTables.subscriptions.renewingKey
            + [
                "ALTER TABLE billing_subscription_losses ADD COLUMN provider TEXT COLLATE \"C\"",
                """
                UPDATE billing_subscription_losses AS l SET provider = s.provider FROM billing_subscriptions AS s \
                WHERE s.customer = l.customer AND s.subscription_id = l.subscription_id
                """,
                "ALTER TABLE billing_subscription_losses ALTER COLUMN provider SET NOT NULL",
            ] + AccountTables.subscriptionLosses.addingKind + JournalTables.subscriptions.addingLaterColumns
            + JournalTables.subscriptionLosses.addingKind
            + AccountTables.benefits.creation(in: .postgres) + JournalTables.benefits.creation(in: .postgres)
    )

    /// What a row of before has in columns that are not empty: it was paid for what was last reported, as far as is known.
    private static let laterValues = [
        "pauses_at_period_end": "0",
        "paid_tier": "CASE WHEN paid_starts_at IS NOT NULL THEN tier END",
        "paid_catalog_version": "CASE WHEN paid_starts_at IS NOT NULL THEN catalog_version END",
        "paid_before_tier": "CASE WHEN paid_before_starts_at IS NOT NULL THEN tier END",
        "paid_before_catalog_version": "CASE WHEN paid_before_starts_at IS NOT NULL THEN catalog_version END",
    ]

    private static let laterNames = AccountTables.laterSubscriptionColumns.map(\.name)
}

extension SQLTable {
    /// Returns the statements that make the table anew in SQLite, as it is to be now, with the rows that it has.
    ///
    /// - Parameters:
    ///   - values: What a row has in a column that it did not have, by column; the old table is called `b` there.
    ///   - added: Other columns that it did not have, which are empty.
    /// - Returns: The statements, in order.
    fileprivate func remaking(with values: [String: String] = [:], adding added: [String] = []) -> [String] {
        let creation = creation(in: .sqlite)
        let expressions = columns.map { column in
            values[column.name] ?? (added.contains(column.name) ? "NULL" : column.name)
        }
        // The old indexes go first, because they keep their names when their table gets another; some may be new.
        let names = indexes.compactMap { index in
            index.split(separator: " ").first { $0.hasPrefix("billing_") }
        }
        return names.map { "DROP INDEX IF EXISTS \($0)" } + ["ALTER TABLE \(name) RENAME TO \(name)_before"]
            + creation.prefix(1) + [
                "INSERT INTO \(name) (\(columnList)) SELECT \(expressions.joined(separator: ", ")) FROM \(name)_before AS b",
                "DROP TABLE \(name)_before",
            ] + creation.dropFirst()
    }

    /// The statements that give a column in PostgreSQL the condition that it is to have now.
    fileprivate func renewingCheck(of column: String) -> [String] {
        let check = columns.first { $0.name == column }?.check ?? "true"
        let constraint = "\(name)_\(column)_check"
        return [
            "ALTER TABLE \(name) DROP CONSTRAINT \(constraint)",
            "ALTER TABLE \(name) ADD CONSTRAINT \(constraint) CHECK (\(check))",
        ]
    }

    /// The statements that give the table in PostgreSQL the key that it is to have now.
    fileprivate var renewingKey: [String] {
        [
            "ALTER TABLE \(name) DROP CONSTRAINT \(name)_pkey",
            "ALTER TABLE \(name) ADD PRIMARY KEY (\(key.joined(separator: ", ")))",
        ]
    }

    /// The statements that add to the table in PostgreSQL what the first tables did not have of a subscription.
    fileprivate var addingLaterColumns: [String] {
        AccountTables.laterSubscriptionColumns.flatMap { column in
            let definition = column.definition(in: .postgres)
            guard !column.isOptional else { return ["ALTER TABLE \(name) ADD COLUMN \(definition)"] }
            return [
                "ALTER TABLE \(name) ADD COLUMN \(definition) DEFAULT 0",
                "ALTER TABLE \(name) ALTER COLUMN \(column.name) DROP DEFAULT",
            ]
        } + [
            """
            UPDATE \(name) SET paid_tier = tier, paid_catalog_version = catalog_version \
            WHERE paid_starts_at IS NOT NULL
            """,
            """
            UPDATE \(name) SET paid_before_tier = tier, paid_before_catalog_version = catalog_version \
            WHERE paid_before_starts_at IS NOT NULL
            """,
        ]
    }

    /// The statements that let the table in PostgreSQL tell losses from dues; so far there were losses alone.
    fileprivate var addingKind: [String] {
        let kind = columns.filter { $0.name == "kind" }.map { $0.definition(in: .postgres) }
        return kind.map { "ALTER TABLE \(name) ADD COLUMN \($0) DEFAULT 'lost'" } + [
            "ALTER TABLE \(name) ALTER COLUMN kind DROP DEFAULT",
            "ALTER TABLE \(name) RENAME COLUMN lost_at TO told_at",
        ] + renewingKey
    }
}
