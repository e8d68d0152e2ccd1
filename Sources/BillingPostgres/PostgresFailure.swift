#if Postgres
import BillingKit
import BillingSQL
import CBillingPostgres

/// The sorting of PostgreSQL's errors into the kit's.
enum PostgresFailure {
    /// Sorts the error of a result, with PostgreSQL's first line and without any value of a row.
    static func error(in result: OpaquePointer) -> StoreError {
        let state = field(result, "C") ?? "XX000"
        let words = field(result, "M") ?? "no message"
        let place = field(result, "n").map { " on '\($0)'" } ?? ""
        let reason = "\(words)\(place) (SQLSTATE \(state))"
        let error = StoreError(sqlState: state, reason)
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

    /// Whether an error is about the connection itself, and so perhaps not from the server that has it.
    static func isOfConnection(_ result: OpaquePointer) -> Bool {
        field(result, "C")?.hasPrefix("08") ?? false
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
