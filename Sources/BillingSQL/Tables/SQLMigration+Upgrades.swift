// swift-format-ignore-file: these texts never change, however long their lines are.

extension SQLMigration {
    private static let upgradesName = "attempts to buy with all that is known of them"

    /// Everything about attempts to buy: every checkout of theirs, what prompted them and where they came from; the journal has
    /// a word for each thing that happens to one.
    ///
    /// SQLite cannot change a condition, so tables are made anew and filled from what they were.
    static let upgradesSQLite = SQLMigration(
        upgradesName,
        acts(in: .sqlite) + SQLMigration(upgradesName, separatedBySemicolons: attemptsSQLite).statements
            + JournalTables.journal.madeAnew(with: ["effect": effectOfAttempts], orderedBy: "rowid")
            + AccountTables.orders.madeAnew(with: ["pack": "NULL"], orderedBy: "customer, provider, order_id")
            + JournalTables.orders.madeAnew(with: ["pack": "NULL"], orderedBy: "customer, revision, ordinal")
    )

    /// The same in PostgreSQL, whose tables are changed where they are.
    static let upgradesPostgres = SQLMigration(
        upgradesName,
        acts(in: .postgres) + SQLMigration(upgradesName, separatedBySemicolons: attemptsPostgres).statements
            + AccountTables.orders.givingLists(to: ["purpose"]) + JournalTables.orders.givingLists(to: ["purpose"])
            + JournalTables.journal.givingLists(
                to: ["kind", "effect"],
                after: [
                    "UPDATE billing_journal SET effect = \(effectOfAttempts) WHERE effect = 'upgraded'"
                ]
            )
    )

    /// The tables of what was done on the host's side, with the clicks that the first tables had.
    private static func acts(in dialect: SQLDialect) -> [String] {
        let tables = [
            (AccountTables.upgradeActs, "customer, key_kind, key_value", "billing_upgrades"),
            (JournalTables.upgradeActs, "customer, revision, ordinal", "billing_journal_upgrades"),
        ]
        return tables.flatMap { table, place, source in
            table.creation(in: dialect) + [
                """
                INSERT INTO \(table.name) (\(place), act, acted_at, member, wished_kind, wished, cycle_count, cycle_unit, \
                cycle_offset_seconds) SELECT \(place), 'clicked', clicked_at, started_by, 'tier', tier, cycle_count, \
                cycle_unit, cycle_offset_seconds FROM \(source) WHERE clicked_at IS NOT NULL
                """
            ]
        }
    }

    /// What happened to an attempt, as far as its stage in the first tables' journal tells.
    private static let effectOfAttempts = """
        CASE WHEN effect = 'upgraded' AND word = 'clicked' THEN 'upgrade_clicked' \
        WHEN effect = 'upgraded' AND word = 'checkout' THEN 'checkout_opened' \
        WHEN effect = 'upgraded' AND word = 'expired' THEN 'upgrade_expired' \
        WHEN effect = 'upgraded' AND word = 'completed' THEN 'upgrade_completed' ELSE effect END
        """

    private static let attemptsSQLite = #"""
        CREATE TABLE billing_upgrade_checkouts (
          customer TEXT NOT NULL,
          key_kind TEXT NOT NULL CHECK (key_kind = 'reference' OR key_kind = 'tier' OR key_kind = 'pack' OR key_kind = 'checkout' OR key_kind = 'tier_again' OR key_kind = 'pack_again'),
          key_value TEXT NOT NULL,
          checkout_id TEXT NOT NULL,
          url TEXT,
          opened_at INTEGER,
          expires_at INTEGER,
          is_expired INTEGER NOT NULL CHECK (is_expired IN (0, 1)),
          version_object_at INTEGER,
          version_event_at INTEGER,
          target_kind TEXT CHECK (target_kind = 'tier' OR target_kind = 'pack'),
          target TEXT,
          order_provider TEXT,
          order_id TEXT,
          paid_at INTEGER,
          paid_kind TEXT CHECK (paid_kind = 'tier' OR paid_kind = 'pack'),
          paid_target TEXT,
          is_change INTEGER NOT NULL CHECK (is_change IN (0, 1)),
          paid_reference TEXT,
          url_object_at INTEGER,
          url_event_at INTEGER,
          expiry_object_at INTEGER,
          expiry_event_at INTEGER,
          began_order_id TEXT,
          began_at INTEGER,
          began_provider TEXT,
          began_subscription_id TEXT,
          runs_until INTEGER,
          PRIMARY KEY (customer, key_kind, key_value, checkout_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE billing_journal_upgrade_checkouts (
          customer TEXT NOT NULL,
          revision INTEGER NOT NULL,
          ordinal INTEGER NOT NULL,
          checkout_id TEXT NOT NULL,
          url TEXT,
          opened_at INTEGER,
          expires_at INTEGER,
          is_expired INTEGER NOT NULL CHECK (is_expired IN (0, 1)),
          version_object_at INTEGER,
          version_event_at INTEGER,
          target_kind TEXT CHECK (target_kind = 'tier' OR target_kind = 'pack'),
          target TEXT,
          order_provider TEXT,
          order_id TEXT,
          paid_at INTEGER,
          paid_kind TEXT CHECK (paid_kind = 'tier' OR paid_kind = 'pack'),
          paid_target TEXT,
          is_change INTEGER NOT NULL CHECK (is_change IN (0, 1)),
          paid_reference TEXT,
          url_object_at INTEGER,
          url_event_at INTEGER,
          expiry_object_at INTEGER,
          expiry_event_at INTEGER,
          began_order_id TEXT,
          began_at INTEGER,
          began_provider TEXT,
          began_subscription_id TEXT,
          runs_until INTEGER,
          PRIMARY KEY (customer, revision, ordinal, checkout_id)
        ) STRICT, WITHOUT ROWID;

        INSERT INTO billing_upgrade_checkouts (customer, key_kind, key_value, checkout_id, url, opened_at, expires_at, is_expired, version_object_at, version_event_at, target_kind, target, order_provider, order_id, paid_at, paid_kind, paid_target, is_change, paid_reference)
        SELECT customer, key_kind, key_value, coalesce(checkout_id, 'order ' || replace(replace(CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, '%', '%25'), ' ', '%20') || ' ' || order_id), NULL, checkout_at, NULL, CASE WHEN stage = 'expired' THEN 1 ELSE 0 END, checkout_version_object_at, checkout_version_event_at, CASE WHEN checkout_at IS NULL THEN NULL ELSE 'tier' END, CASE WHEN checkout_at IS NULL THEN NULL ELSE tier END, CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, order_id, completed_at, CASE WHEN order_id IS NULL THEN NULL ELSE 'tier' END, CASE WHEN order_id IS NULL THEN NULL ELSE tier END, 0, NULL
        FROM billing_upgrades AS u WHERE checkout_id IS NOT NULL OR order_id IS NOT NULL;

        INSERT INTO billing_journal_upgrade_checkouts (customer, revision, ordinal, checkout_id, url, opened_at, expires_at, is_expired, version_object_at, version_event_at, target_kind, target, order_provider, order_id, paid_at, paid_kind, paid_target, is_change, paid_reference)
        SELECT customer, revision, ordinal, coalesce(checkout_id, 'order ' || replace(replace(CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, '%', '%25'), ' ', '%20') || ' ' || order_id), NULL, checkout_at, NULL, CASE WHEN stage = 'expired' THEN 1 ELSE 0 END, checkout_version_object_at, checkout_version_event_at, CASE WHEN checkout_at IS NULL THEN NULL ELSE 'tier' END, CASE WHEN checkout_at IS NULL THEN NULL ELSE tier END, CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, order_id, completed_at, CASE WHEN order_id IS NULL THEN NULL ELSE 'tier' END, CASE WHEN order_id IS NULL THEN NULL ELSE tier END, 0, NULL
        FROM billing_journal_upgrades AS u WHERE checkout_id IS NOT NULL OR order_id IS NOT NULL;

        CREATE TABLE new_billing_upgrades (
          customer TEXT NOT NULL,
          key_kind TEXT NOT NULL CHECK (key_kind = 'reference' OR key_kind = 'tier' OR key_kind = 'pack' OR key_kind = 'checkout' OR key_kind = 'tier_again' OR key_kind = 'pack_again'),
          key_value TEXT NOT NULL,
          stage TEXT NOT NULL CHECK (stage = 'locked' OR stage = 'clicked' OR stage = 'checkout' OR stage = 'cancelled' OR stage = 'expired' OR stage = 'completed'),
          target_kind TEXT CHECK (target_kind = 'tier' OR target_kind = 'pack'),
          target TEXT,
          order_provider TEXT,
          order_id TEXT,
          completed_at INTEGER,
          wished_kind TEXT CHECK (wished_kind = 'tier' OR wished_kind = 'pack'),
          wished TEXT,
          cycle_count INTEGER,
          cycle_unit TEXT,
          cycle_offset_seconds INTEGER,
          promo_code TEXT,
          wished_at INTEGER,
          locked_at INTEGER,
          clicked_at INTEGER,
          cancelled_at INTEGER,
          success_seen_at INTEGER,
          started_by TEXT,
          started_at INTEGER,
          denied_limit TEXT CHECK (denied_limit = 'not_included' OR denied_limit = 'allowance' OR denied_limit = 'rate'),
          denied_meter TEXT,
          denied_tier TEXT,
          denied_requested INTEGER,
          denied_remaining INTEGER,
          denied_at INTEGER,
          utm_source TEXT,
          utm_medium TEXT,
          utm_campaign TEXT,
          utm_term TEXT,
          utm_content TEXT,
          referrer TEXT,
          landing_page TEXT,
          visited_at INTEGER,
          abandoned_at INTEGER,
          PRIMARY KEY (customer, key_kind, key_value)
        ) STRICT, WITHOUT ROWID;

        INSERT INTO new_billing_upgrades
        SELECT customer, key_kind, key_value, stage, 'tier', tier, CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, order_id, completed_at, CASE WHEN clicked_at IS NULL THEN NULL ELSE 'tier' END, CASE WHEN clicked_at IS NULL THEN NULL ELSE tier END, cycle_count, cycle_unit, cycle_offset_seconds, NULL, clicked_at, NULL, clicked_at, NULL, NULL, started_by, CASE WHEN started_by IS NULL THEN NULL ELSE clicked_at END, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
        FROM billing_upgrades AS u;

        DROP TABLE billing_upgrades;

        ALTER TABLE new_billing_upgrades RENAME TO billing_upgrades;

        CREATE TABLE new_billing_journal_upgrades (
          customer TEXT NOT NULL,
          revision INTEGER NOT NULL,
          ordinal INTEGER NOT NULL,
          key_kind TEXT NOT NULL CHECK (key_kind = 'reference' OR key_kind = 'tier' OR key_kind = 'pack' OR key_kind = 'checkout' OR key_kind = 'tier_again' OR key_kind = 'pack_again'),
          key_value TEXT NOT NULL,
          stage TEXT NOT NULL CHECK (stage = 'locked' OR stage = 'clicked' OR stage = 'checkout' OR stage = 'cancelled' OR stage = 'expired' OR stage = 'completed'),
          target_kind TEXT CHECK (target_kind = 'tier' OR target_kind = 'pack'),
          target TEXT,
          order_provider TEXT,
          order_id TEXT,
          completed_at INTEGER,
          wished_kind TEXT CHECK (wished_kind = 'tier' OR wished_kind = 'pack'),
          wished TEXT,
          cycle_count INTEGER,
          cycle_unit TEXT,
          cycle_offset_seconds INTEGER,
          promo_code TEXT,
          wished_at INTEGER,
          locked_at INTEGER,
          clicked_at INTEGER,
          cancelled_at INTEGER,
          success_seen_at INTEGER,
          started_by TEXT,
          started_at INTEGER,
          denied_limit TEXT CHECK (denied_limit = 'not_included' OR denied_limit = 'allowance' OR denied_limit = 'rate'),
          denied_meter TEXT,
          denied_tier TEXT,
          denied_requested INTEGER,
          denied_remaining INTEGER,
          denied_at INTEGER,
          utm_source TEXT,
          utm_medium TEXT,
          utm_campaign TEXT,
          utm_term TEXT,
          utm_content TEXT,
          referrer TEXT,
          landing_page TEXT,
          visited_at INTEGER,
          abandoned_at INTEGER,
          PRIMARY KEY (customer, revision, ordinal)
        ) STRICT, WITHOUT ROWID;

        INSERT INTO new_billing_journal_upgrades
        SELECT customer, revision, ordinal, key_kind, key_value, stage, 'tier', tier, CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, order_id, completed_at, CASE WHEN clicked_at IS NULL THEN NULL ELSE 'tier' END, CASE WHEN clicked_at IS NULL THEN NULL ELSE tier END, cycle_count, cycle_unit, cycle_offset_seconds, NULL, clicked_at, NULL, clicked_at, NULL, NULL, started_by, CASE WHEN started_by IS NULL THEN NULL ELSE clicked_at END, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
        FROM billing_journal_upgrades AS u;

        DROP TABLE billing_journal_upgrades;

        ALTER TABLE new_billing_journal_upgrades RENAME TO billing_journal_upgrades;
        """#

    private static let attemptsPostgres = #"""
        CREATE TABLE billing_upgrade_checkouts (
          customer TEXT COLLATE "C" NOT NULL,
          key_kind TEXT COLLATE "C" NOT NULL CHECK (key_kind = 'reference' OR key_kind = 'tier' OR key_kind = 'pack' OR key_kind = 'checkout' OR key_kind = 'tier_again' OR key_kind = 'pack_again'),
          key_value TEXT COLLATE "C" NOT NULL,
          checkout_id TEXT COLLATE "C" NOT NULL,
          url TEXT COLLATE "C",
          opened_at BIGINT,
          expires_at BIGINT,
          is_expired BIGINT NOT NULL CHECK (is_expired IN (0, 1)),
          version_object_at BIGINT,
          version_event_at BIGINT,
          target_kind TEXT COLLATE "C" CHECK (target_kind = 'tier' OR target_kind = 'pack'),
          target TEXT COLLATE "C",
          order_provider TEXT COLLATE "C",
          order_id TEXT COLLATE "C",
          paid_at BIGINT,
          paid_kind TEXT COLLATE "C" CHECK (paid_kind = 'tier' OR paid_kind = 'pack'),
          paid_target TEXT COLLATE "C",
          is_change BIGINT NOT NULL CHECK (is_change IN (0, 1)),
          paid_reference TEXT COLLATE "C",
          url_object_at BIGINT,
          url_event_at BIGINT,
          expiry_object_at BIGINT,
          expiry_event_at BIGINT,
          began_order_id TEXT COLLATE "C",
          began_at BIGINT,
          began_provider TEXT COLLATE "C",
          began_subscription_id TEXT COLLATE "C",
          runs_until BIGINT,
          PRIMARY KEY (customer, key_kind, key_value, checkout_id)
        );

        CREATE TABLE billing_journal_upgrade_checkouts (
          customer TEXT COLLATE "C" NOT NULL,
          revision BIGINT NOT NULL,
          ordinal BIGINT NOT NULL,
          checkout_id TEXT COLLATE "C" NOT NULL,
          url TEXT COLLATE "C",
          opened_at BIGINT,
          expires_at BIGINT,
          is_expired BIGINT NOT NULL CHECK (is_expired IN (0, 1)),
          version_object_at BIGINT,
          version_event_at BIGINT,
          target_kind TEXT COLLATE "C" CHECK (target_kind = 'tier' OR target_kind = 'pack'),
          target TEXT COLLATE "C",
          order_provider TEXT COLLATE "C",
          order_id TEXT COLLATE "C",
          paid_at BIGINT,
          paid_kind TEXT COLLATE "C" CHECK (paid_kind = 'tier' OR paid_kind = 'pack'),
          paid_target TEXT COLLATE "C",
          is_change BIGINT NOT NULL CHECK (is_change IN (0, 1)),
          paid_reference TEXT COLLATE "C",
          url_object_at BIGINT,
          url_event_at BIGINT,
          expiry_object_at BIGINT,
          expiry_event_at BIGINT,
          began_order_id TEXT COLLATE "C",
          began_at BIGINT,
          began_provider TEXT COLLATE "C",
          began_subscription_id TEXT COLLATE "C",
          runs_until BIGINT,
          PRIMARY KEY (customer, revision, ordinal, checkout_id)
        );

        INSERT INTO billing_upgrade_checkouts (customer, key_kind, key_value, checkout_id, url, opened_at, expires_at, is_expired, version_object_at, version_event_at, target_kind, target, order_provider, order_id, paid_at, paid_kind, paid_target, is_change, paid_reference)
        SELECT customer, key_kind, key_value, coalesce(checkout_id, 'order ' || replace(replace(CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, '%', '%25'), ' ', '%20') || ' ' || order_id), NULL, checkout_at, NULL, CASE WHEN stage = 'expired' THEN 1 ELSE 0 END, checkout_version_object_at, checkout_version_event_at, CASE WHEN checkout_at IS NULL THEN NULL ELSE 'tier' END, CASE WHEN checkout_at IS NULL THEN NULL ELSE tier END, CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, order_id, completed_at, CASE WHEN order_id IS NULL THEN NULL ELSE 'tier' END, CASE WHEN order_id IS NULL THEN NULL ELSE tier END, 0, NULL
        FROM billing_upgrades AS u WHERE checkout_id IS NOT NULL OR order_id IS NOT NULL;

        INSERT INTO billing_journal_upgrade_checkouts (customer, revision, ordinal, checkout_id, url, opened_at, expires_at, is_expired, version_object_at, version_event_at, target_kind, target, order_provider, order_id, paid_at, paid_kind, paid_target, is_change, paid_reference)
        SELECT customer, revision, ordinal, coalesce(checkout_id, 'order ' || replace(replace(CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, '%', '%25'), ' ', '%20') || ' ' || order_id), NULL, checkout_at, NULL, CASE WHEN stage = 'expired' THEN 1 ELSE 0 END, checkout_version_object_at, checkout_version_event_at, CASE WHEN checkout_at IS NULL THEN NULL ELSE 'tier' END, CASE WHEN checkout_at IS NULL THEN NULL ELSE tier END, CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, order_id, completed_at, CASE WHEN order_id IS NULL THEN NULL ELSE 'tier' END, CASE WHEN order_id IS NULL THEN NULL ELSE tier END, 0, NULL
        FROM billing_journal_upgrades AS u WHERE checkout_id IS NOT NULL OR order_id IS NOT NULL;

        ALTER TABLE billing_upgrades
          DROP CONSTRAINT billing_upgrades_key_kind_check,
          DROP CONSTRAINT billing_upgrades_stage_check,
          ADD CONSTRAINT billing_upgrades_key_kind_check CHECK (key_kind = 'reference' OR key_kind = 'tier' OR key_kind = 'pack' OR key_kind = 'checkout' OR key_kind = 'tier_again' OR key_kind = 'pack_again'),
          ADD CONSTRAINT billing_upgrades_stage_check CHECK (stage = 'locked' OR stage = 'clicked' OR stage = 'checkout' OR stage = 'cancelled' OR stage = 'expired' OR stage = 'completed'),
          ADD COLUMN target_kind TEXT COLLATE "C" CHECK (target_kind = 'tier' OR target_kind = 'pack'),
          ADD COLUMN target TEXT COLLATE "C",
          ADD COLUMN order_provider TEXT COLLATE "C",
          ADD COLUMN wished_kind TEXT COLLATE "C" CHECK (wished_kind = 'tier' OR wished_kind = 'pack'),
          ADD COLUMN wished TEXT COLLATE "C",
          ADD COLUMN promo_code TEXT COLLATE "C",
          ADD COLUMN wished_at BIGINT,
          ADD COLUMN locked_at BIGINT,
          ADD COLUMN cancelled_at BIGINT,
          ADD COLUMN success_seen_at BIGINT,
          ADD COLUMN started_at BIGINT,
          ADD COLUMN denied_limit TEXT COLLATE "C" CHECK (denied_limit = 'not_included' OR denied_limit = 'allowance' OR denied_limit = 'rate'),
          ADD COLUMN denied_meter TEXT COLLATE "C",
          ADD COLUMN denied_tier TEXT COLLATE "C",
          ADD COLUMN denied_requested BIGINT,
          ADD COLUMN denied_remaining BIGINT,
          ADD COLUMN denied_at BIGINT,
          ADD COLUMN utm_source TEXT COLLATE "C",
          ADD COLUMN utm_medium TEXT COLLATE "C",
          ADD COLUMN utm_campaign TEXT COLLATE "C",
          ADD COLUMN utm_term TEXT COLLATE "C",
          ADD COLUMN utm_content TEXT COLLATE "C",
          ADD COLUMN referrer TEXT COLLATE "C",
          ADD COLUMN landing_page TEXT COLLATE "C",
          ADD COLUMN visited_at BIGINT,
          ADD COLUMN abandoned_at BIGINT;

        UPDATE billing_upgrades AS u SET target_kind = 'tier', target = tier, order_provider = CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, wished_kind = CASE WHEN clicked_at IS NULL THEN NULL ELSE 'tier' END, wished = CASE WHEN clicked_at IS NULL THEN NULL ELSE tier END, wished_at = clicked_at, started_at = CASE WHEN started_by IS NULL THEN NULL ELSE clicked_at END;

        ALTER TABLE billing_upgrades DROP COLUMN tier, DROP COLUMN checkout_id, DROP COLUMN checkout_at, DROP COLUMN checkout_version_object_at, DROP COLUMN checkout_version_event_at;

        ALTER TABLE billing_journal_upgrades
          DROP CONSTRAINT billing_journal_upgrades_key_kind_check,
          DROP CONSTRAINT billing_journal_upgrades_stage_check,
          ADD CONSTRAINT billing_journal_upgrades_key_kind_check CHECK (key_kind = 'reference' OR key_kind = 'tier' OR key_kind = 'pack' OR key_kind = 'checkout' OR key_kind = 'tier_again' OR key_kind = 'pack_again'),
          ADD CONSTRAINT billing_journal_upgrades_stage_check CHECK (stage = 'locked' OR stage = 'clicked' OR stage = 'checkout' OR stage = 'cancelled' OR stage = 'expired' OR stage = 'completed'),
          ADD COLUMN target_kind TEXT COLLATE "C" CHECK (target_kind = 'tier' OR target_kind = 'pack'),
          ADD COLUMN target TEXT COLLATE "C",
          ADD COLUMN order_provider TEXT COLLATE "C",
          ADD COLUMN wished_kind TEXT COLLATE "C" CHECK (wished_kind = 'tier' OR wished_kind = 'pack'),
          ADD COLUMN wished TEXT COLLATE "C",
          ADD COLUMN promo_code TEXT COLLATE "C",
          ADD COLUMN wished_at BIGINT,
          ADD COLUMN locked_at BIGINT,
          ADD COLUMN cancelled_at BIGINT,
          ADD COLUMN success_seen_at BIGINT,
          ADD COLUMN started_at BIGINT,
          ADD COLUMN denied_limit TEXT COLLATE "C" CHECK (denied_limit = 'not_included' OR denied_limit = 'allowance' OR denied_limit = 'rate'),
          ADD COLUMN denied_meter TEXT COLLATE "C",
          ADD COLUMN denied_tier TEXT COLLATE "C",
          ADD COLUMN denied_requested BIGINT,
          ADD COLUMN denied_remaining BIGINT,
          ADD COLUMN denied_at BIGINT,
          ADD COLUMN utm_source TEXT COLLATE "C",
          ADD COLUMN utm_medium TEXT COLLATE "C",
          ADD COLUMN utm_campaign TEXT COLLATE "C",
          ADD COLUMN utm_term TEXT COLLATE "C",
          ADD COLUMN utm_content TEXT COLLATE "C",
          ADD COLUMN referrer TEXT COLLATE "C",
          ADD COLUMN landing_page TEXT COLLATE "C",
          ADD COLUMN visited_at BIGINT,
          ADD COLUMN abandoned_at BIGINT;

        UPDATE billing_journal_upgrades AS u SET target_kind = 'tier', target = tier, order_provider = CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, wished_kind = CASE WHEN clicked_at IS NULL THEN NULL ELSE 'tier' END, wished = CASE WHEN clicked_at IS NULL THEN NULL ELSE tier END, wished_at = clicked_at, started_at = CASE WHEN started_by IS NULL THEN NULL ELSE clicked_at END;

        ALTER TABLE billing_journal_upgrades DROP COLUMN tier, DROP COLUMN checkout_id, DROP COLUMN checkout_at, DROP COLUMN checkout_version_object_at, DROP COLUMN checkout_version_event_at;

        ALTER TABLE billing_orders ADD COLUMN pack TEXT COLLATE "C";

        ALTER TABLE billing_journal_orders ADD COLUMN pack TEXT COLLATE "C";
        """#
}

extension SQLTable {
    /// Returns the statements that make the table anew in SQLite, as it is to be now, with the rows that it has in the order
    /// that they are in.
    ///
    /// - Parameters:
    ///   - values: What a row is to have in a column instead of what it has, by column.
    ///   - order: What they are in the order of.
    /// - Returns: The statements, in order.
    fileprivate func madeAnew(with values: [String: String], orderedBy order: String) -> [String] {
        let creation = creation(in: .sqlite)
        // Its indexes go with the old table, and the new one gets them when it has the name.
        let body = creation.first?.dropFirst("CREATE TABLE \(name)".count) ?? ""
        let expressions = columns.map { values[$0.name] ?? $0.name }.joined(separator: ", ")
        return [
            "CREATE TABLE new_\(name)\(body)",
            "INSERT INTO new_\(name) (\(columnList)) SELECT \(expressions) FROM \(name) ORDER BY \(order)",
            "DROP TABLE \(name)", "ALTER TABLE new_\(name) RENAME TO \(name)",
        ] + creation.dropFirst()
    }

    /// Returns the statements that give columns in PostgreSQL the lists of words that they are to have now.
    ///
    /// - Parameters:
    ///   - names: The columns, which have lists.
    ///   - statements: What is done while they have none.
    /// - Returns: The statements, in order.
    fileprivate func givingLists(to names: [String], after statements: [String] = []) -> [String] {
        let listed = columns.filter { names.contains($0.name) }
        return listed.map { "ALTER TABLE \(name) DROP CONSTRAINT \(name)_\($0.name)_check" } + statements
            + listed.map { column in
                "ALTER TABLE \(name) ADD CONSTRAINT \(name)_\(column.name)_check CHECK (\(column.check ?? "true"))"
            }
    }
}
