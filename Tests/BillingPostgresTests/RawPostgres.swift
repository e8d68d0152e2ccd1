#if Postgres
import CBillingPostgres

/// A connection of a test's own, beside the store, for what others do to its tables.
final class RawPostgres: @unchecked Sendable {
    // Unchecked because each is used by one test, one call after the other.
    private let handle: OpaquePointer

    struct Failure: Error, CustomStringConvertible {
        let state: String
        let description: String
    }

    init(_ connection: String) throws {
        guard let handle = PQconnectdb(connection) else { throw Failure(state: "", description: "no memory") }
        self.handle = handle
        // What a dying server says is what the tests are about, and would hide what they say.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        guard PQstatus(handle) == CONNECTION_OK else {
            throw Failure(state: "", description: String(cString: PQerrorMessage(handle)))
        }
    }

    deinit {
        PQfinish(handle)
    }

    /// Runs statements, and returns the rows of the last as text.
    @discardableResult
    func run(_ sql: String) throws -> [[String?]] {
        let result = PQexec(handle, sql)
        defer { PQclear(result) }
        guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY].contains(PQresultStatus(result)) else {
            let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
            throw Failure(state: state ?? "", description: String(cString: PQresultErrorMessage(result)))
        }
        return (0..<PQntuples(result)).map { row in
            (0..<PQnfields(result)).map { column in
                PQgetisnull(result, row, column) == 1 ? nil : String(cString: PQgetvalue(result, row, column))
            }
        }
    }

    /// The one value of a question.
    func value(_ sql: String) throws -> String? {
        try run(sql).first?.first ?? nil
    }
}
#endif
