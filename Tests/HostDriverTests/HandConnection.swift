#if Postgres
import BillingKit
import BillingSQL
import CBillingPostgres
import Dispatch

/// A connection as a host may have one: libpq by hand, blocking on a queue of its own, with parameters and results as text.
final class HandConnection: SQLConnection, @unchecked Sendable {
    // Unchecked because the handle is used on the queue alone.
    private let handle: OpaquePointer
    private let queue = DispatchQueue(label: "host.connection")

    /// Connects, and sets the schema that has the tables.
    init(_ connection: String, schema: String? = nil) throws(StoreError) {
        guard let handle = PQconnectdb(connection) else { throw StoreError(.full, "There is no memory.") }
        self.handle = handle
        guard PQstatus(handle) == CONNECTION_OK else { throw StoreError(.cannotOpen, "PostgreSQL cannot be reached.") }
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        if let schema { _ = try answer(to: "SELECT set_config('search_path', $1, false)", [schema]) }
    }

    /// Connects, on a queue that may be blocked; a server that is not there now may be there soon.
    static func connecting(to connection: String, schema: String) async throws(StoreError) -> HandConnection {
        let result: Result<HandConnection, StoreError> = await withCheckedContinuation { caller in
            DispatchQueue.global().async {
                caller.resume(
                    returning: Result { () throws(StoreError) in try HandConnection(connection, schema: schema) }
                        .mapError { StoreError(.connectionLost, $0.message) }
                )
            }
        }
        return try result.get()
    }

    deinit {
        PQfinish(handle)
    }

    /// Runs the kit's steps, inside whatever transaction is open.
    func run(_ steps: [SQLStep]) async throws(StoreError) -> [SQLRows] {
        try await onQueue { () throws(StoreError) in
            var results: [SQLRows] = []
            for step in steps {
                // A step that has columns and no row in them is not to be run.
                guard step.rowCount > 0 else { results.append(SQLRows([])); continue }
                results.append(try self.answer(to: step.text(in: .postgres), step.columns.map(\.postgresLiteral)))
            }
            return results
        }
    }

    /// Runs a statement of the host's own.
    @discardableResult
    func execute(_ sql: String, _ values: [String?] = []) async throws(StoreError) -> [[SQLValue]] {
        try await onQueue { () throws(StoreError) in try self.answer(to: sql, values).rows }
    }

    private func onQueue<Answer: Sendable>(
        _ body: @escaping @Sendable () throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer {
        let result: Result<Answer, StoreError> = await withCheckedContinuation { caller in
            queue.async { caller.resume(returning: Result(catching: body)) }
        }
        return try result.get()
    }

    private func answer(to sql: String, _ values: [String?]) throws(StoreError) -> SQLRows {
        let copies = values.map { $0.map { Array($0.utf8CString) } }
        let parameters = copies.map { $0.map { UnsafePointer(Self.copy($0)) } }
        defer { for parameter in parameters { parameter?.deallocate() } }
        let result = PQexecParams(handle, sql, Int32(values.count), nil, parameters, nil, nil, 0)
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK: return Self.rows(of: result)
        default:
            guard let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))) else {
                let isCommit = sql == "COMMIT"
                throw StoreError(isCommit ? .outcomeUnknown : .connectionLost, "The connection to PostgreSQL broke.")
            }
            let words = PQresultErrorField(result, Int32(UInt8(ascii: "M"))).map { String(cString: $0) }
            throw StoreError(sqlState: String(cString: state), words ?? "")
        }
    }

    private static func copy(_ characters: [CChar]) -> UnsafeMutablePointer<CChar> {
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: characters.count)
        for (index, character) in characters.enumerated() { (copy + index).initialize(to: character) }
        return copy
    }

    private static func rows(of result: OpaquePointer?) -> SQLRows {
        let rows = (0..<PQntuples(result)).map { row in
            (0..<PQnfields(result)).map { column -> SQLValue in
                guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else {
                    return .null
                }
                let text = String(cString: start)
                switch PQftype(result, column) {
                case 20, 21, 23: return Int64(text).map { .integer($0) } ?? .null  // int8, int2, int4
                case 16: return .integer(text == "t" ? 1 : 0)  // bool
                case 17: return .blob(bytes(text.dropFirst(2)))  // bytea, as \x…
                case 2278: return .null  // void
                default: return .text(PostgresText.original(text))
                }
            }
        }
        return SQLRows(rows, changed: PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0)
    }

    private static func bytes(_ hexadecimal: Substring) -> [UInt8] {
        let digits = hexadecimal.compactMap { $0.hexDigitValue.map { UInt8($0) } }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
#endif
