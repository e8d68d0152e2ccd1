import BillingKit

/// The tables of the journal: one row for each effect of each change, never updated, and deleted only from the first
/// revision on once they have been archived.
///
/// Triggers refuse everything else, see ``guards(in:)``.
///
/// An effect that is about a grant, a hold, the trial, overrides, a subscription, an attempt or an order has that
/// thing's columns in a table of its own, under the same customer, revision and ordinal.
enum JournalTables {
    static let journal = SQLTable(
        "billing_journal",
        key: ["customer", "revision", "ordinal"],
        columns: [
            .text("customer"),
            .count("revision", from: 1),
            .count("ordinal"),
            .text("kind", among: Account.Change.Kind.allCases.map(\.rawValue)),
            .optionalText("key"),
            .integer("fingerprint"),
            .optionalText("member"),
            .integer("recorded_at"),
            .integer("effective_at"),
            .optionalText("reason"),
            .optionalText("receipt_subject_kind"),
            .optionalText("receipt_subject"),
            .optionalInteger("receipt_amount"),
            .optionalInteger("receipt_overage"),
            .optionalInteger("receipt_is_late"),
            .optionalInteger("receipt_skipped"),
            .optionalInteger("receipt_remaining"),
            .optionalText("effect", among: Account.Effect.words),
            .optionalText("meter"),
            .optionalText("pool"),
            .optionalText("grant_id"),
            .optionalText("other_grant_id"),
            .optionalText("hold_id"),
            .optionalInteger("amount"),
            .optionalInteger("other_amount"),
            .optionalInteger("starts_at"),
            .optionalInteger("ends_at"),
            .optionalInteger("used_at"),
            .optionalText("word"),
            .optionalInteger("of_revision"),
        ],
        checks: [
            "of_revision IS NULL OR effect = 'returned'",
            "(receipt_subject IS NULL) = (receipt_subject_kind IS NULL)",
            "(receipt_subject IS NULL) = (receipt_amount IS NULL)",
        ],
        indexes: [
            "CREATE UNIQUE INDEX billing_journal_key ON billing_journal (customer, key) WHERE key IS NOT NULL",
            "CREATE INDEX billing_journal_ahead ON billing_journal (customer, used_at) WHERE used_at > recorded_at",
            """
            CREATE INDEX billing_journal_returns ON billing_journal (customer, of_revision, revision, ordinal, \
            meter, pool, grant_id, word, amount, used_at) WHERE of_revision IS NOT NULL
            """,
        ],
        rows: .inOrderOfArrival
    )

    static let place: [SQLTable.Column] = [.text("customer"), .integer("revision"), .integer("ordinal")]

    static let holds = SQLTable(
        "billing_journal_holds",
        key: ["customer", "revision", "ordinal", "part"],
        columns: place + AccountTables.holdColumns
    )

    /// The grants as they were given, as they were when they were retired, and as they were put right.
    static let grants = SQLTable(
        "billing_journal_grants",
        key: ["customer", "revision", "ordinal"],
        columns: place + AccountTables.grantColumns,
        checks: [AccountTables.grantSum],
        indexes: [
            """
            CREATE INDEX billing_journal_grants_grant ON billing_journal_grants (customer, grant_id, revision, ordinal)
            """
        ]
    )

    static let trials = SQLTable(
        "billing_journal_trials",
        key: ["customer", "revision", "ordinal"],
        columns: place + AccountTables.trialColumns
    )

    static let overrides = SQLTable(
        "billing_journal_overrides",
        key: ["customer", "revision", "ordinal", "position"],
        columns: place + AccountTables.overrideColumns
    )

    /// The events that changes counted; the ordinal is an event's place among those of its change.
    static let events = SQLTable(
        "billing_events",
        key: ["customer", "revision", "ordinal"],
        columns: place + [.text("event_id"), .integer("recorded_at")],
        indexes: ["CREATE INDEX billing_events_event ON billing_events (customer, event_id, recorded_at)"]
    )

    static let subscriptions = SQLTable(
        "billing_journal_subscriptions",
        key: ["customer", "revision", "ordinal"],
        columns: place + AccountTables.subscriptionColumns
    )

    /// The losses, dues and others of the subscriptions, all that each had then.
    static let subscriptionLosses = SQLTable(
        "billing_journal_subscription_losses",
        key: ["customer", "revision", "ordinal", "kind", "told_at"],
        columns: place + AccountTables.lossColumns
    )

    static let benefits = SQLTable(
        "billing_journal_benefits",
        key: ["customer", "revision", "ordinal"],
        columns: place + AccountTables.benefitColumns
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
            .count("revision", from: 1),
            .count("ordinal"),
            .text("kind", among: Account.Notice.words),
            .optionalText("subject_kind"),
            .optionalText("subject"),
            .optionalText("other_subject"),
            .optionalText("threshold_kind"),
            .optionalInteger("threshold"),
            .optionalInteger("units_left"),
            .optionalInteger("days_left"),
            .optionalInteger("ends_at"),
            .optionalText("severity"),
            .optionalText("message"),
            .integer("at"),
            .text("state", among: ["waiting", "delivered", "dead"]),
            .count("attempts"),
            .optionalInteger("due_at"),
        ],
        checks: ["(subject IS NULL) = (subject_kind IS NULL)"],
        indexes: [
            "CREATE INDEX billing_notices_due ON billing_notices (due_at) WHERE due_at IS NOT NULL", waitingNotices,
        ]
    )

    /// The index of notices that wait, the oldest first, with when each is due.
    static let waitingNotices = """
        CREATE INDEX billing_notices_waiting ON billing_notices (at, customer, revision, ordinal, due_at) \
        WHERE due_at IS NOT NULL
        """

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

    /// The last revision of each customer's that has left the journal; those without a row have it whole.
    static let archived = SQLTable(
        "billing_archived",
        key: ["customer"],
        columns: [.text("customer"), .count("revision", from: 1)]
    )

    static let all = [
        journal, holds, grants, trials, overrides, subscriptions, subscriptionLosses, benefits, upgrades,
        upgradeActs, upgradeCheckouts, orders, events, notices, references,
    ]
}
