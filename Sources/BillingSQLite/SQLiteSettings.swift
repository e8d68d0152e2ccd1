#if SQLite
import BillingKit

/// How a database is opened: what hosts may set, and what only measurements and tests do.
package struct SQLiteSettings: Sendable {
    /// What a commit survives.
    package var durability = SQLiteStore.Durability.full

    /// How long to wait for another program that has the file locked.
    package var busyTimeout = Duration.seconds(5)

    /// How many pages the log has before a commit copies them into the database.
    ///
    /// More of them let a page that is written often be copied once; fewer make the pause shorter. Measured with a whole
    /// deduction, 64 to a transaction: 22,400 a second with 10,000 pages against 14,000 with 1,000, for pauses of 24 ms
    /// against 16 in the slowest hundredth.
    package var checkpointPages = 10_000

    /// The bytes to which a log is cut that has grown beyond them, such as during a backup.
    package var logSizeLimit = 64 << 20

    /// How much of the file the writer keeps in memory.
    package var cacheKibibytes = 65_536

    /// How many connections read reports while the writer writes; without any, the writer reads.
    package var readerCount = 2

    /// The name of the file system layer to use in place of the system's.
    ///
    /// It need not share memory, so the one connection has the file for itself; and it need not have files, so nothing
    /// is locked beside it.
    package var fileSystem: String?

    /// Creates the defaults.
    package init() {}

    /// Whether the writer shares nothing with other connections.
    var isExclusive: Bool { fileSystem != nil }

    /// What the writer's connection is told, once the file is in WAL mode.
    var writerPragmas: [String] {
        [
            "synchronous = \(durability.pragma)", "fullfsync = ON", "checkpoint_fullfsync = ON",
            "wal_autocheckpoint = \(checkpointPages)", "journal_size_limit = \(logSizeLimit)",
            "cache_size = -\(cacheKibibytes)",
            "foreign_keys = ON", "trusted_schema = OFF",
        ]
    }

    /// What a reader's connection is told.
    static let readerPragmas = [
        "query_only = ON", "wal_autocheckpoint = 0", "cache_size = -8192", "trusted_schema = OFF",
    ]
}

extension SQLiteStore.Durability {
    /// The word for it in SQLite.
    var pragma: String {
        switch self {
        case .full: "FULL"
        case .losesLatestOnPowerLoss: "NORMAL"
        case .losesFileOnPowerLoss: "OFF"
        }
    }
}
#endif
