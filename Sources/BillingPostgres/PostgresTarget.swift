#if Postgres
import BillingKit
import CBillingPostgres

/// Where a database is and who asks: a connection string, which has a password perhaps.
struct PostgresTarget: Sendable {
    private let string: String
    private let secrets: [String]

    /// Reads a connection string.
    ///
    /// - Throws: `cannotOpen` when it is none. What libpq says about that may quote the password, so it is not repeated.
    init(_ string: String) throws(StoreError) {
        self.string = string
        guard let options = PQconninfoParse(string, nil) else {
            throw StoreError(
                .cannotOpen,
                "The connection string is neither a URI, postgresql://…, nor a list of words such as host=… dbname=…."
            )
        }
        defer { PQconninfoFree(options) }
        var secrets: [String] = []
        var option = options
        while let keyword = option.pointee.keyword {
            if ["password", "sslpassword"].contains(String(cString: keyword)), let value = option.pointee.val {
                secrets.append(String(cString: value))
            }
            option += 1
        }
        self.secrets = secrets.filter { !$0.isEmpty }
    }

    /// Connects, which blocks the thread.
    ///
    /// - Throws: `connectionLost` when there is no answer, `cannotOpen` when it is no.
    func connect(_ settings: PostgresSettings) throws(StoreError) -> OpaquePointer {
        // What the string says comes after the defaults, and before what must be so.
        let pairs =
            settings.connectionDefaults.map { ($0.keyword, $0.value) } + [
                ("dbname", string), ("client_encoding", "UTF8"),
            ]
        let copies = pairs.map { (Self.copy($0.0), Self.copy($0.1)) }
        defer {
            for (keyword, value) in copies {
                keyword.deallocate()
                value.deallocate()
            }
        }
        let keywords = copies.map { UnsafePointer<CChar>?($0.0) } + [nil]
        let values = copies.map { UnsafePointer<CChar>?($0.1) } + [nil]
        guard let handle = PQconnectdbParams(keywords, values, 1) else {
            throw StoreError(.full, "There is no memory for a connection.")
        }
        guard PQstatus(handle) == CONNECTION_OK else {
            defer { PQfinish(handle) }
            let words = PQerrorMessage(handle).map { Self.firstLine(String(cString: $0)) } ?? ""
            let reason = secrets.reduce(words) { Self.replacing($1, in: $0) }
            throw StoreError(.connectionLost, "PostgreSQL cannot be reached. \(reason)")
        }
        // Notices would go to the server's standard error.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        return handle
    }

    /// The first line of a message, which is what went wrong; others may show what was sent.
    static func firstLine(_ message: String) -> String {
        message.split(separator: "\n").first.map(String.init) ?? ""
    }

    private static func replacing(_ secret: String, in text: String) -> String {
        var result = ""
        var rest = text[...]
        while !rest.isEmpty {
            if rest.utf8.starts(with: secret.utf8) {
                result += "***"
                rest = rest[rest.utf8.index(rest.startIndex, offsetBy: secret.utf8.count)...]
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result
    }

    private static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
        let characters = text.utf8CString
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: characters.count)
        for (index, character) in characters.enumerated() { copy[index] = character }
        return copy
    }
}
#endif
