extension SQLColumn {
    /// The type of the array that the column is bound as in PostgreSQL: `int8[]`, `text[]` or `bytea[]`.
    public var postgresType: String {
        switch self {
        case .integers: "int8[]"
        case .texts: "text[]"
        case .blobs: "bytea[]"
        }
    }

    /// The column as PostgreSQL writes an array in text, such as `{1,NULL,3}`.
    ///
    /// For a driver that binds parameters as text. One that binds them in binary form takes the values as they are, and
    /// texts through ``PostgresText/stored(_:)``, which is done here already.
    public var postgresLiteral: String {
        switch self {
        case .integers(let values): Self.literal(values) { String($0) }
        case .texts(let values): Self.literal(values) { Self.quoted(PostgresText.stored($0)) }
        case .blobs(let values): Self.literal(values) { "\"\\\\x\(Self.hexadecimal($0))\"" }
        }
    }

    private static func literal<Value>(_ values: [Value?], _ text: (Value) -> String) -> String {
        "{\(values.map { $0.map(text) ?? "NULL" }.joined(separator: ","))}"
    }

    /// In quotation marks a word is never `NULL`, and only these two signs mean anything.
    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
