#if SQLite
import BillingSQL

/// Asks a connection for its settings.
enum PragmaReading {
    static func transaction(_ names: [String]) -> SQLTransaction<[[SQLValue]]> {
        SQLTransaction(running: names.map { SQLStep(SQLStatement("PRAGMA \($0)")) }) { rows in
            rows.map { $0.rows.first ?? [] }
        }
    }
}
#endif
