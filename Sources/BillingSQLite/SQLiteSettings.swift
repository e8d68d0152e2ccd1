#if SQLite
import BillingKit

/// How a database is opened: what hosts may set, and what only measurements and tests do.
package struct SQLiteSettings: Sendable {
    /// What a commit survives.
    package var durability = SQLiteStore.Durability.full

    /// How long to wait for another program that has the file locked.
    package var busyTimeout = Duration.seconds(5)

    /// The bytes of a page in a file that is made anew; one that is there keeps its own.
    ///
    /// Uses of many customers change a few rows on as many pages, and each changed page is written whole, twice. A program
    /// in C that writes the rows of a use in groups of 64, spread over 100,000 customers, wrote 19,000 a second with 2,048
    /// bytes, 15,500 with 4,096 and 12,000 with 8,192. With 1,024 it began as well and fell behind while the journal grew,
    /// and uses of one customer, which share pages, were slower.
    package var pageBytes = 2_048

    /// How large the log is before a commit copies its pages into the database.
    ///
    /// The larger, the more often a page that is written often is copied once; the smaller, the shorter the pause. Measured
    /// with a whole deduction, 64 to a transaction, and pages of 4,096 bytes: 22,400 a second with 40 MiB against 14,000
    /// with 4, for pauses of 24 ms against 16 in the slowest hundredth.
    package var checkpointBytes = 40 << 20

    /// The bytes to which a log is cut that has grown beyond them, such as during a backup.
    package var logSizeLimit = 64 << 20

    /// How much of the file the writer keeps in memory of its own; what the system keeps of it is nearly as near.
    ///
    /// Not much: whenever a commit has divided pages of an index, SQLite (3.40) goes through all that it has in memory,
    /// because the numbers that it gives such pages for a moment are beyond the end of the file. In groups of 24 that was a
    /// quarter of the writer's time with 64 MiB: 17,500 uses a second against 19,300 with 8. Groups of 1,024 have more
    /// changed pages than fit in 8, and those would be written twice.
    package var cacheKibibytes = 12_288

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

    /// Returns what the writer's connection is told, once the file is in WAL mode.
    ///
    /// - Parameter pageBytes: The bytes of a page of the file.
    /// - Returns: The pragmas.
    func writerPragmas(pageBytes: Int) -> [String] {
        [
            "synchronous = \(durability.pragma)", "fullfsync = ON", "checkpoint_fullfsync = ON",
            "wal_autocheckpoint = \(max(1, checkpointBytes / pageBytes))", "journal_size_limit = \(logSizeLimit)",
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
