import BillingKit

/// The tables of the journal: one row for each effect of each change, never updated and never deleted.
///
/// An effect that is about a grant, a hold, a subscription, an attempt or an order has that thing's columns in a table
/// of its own, under the same customer, revision and ordinal.
enum JournalTables {
    static let journal = SQLTable(
        "billing_journal",
        key: ["customer", "revision", "ordinal"],
        columns: [
            .text("customer"),
            .integer("revision", check: "revision >= 1"),
            .integer("ordinal", check: "ordinal >= 0"),
            .text("kind", among: Account.Change.Kind.allCases.map(\.rawValue)),
            .optionalText("key"),
            .integer("fingerprint"),
            .optionalText("member"),
            .integer("recorded_at"),
            .integer("effective_at"),
            .optionalText("receipt_meter"),
            .optionalInteger("receipt_amount"),
            .optionalInteger("receipt_overage"),
            .optionalInteger("receipt_is_late"),
            .optionalInteger("receipt_remaining"),
            .optionalText("effect"),
            .optionalText("meter"),
            .optionalText("grant_id"),
            .optionalText("other_grant_id"),
            .optionalText("hold_id"),
            .optionalInteger("amount"),
            .optionalInteger("other_amount"),
            .optionalInteger("starts_at"),
            .optionalInteger("ends_at"),
            .optionalInteger("used_at"),
            .optionalText("word"),
        ],
        indexes: [
            "CREATE UNIQUE INDEX billing_journal_key ON billing_journal (customer, key) WHERE key IS NOT NULL",
            """
            CREATE INDEX billing_journal_usage ON billing_journal (customer, meter, used_at, amount, word) \
            WHERE effect = 'drawn'
            """,
        ]
    )

    private static let place: [SQLTable.Column] = [.text("customer"), .integer("revision"), .integer("ordinal")]

    static let holds = SQLTable(
        "billing_journal_holds",
        key: ["customer", "revision", "ordinal", "part"],
        columns: place + AccountTables.holdColumns
    )

    static let grants = SQLTable(
        "billing_journal_grants",
        key: ["customer", "revision", "ordinal"],
        columns: place + AccountTables.grantColumns
    )

    static let subscriptions = SQLTable(
        "billing_journal_subscriptions",
        key: ["customer", "revision", "ordinal"],
        columns: place + AccountTables.subscriptionColumns
    )

    static let upgrades = SQLTable(
        "billing_journal_upgrades",
        key: ["customer", "revision", "ordinal"],
        columns: place + AccountTables.upgradeColumns
    )

    static let orders = SQLTable(
        "billing_journal_orders",
        key: ["customer", "revision", "ordinal"],
        columns: place + AccountTables.orderColumns
    )

    static let notices = SQLTable(
        "billing_notices",
        key: ["customer", "revision", "ordinal"],
        columns: [
            .text("customer"),
            .integer("revision"),
            .integer("ordinal"),
            .text("kind", among: ["exhausted", "tier_changed", "payment_due"]),
            .text("subject"),
            .optionalText("other_subject"),
            .integer("at"),
            .text("state", among: ["waiting", "delivered", "dead"]),
            .integer("attempts", check: "attempts >= 0"),
            .optionalInteger("due_at"),
        ],
        indexes: ["CREATE INDEX billing_notices_due ON billing_notices (due_at) WHERE due_at IS NOT NULL"]
    )

    static let references = SQLTable(
        "billing_references",
        key: ["provider", "kind", "id"],
        columns: [
            .text("provider"),
            .text("kind", among: ProviderReference.Kind.allCases.map(\.rawValue)),
            .text("id"),
            .text("customer"),
            .integer("revision"),
            .integer("ordinal"),
        ],
        indexes: ["CREATE INDEX billing_references_customer ON billing_references (customer, revision, ordinal)"]
    )

    static let all = [journal, holds, grants, subscriptions, upgrades, orders, notices, references]
}
