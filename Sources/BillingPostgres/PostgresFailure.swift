#if Postgres
import BillingKit
import CBillingPostgres

/// The sorting of PostgreSQL's errors into the kit's.
enum PostgresFailure {
    /// The error of a division by zero: the kit makes it on purpose where an account cannot be written.
    private static let guarded = "22012"

    /// Sorts the error of a result, with PostgreSQL's first line and without any value of a row.
    static func error(in result: OpaquePointer) -> StoreError {
        let state = field(result, "C") ?? "XX000"
        let words = field(result, "M") ?? "no message"
        let place = field(result, "n").map { " on '\($0)'" } ?? ""
        let reason = "\(words)\(place) (SQLSTATE \(state))"
        let error = error(state: state, reason)
        // Whatever went wrong, these are the last words of the connection.
        guard let severity = field(result, "V"), ["FATAL", "PANIC"].contains(severity), !endsConnection(error) else {
            return error
        }
        return StoreError(.connectionLost, "PostgreSQL ended the connection. \(reason)")
    }

    /// Whether an error is the server's, and not one of libpq's own, which have no code.
    static func isOfServer(_ result: OpaquePointer) -> Bool {
        field(result, "C") != nil
    }

    /// PostgreSQL's codes of five characters; the first two are their class.
    static func error(state: String, _ reason: String) -> StoreError {
        switch state {
        case "23505": StoreError(.unique, "Something that must be unique is there already. \(reason)")
        case guarded: StoreError(.unique, "An account is locked, or at another revision. \(reason)")
        case "40001": StoreError(.serialization, "The transaction cannot be put in an order with others. \(reason)")
        case "40P01": StoreError(.deadlock, "Two transactions waited for each other. \(reason)")
        case "40003": StoreError(.outcomeUnknown, "PostgreSQL does not know whether it has written. \(reason)")
        case "55P03": StoreError(.lockTimeout, "Another transaction has a row locked; end it and try again. \(reason)")
        case "57014": StoreError(.busy, "PostgreSQL ended a statement that took too long; try again. \(reason)")
        case "53100", "53200", "53400":
            StoreError(.full, "PostgreSQL has no room left; make some and try again. \(reason)")
        case "53300": StoreError(.busy, "PostgreSQL has no connection left; give it more, or use fewer. \(reason)")
        // The server goes down, has gone, or has become one that only reads: another connection may find a better one.
        case "57P01", "57P02", "57P03", "57P05", "25P03", "25P04", "25006":
            StoreError(.connectionLost, "PostgreSQL ended the connection. \(reason)")
        case "26000", "42P05":
            StoreError(
                .connectionLost,
                "A prepared statement is not the connection's; is there a transaction pooler on the way? \(reason)"
            )
        case "42501", "28000", "28P01", "3D000", "3F000":
            StoreError(.cannotOpen, "PostgreSQL refuses the user, the database or the schema. \(reason)")
        default:
            StoreError(
                state.hasPrefix("08") ? .connectionLost : state.hasPrefix("53") ? .full : .corrupt,
                "PostgreSQL failed. \(reason)"
            )
        }
    }

    /// Whether the connection has to be closed after an error.
    static func endsConnection(_ error: StoreError) -> Bool {
        error.code == .connectionLost || error.code == .outcomeUnknown
    }

    private static func field(_ result: OpaquePointer, _ code: Character) -> String? {
        PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
    }
}
#endif
