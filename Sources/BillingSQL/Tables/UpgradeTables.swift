import BillingKit

extension AccountTables {
    private static let upgradeKey: [SQLTable.Column] = [
        .text("key_kind", among: Upgrade.Key.kinds), .text("key_value"),
    ]

    /// The columns of an attempt to buy.
    ///
    /// All but the key, the stage and when it was abandoned follows from the acts and the checkouts; it is here for whoever
    /// reads the tables, and is not read back.
    static let upgradeColumns: [SQLTable.Column] =
        upgradeKey + [
            .text("stage", among: Upgrade.Stage.allCases.map(\.rawValue)),
            .optionalText("target_kind", among: Upgrade.Target.kinds),
            .optionalText("target"),
            .optionalText("order_provider"),
            .optionalText("order_id"),
            .optionalInteger("completed_at"),
            .optionalText("wished_kind", among: Upgrade.Target.kinds),
            .optionalText("wished"),
            .optionalInteger("cycle_count"),
            .optionalText("cycle_unit"),
            .optionalInteger("cycle_offset_seconds"),
            .optionalText("promo_code"),
            .optionalInteger("wished_at"),
            .optionalInteger("locked_at"),
            .optionalInteger("clicked_at"),
            .optionalInteger("cancelled_at"),
            .optionalInteger("success_seen_at"),
            .optionalText("started_by"),
            .optionalInteger("started_at"),
            .optionalText("denied_limit", among: Upgrade.Denial.Limit.allCases.map(\.rawValue)),
            .optionalText("denied_meter"),
            .optionalText("denied_tier"),
            .optionalInteger("denied_requested"),
            .optionalInteger("denied_remaining"),
            .optionalInteger("denied_at"),
            .optionalText("utm_source"),
            .optionalText("utm_medium"),
            .optionalText("utm_campaign"),
            .optionalText("utm_term"),
            .optionalText("utm_content"),
            .optionalText("referrer"),
            .optionalText("landing_page"),
            .optionalInteger("visited_at"),
            .optionalInteger("abandoned_at"),
        ]

    static let upgrades = SQLTable(
        "billing_upgrades",
        key: ["customer", "key_kind", "key_value"],
        columns: [.text("customer")] + upgradeColumns
    )

    /// The columns of what was done on the host's side of an attempt.
    static let actColumns: [SQLTable.Column] = [
        .text("act", among: Upgrade.Act.Kind.allCases.map(\.rawValue)),
        .integer("acted_at"),
        .optionalText("member"),
        .optionalText("wished_kind", among: Upgrade.Target.kinds),
        .optionalText("wished"),
        .optionalInteger("cycle_count"),
        .optionalText("cycle_unit"),
        .optionalInteger("cycle_offset_seconds"),
        .optionalText("promo_code"),
        .optionalText("denied_limit", among: Upgrade.Denial.Limit.allCases.map(\.rawValue)),
        .optionalText("denied_meter"),
        .optionalText("denied_tier"),
        .optionalInteger("denied_requested"),
        .optionalInteger("denied_remaining"),
        .optionalText("utm_source"),
        .optionalText("utm_medium"),
        .optionalText("utm_campaign"),
        .optionalText("utm_term"),
        .optionalText("utm_content"),
        .optionalText("referrer"),
        .optionalText("landing_page"),
        .optionalInteger("expires_at"),
        .optionalInteger("abandoned_at"),
    ]

    static let upgradeActs = SQLTable(
        "billing_upgrade_acts",
        key: ["customer", "key_kind", "key_value", "act", "acted_at"],
        columns: [.text("customer")] + upgradeKey + actColumns
    )

    /// The columns of a checkout of an attempt; its id is the order's, after a word, for an order that came from none.
    static let checkoutColumns: [SQLTable.Column] = [
        .text("checkout_id"),
        .optionalText("url"),
        .optionalInteger("opened_at"),
        .optionalInteger("expires_at"),
        .flag("is_expired"),
        .optionalInteger("version_object_at"),
        .optionalInteger("version_event_at"),
        .optionalText("target_kind", among: Upgrade.Target.kinds),
        .optionalText("target"),
        .optionalText("order_provider"),
        .optionalText("order_id"),
        .optionalInteger("paid_at"),
        .optionalText("paid_kind", among: Upgrade.Target.kinds),
        .optionalText("paid_target"),
        .flag("is_change"),
        .optionalText("paid_reference"),
        .optionalInteger("url_object_at"),
        .optionalInteger("url_event_at"),
        .optionalInteger("expiry_object_at"),
        .optionalInteger("expiry_event_at"),
        .optionalText("began_order_id"),
        .optionalInteger("began_at"),
        .optionalText("began_provider"),
        .optionalText("began_subscription_id"),
        .optionalInteger("runs_until"),
    ]

    static let upgradeCheckouts = SQLTable(
        "billing_upgrade_checkouts",
        key: ["customer", "key_kind", "key_value", "checkout_id"],
        columns: [.text("customer")] + upgradeKey + checkoutColumns
    )
}

extension JournalTables {
    static let upgrades = SQLTable(
        "billing_journal_upgrades",
        key: ["customer", "revision", "ordinal"],
        columns: place + AccountTables.upgradeColumns
    )

    /// What was done of the attempts, all of each until then.
    static let upgradeActs = SQLTable(
        "billing_journal_upgrade_acts",
        key: ["customer", "revision", "ordinal", "act", "acted_at"],
        columns: place + AccountTables.actColumns
    )

    /// The checkouts of the attempts, all that each had then.
    static let upgradeCheckouts = SQLTable(
        "billing_journal_upgrade_checkouts",
        key: ["customer", "revision", "ordinal", "checkout_id"],
        columns: place + AccountTables.checkoutColumns
    )
}
