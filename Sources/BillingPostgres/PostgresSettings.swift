#if Postgres
import BillingKit

/// How a store works with its PostgreSQL.
///
/// Where the database is, who asks, and how the way there is encrypted, the connection string says.
public struct PostgresSettings: Hashable, Sendable {
    /// How transactions that write are kept apart.
    public enum Isolation: Hashable, Sendable, CaseIterable {
        /// `READ COMMITTED`: accounts are locked before anything is decided by them, which is all the order it needs.
        case readCommitted
        /// `SERIALIZABLE`: for databases that offer nothing else, or hosts that want one rule for everything; slower
        /// where servers write at the same time.
        case serializable
    }

    /// The most connections that ``connectionCount`` may ask for: 64.
    public static let maximumConnectionCount = 64

    /// How transactions that write are kept apart; `READ COMMITTED` by default.
    public var isolation = Isolation.readCommitted

    /// How many connections work side by side, 1 to 64; two by default.
    ///
    /// What waits is written together, so more of them seldom write more. One more is opened when an account is found
    /// locked by another transaction; it does nothing but wait for such accounts. Up to four more are, each for as long as it
    /// takes, for accounts that were waited for in vain for long.
    public var connectionCount = 2

    /// How long to try to reach the server; ten seconds by default, and at least two.
    public var connectTimeout = Duration.seconds(10)

    /// How long one statement may take before the server ends it; thirty seconds by default.
    public var statementTimeout = Duration.seconds(30)

    /// How long to wait for an account that another transaction has locked, from the first wait on; five seconds by default.
    ///
    /// It is the time of a clock, whatever else is waited for meanwhile; only the try that is under way when it ends is made.
    public var lockTimeout = Duration.seconds(5)

    /// How long the server lets a transaction stand open in which nothing happens; thirty seconds by default.
    public var idleInTransactionTimeout = Duration.seconds(30)

    /// How long to believe in a server that answers nothing, not even to the network; fifteen seconds by default.
    ///
    /// The server is told to believe in this process no longer, so that accounts that it had locked when it was cut off are
    /// free again soon. A server that answers the network and nothing else is given ``statementTimeout`` on top.
    public var networkTimeout = Duration.seconds(15)

    /// Whether there is a pooler on the way that gives each transaction another connection, such as PgBouncer in
    /// transaction mode; `false` by default.
    ///
    /// Then nothing is prepared and no setting outlives its transaction, which costs the server more for each statement.
    public var isBehindTransactionPooler = false

    /// The schema that has the tables, which must be there; the first of the connection's search path when `nil`.
    public var schema: String?

    /// Creates the defaults.
    public init() {}
}

extension PostgresSettings {
    /// How many connections there are.
    var workerCount: Int { min(max(1, connectionCount), Self.maximumConnectionCount) }

    /// What a connection is told, by name; the same for its life or for one transaction.
    var parameters: [(name: String, value: String)] {
        var parameters = [
            ("statement_timeout", Self.milliseconds(statementTimeout)),
            ("lock_timeout", Self.milliseconds(lockTimeout)),
            ("idle_in_transaction_session_timeout", Self.milliseconds(idleInTransactionTimeout)),
            // Of questions that are thought to be dear and are answered at once, the machine code takes seconds to make.
            ("jit", "off"),
        ]
        if !isBehindTransactionPooler {
            // Plans for any number of rows: those for one number are made anew each time, or are wrong for another.
            parameters.append(("plan_cache_mode", "force_generic_plan"))
            // A transaction of which only a part has arrived is not idle to the server, which would wait for two hours for
            // the rest of it.
            parameters += Self.keepalives(networkTimeout).map { ("tcp_\($0)", $1) }
        }
        if let schema {
            parameters.append(
                (
                    "search_path",
                    "\""
                        + schema.split(separator: "\"", omittingEmptySubsequences: false)
                        .joined(separator: "\"\"") + "\""
                )
            )
        }
        return parameters
    }

    /// What libpq is told unless the connection string says otherwise.
    var connectionDefaults: [(keyword: String, value: String)] {
        [
            ("connect_timeout", String(max(2, Self.seconds(connectTimeout)))),
            ("application_name", "billing-kit"), ("keepalives", "1"),
        ] + Self.keepalives(networkTimeout).map { ($0 == "user_timeout" ? "tcp_\($0)" : $0, $1) }
    }

    /// When a connection is given up of which nothing is heard, as libpq and the server call it.
    private static func keepalives(_ timeout: Duration) -> [(String, String)] {
        let silence = max(1, seconds(timeout))
        return [
            ("keepalives_idle", String(silence)), ("keepalives_interval", String(max(1, silence / 3))),
            ("keepalives_count", "3"), ("user_timeout", milliseconds(timeout)),
        ]
    }

    /// How long to wait for the next byte of an answer: longer than the server lets itself take.
    var silenceLimit: Duration { statementTimeout + networkTimeout }

    static func milliseconds(_ duration: Duration) -> String {
        String(max(1, min(duration.wholeMicroseconds / 1_000, Int64(Int32.max))))
    }

    private static func seconds(_ duration: Duration) -> Int64 {
        min(duration.wholeMicroseconds / 1_000_000, 86_400)
    }
}
#endif
