#if SQLite
import BillingKit
import CBillingSQLite

/// Decides what the host's own statements may do on the kit's connection.
///
/// SQLite asks when a statement is prepared, so what is refused has not begun. The kit's statements are not asked about.
final class HostGuard {
    /// Whether the statement that is prepared is the host's.
    private var isHosts = false
    /// Whether the host's last statement changes a table's definition, or its name.
    var hasAltered = false
    /// Why the last statement was refused.
    private(set) var refusal = ""

    /// Has SQLite ask from now on.
    ///
    /// It prepares all its statements anew then, so this is done once for a connection, which keeps the guard until it is
    /// closed.
    func install(on handle: OpaquePointer?) {
        sqlite3_set_authorizer(
            handle,
            { context, action, first, second, _, _ in
                guard let context else { return SQLITE_DENY }
                return Unmanaged<HostGuard>.fromOpaque(context).takeUnretainedValue()
                    .answer(to: action, first, second)
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    /// Does something that SQLite may ask about because of a statement of the host's.
    func watching<Answer>(_ body: () throws(StoreError) -> Answer) throws(StoreError) -> Answer {
        isHosts = true
        defer { isHosts = false }
        return try body()
    }

    private func answer(
        to action: Int32,
        _ first: UnsafePointer<CChar>?,
        _ second: UnsafePointer<CChar>?
    ) -> Int32 {
        guard isHosts else { return SQLITE_OK }
        let names = [first, second].map { $0.map { String(cString: $0) } ?? "" }
        guard let reason = refusal(of: action, names[0], names[1]) else { return SQLITE_OK }
        refusal = reason
        return SQLITE_DENY
    }

    private func refusal(of action: Int32, _ first: String, _ second: String) -> String? {
        switch action {
        case SQLITE_SELECT, SQLITE_READ, SQLITE_FUNCTION, SQLITE_RECURSIVE:
            return nil
        case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE,
            SQLITE_CREATE_TABLE, SQLITE_CREATE_VIEW, SQLITE_DROP_TABLE, SQLITE_DROP_VIEW, SQLITE_CREATE_VTABLE,
            SQLITE_DROP_VTABLE, SQLITE_CREATE_TEMP_TABLE, SQLITE_CREATE_TEMP_VIEW, SQLITE_DROP_TEMP_TABLE,
            SQLITE_DROP_TEMP_VIEW, SQLITE_REINDEX:
            return isKits(first) ? Self.words(first) : nil
        case SQLITE_CREATE_INDEX, SQLITE_CREATE_TRIGGER, SQLITE_DROP_INDEX, SQLITE_DROP_TRIGGER,
            SQLITE_CREATE_TEMP_INDEX, SQLITE_CREATE_TEMP_TRIGGER, SQLITE_DROP_TEMP_INDEX, SQLITE_DROP_TEMP_TRIGGER:
            return isKits(first) || isKits(second) ? Self.words(isKits(second) ? second : first) : nil
        case SQLITE_ALTER_TABLE:
            // A temporary table under the name of one of the kit's would be found in its place.
            hasAltered = true
            if first == "temp" { return "Temporary tables cannot be altered in a transaction with the kit." }
            return isKits(second) ? Self.words(second) : nil
        case SQLITE_TRANSACTION, SQLITE_SAVEPOINT:
            return "The kit begins and ends the transaction; throw an error to have all of it rolled back."
        case SQLITE_ATTACH, SQLITE_DETACH:
            return "No other file can be attached to the kit's connection."
        case SQLITE_PRAGMA where Self.readingPragmas.contains(first.lowercased()):
            return nil
        case SQLITE_PRAGMA:
            return "The settings of the connection are the kit's; 'PRAGMA \(first)' is not for the host's statements."
        default:
            return "The kit does not know what the statement would do (SQLite action \(action))."
        }
    }

    /// What only tells of tables, also to SQLite itself where a table is altered.
    private static let readingPragmas: Set<String> = [
        "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list",
        "foreign_key_check", "quick_check",
    ]

    private func isKits(_ name: String) -> Bool {
        name.lowercased().hasPrefix("billing_")
    }

    static func words(_ name: String) -> String {
        "'\(name)' is the kit's, as is every name that begins with 'billing_'; statements of the host's may only read it."
    }
}
#endif
