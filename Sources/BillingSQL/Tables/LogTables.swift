import BillingKit

/// The tables that no customer owns.
enum LogTables {
    static let deliveries = SQLTable(
        "billing_deliveries",
        key: ["provider", "id"],
        columns: [
            .text("provider"),
            .text("id"),
            .blob("body"),
            .integer("received_at"),
            .text("state", among: Delivery.State.allCases.map(\.rawValue)),
            .text("detail"),
            .count("attempts"),
            .optionalInteger("due_at"),
        ],
        indexes: [
            "CREATE INDEX billing_deliveries_received ON billing_deliveries (received_at, provider, id)"
        ] + waitingIndexes,
        rows: .inOrderOfArrival
    )

    /// The indexes of what is looked for again and again: whether something is due, which of it is the oldest, and what is in
    /// this or that state.
    ///
    /// The second has everything that is asked of a delivery which waits, so that no body is passed on the way.
    static let waitingIndexes = [
        "CREATE INDEX billing_deliveries_due ON billing_deliveries (provider, due_at) WHERE due_at IS NOT NULL",
        """
        CREATE INDEX billing_deliveries_waiting ON billing_deliveries (provider, received_at, id, due_at, state) \
        WHERE due_at IS NOT NULL
        """,
        "CREATE INDEX billing_deliveries_state ON billing_deliveries (state, received_at, provider, id)",
    ]

    static let catalogs = SQLTable(
        "billing_catalogs",
        key: ["version"],
        columns: [.integer("version", check: "version >= 1"), .text("content")]
    )

    /// The migrations that were applied, each with what tells its statements from others.
    static let schema = SQLTable(
        "billing_schema",
        key: ["version"],
        columns: [
            .integer("version", check: "version >= 1"), .text("name"), .integer("checksum"), .integer("applied_at"),
        ]
    )

    /// Who does what one server does for all of them, and until when.
    static let duties = SQLTable(
        "billing_duties",
        key: ["duty"],
        columns: [.text("duty"), .text("holder"), .integer("asked_at"), .integer("ends_at")]
    )

    static let all = [deliveries, catalogs, duties, schema]
}
