import BillingKit

/// The tables of the live state: what an account is made of, one row for each of its parts.
enum AccountTables {
    static let accounts = SQLTable(
        "billing_accounts",
        key: ["customer"],
        columns: [
            .text("customer"),
            .count("revision", from: 1),
            .integer("instant"),
            .integer("anchor"),
            .optionalText("tier"),
            .optionalInteger("tier_catalog_version"),
            .optionalInteger("tier_ends_at"),
            .optionalInteger("first_purchase_at"),
            .optionalInteger("due_at"),
        ],
        checks: ["(tier IS NULL) = (tier_catalog_version IS NULL)"],
        indexes: ["CREATE INDEX billing_accounts_due ON billing_accounts (due_at, customer) WHERE due_at IS NOT NULL"],
        // It is in an index, which SQLite rewrites whenever the column is set, be it to what it was.
        rarelyChanged: ["due_at"],
        isUpdatedOften: true
    )

    /// The statement that brings an account from one revision to another.
    static let advance = accounts.update.required("revision = ?\(accounts.updatedColumns.count + 1)")

    /// The kinds of its parameters.
    static let advanceKinds = accounts.updatedKinds + [.integer]

    /// The statement that sets when an account is due, where that is another instant than before.
    static let reschedule = SQLStatement(
        updating: accounts.name,
        set: "due_at = ?2",
        where: "customer = ?1 AND (due_at <> ?2 OR (due_at IS NULL) <> (?2 IS NULL))"
    )

    /// The kinds of its parameters.
    static let rescheduleKinds: [SQLTable.Column.Kind] = [.text, .integer]

    /// What units are of: a meter or a pool, and its id.
    static let subjectColumns: [SQLTable.Column] = [
        .text("subject_kind", among: Account.Balance.Subject.kinds),
        .text("subject"),
    ]

    static let grantColumns: [SQLTable.Column] =
        [
            .text("grant_id")
        ] + subjectColumns + [
            .text("source", among: Account.Grant.Source.allCases.map(\.rawValue)),
            .text("basis", among: Account.Grant.Basis.allCases.map(\.rawValue)),
            .integer("priority"),
            .integer("starts_at"),
            .optionalInteger("ends_at"),
            .count("amount"),
            .count("used"),
            .count("held"),
            .count("expired"),
            .count("voided"),
            .count("moved"),
        ]

    /// What is gone of a grant is never more than there was.
    static let grantSum = "used + held + expired + voided + moved <= amount"

    /// The running period of each meter and pool, and the grant that it came with: what nearly every use changes, in one
    /// row.
    ///
    /// Once that grant is used up, or gone otherwise, its name stays and its numbers are empty. A grant of an earlier
    /// period that holds still have units of is in `billing_grants`, as every other grant is.
    static let balances = SQLTable(
        "billing_balances",
        key: ["customer", "subject_kind", "subject"],
        columns: [.text("customer")] + subjectColumns + [
            .integer("starts_at"),
            .integer("ends_at"),
            .integer("used", check: "used >= 0"),
            .integer("uncovered", check: "uncovered >= 0"),
            .optionalInteger("last_used_at"),
            .optionalText("grant_id"),
            .optionalText("grant_source", among: Account.Grant.Source.allCases.map(\.rawValue)),
            .optionalText("grant_basis", among: Account.Grant.Basis.allCases.map(\.rawValue)),
            .optionalInteger("grant_priority"),
            .optionalInteger("grant_starts_at"),
            .optionalInteger("grant_ends_at"),
            .optionalCount("grant_amount"),
            .optionalCount("grant_used"),
            .optionalCount("grant_held"),
            .optionalCount("grant_expired"),
            .optionalCount("grant_voided"),
            .optionalCount("grant_moved"),
        ],
        checks: [
            "starts_at <= ends_at", "uncovered <= used", "grant_amount IS NULL OR grant_id IS NOT NULL",
            "grant_used + grant_held + grant_expired + grant_voided + grant_moved <= grant_amount",
        ],
        isUpdatedOften: true
    )

    static let grants = SQLTable(
        "billing_grants",
        key: ["customer", "grant_id"],
        columns: [.text("customer")] + grantColumns,
        checks: ["ends_at IS NULL OR starts_at <= ends_at", grantSum]
    )

    /// The columns of a hold, one row for each grant that it sets units of aside: the meter's own first, then those
    /// of the pool.
    ///
    /// The units of the meter that a row stands for are its amount where it is the meter's own; of the rows of the
    /// pool the first stands for all that the credits are for, and the others for none. So their sum is the hold's.
    static let holdColumns: [SQLTable.Column] = [
        .text("hold_id"),
        .integer("part", check: "part >= 0"),
        .text("meter"),
        .optionalText("pool"),
        .optionalText("grant_id"),
        .integer("amount", check: "amount >= 1"),
        .integer("units", check: "units >= 0"),
        .text("key"),
        .text("attempt"),
        .optionalText("member"),
        .integer("reserved_at"),
        .integer("lapses_at"),
    ]

    static let holds = SQLTable(
        "billing_holds",
        key: ["customer", "hold_id", "part"],
        columns: [.text("customer")] + holdColumns,
        checks: ["pool IS NOT NULL OR units = amount"]
    )

    static let levels = SQLTable(
        "billing_levels",
        key: ["customer", "meter"],
        columns: [.text("customer"), .text("meter"), .count("units", from: 1)]
    )

    static let windows = SQLTable(
        "billing_windows",
        key: ["customer", "meter", "seconds"],
        columns: [
            .text("customer"),
            .text("meter"),
            .integer("seconds", check: "seconds >= 1"),
            .integer("starts_at"),
            .integer("used", check: "used >= 0"),
        ]
    )

    static let warnings = SQLTable(
        "billing_warnings",
        key: ["customer", "subject_kind", "subject", "degree", "threshold"],
        columns: [.text("customer")] + subjectColumns + [
            .text("degree", among: Account.Warning.Degree.words),
            .integer("threshold", check: "threshold >= 0"),
        ],
        checks: ["(degree = 'exhausted') = (threshold = 0)"]
    )

    static let trialColumns: [SQLTable.Column] = [
        .integer("started_at"),
        .integer("days", check: "days >= 1"),
        .text("gift_kind", among: ["tier", "credits", "units"]),
        .text("gift"),
        .optionalInteger("gift_units"),
        .integer("catalog_version"),
        .optionalText("grant_id"),
        .optionalInteger("reminded_days"),
        .optionalInteger("ended_at"),
    ]

    static let trials = SQLTable(
        "billing_trials",
        key: ["customer"],
        columns: [.text("customer")] + trialColumns,
        checks: ["(gift_kind = 'tier') = (gift_units IS NULL)", "(gift_kind = 'tier') = (grant_id IS NULL)"]
    )

    /// The columns of an override; its term is JSON as in a catalog, so that a person can read and compare it.
    static let overrideColumns: [SQLTable.Column] = [
        .integer("position", check: "position >= 0"),
        .text("kind", among: ["allowance", "rates", "feature"]),
        .text("subject"),
        .text("term"),
        .optionalInteger("ends_at"),
    ]

    static let overrides = SQLTable(
        "billing_overrides",
        key: ["customer", "position"],
        columns: [.text("customer")] + overrideColumns
    )

    static let subscriptionColumns: [SQLTable.Column] =
        [
            .text("subscription_id"),
            .text("provider"),
            .integer("version_object_at"),
            .integer("version_event_at"),
            .text("tier"),
            .text("status"),
            .optionalInteger("cycle_count"),
            .optionalText("cycle_unit"),
            .optionalInteger("cycle_offset_seconds"),
            .integer("starts_at"),
            .integer("ends_at"),
            .flag("cancels_at_period_end"),
            .optionalInteger("access_ends_at"),
            .optionalInteger("ended_at"),
            .optionalInteger("past_due_at"),
            .optionalInteger("paid_starts_at"),
            .optionalInteger("paid_ends_at"),
            .optionalInteger("paid_version_object_at"),
            .optionalInteger("paid_version_event_at"),
            .optionalInteger("paid_before_starts_at"),
            .optionalInteger("paid_before_ends_at"),
            .optionalInteger("paid_before_version_object_at"),
            .optionalInteger("paid_before_version_event_at"),
            .integer("catalog_version"),
        ] + laterSubscriptionColumns

    /// What the first tables did not have of a subscription.
    static let laterSubscriptionColumns: [SQLTable.Column] = [
        .optionalInteger("trial_ends_at"),
        .flag("pauses_at_period_end"),
        .optionalInteger("resumes_at"),
        .optionalInteger("quantity"),
        .optionalText("discount"),
        .optionalInteger("price_minor_units"),
        .optionalText("price_currency"),
        .optionalText("pending_tier"),
        .optionalInteger("pending_cycle_count"),
        .optionalText("pending_cycle_unit"),
        .optionalInteger("pending_cycle_offset_seconds"),
        .optionalInteger("pending_quantity"),
        .optionalInteger("pending_applies_at"),
        .optionalText("paid_tier"),
        .optionalInteger("paid_quantity"),
        .optionalInteger("paid_catalog_version"),
        .optionalText("paid_before_tier"),
        .optionalInteger("paid_before_quantity"),
        .optionalInteger("paid_before_catalog_version"),
        .optionalText("dropped_tier"),
        .optionalInteger("dropped_applies_at"),
        .optionalInteger("paid_earlier_starts_at"),
        .optionalInteger("paid_earlier_ends_at"),
        .optionalInteger("paid_earlier_version_object_at"),
        .optionalInteger("paid_earlier_version_event_at"),
        .optionalText("paid_earlier_tier"),
        .optionalInteger("paid_earlier_quantity"),
        .optionalInteger("paid_earlier_catalog_version"),
    ]

    static let subscriptions = SQLTable(
        "billing_subscriptions",
        key: ["customer", "provider", "subscription_id"],
        columns: [.text("customer")] + subscriptionColumns
    )

    /// When the provider said of a subscription that it gives nothing, that a payment is due or what is not known, and when
    /// orders for its periods were made: one row for each time.
    static let subscriptionLosses = SQLTable(
        "billing_subscription_losses",
        key: ["customer", "provider", "subscription_id", "kind", "told_at"],
        columns: [.text("customer"), .text("provider"), .text("subscription_id")] + lossColumns
    )

    static let lossColumns: [SQLTable.Column] = [
        .text("kind", among: Subscription.Told.Kind.allCases.map(\.rawValue) + Subscription.Charge.kinds),
        .integer("told_at"),
    ]

    static let benefitColumns: [SQLTable.Column] = [
        .text("provider"),
        .text("benefit_id"),
        .integer("version_object_at"),
        .integer("version_event_at"),
        .text("gift_kind", among: Account.Balance.Subject.kinds + ["feature"]),
        .text("gift"),
        .optionalInteger("gift_units"),
        .flag("rolls_over"),
        .flag("is_granted"),
        .optionalText("subscription_id"),
        .optionalInteger("credited_at"),
        .optionalInteger("revoked_at"),
        .optionalInteger("replaced_at"),
    ]

    static let benefits = SQLTable(
        "billing_benefits",
        key: ["customer", "provider", "benefit_id"],
        columns: [.text("customer")] + benefitColumns,
        checks: ["(gift_kind = 'feature') = (gift_units IS NULL)"]
    )

    static let orderColumns: [SQLTable.Column] = [
        .text("provider"),
        .text("order_id"),
        .integer("version_object_at"),
        .integer("version_event_at"),
        .text("status"),
        .flag("is_paid"),
        .text("purpose", among: Account.Order.Purpose.allCases.map(\.rawValue)),
        .integer("created_at"),
        .integer("total_minor_units"),
        .text("currency"),
        .integer("refunded_minor_units"),
        .optionalText("tier"),
        .optionalText("subscription_id"),
        .optionalText("checkout_id"),
        .optionalText("reference"),
        .optionalText("pack"),
    ]

    static let orders = SQLTable(
        "billing_orders",
        key: ["customer", "provider", "order_id"],
        columns: [.text("customer")] + orderColumns
    )

    static let all = [
        accounts, balances, grants, holds, levels, windows, warnings, trials, overrides, subscriptions,
        subscriptionLosses, benefits, upgrades, upgradeActs, upgradeCheckouts, orders,
    ]
}
