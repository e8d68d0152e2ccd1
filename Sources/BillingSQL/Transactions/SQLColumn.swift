/// One parameter of a statement, with a value for each row that the statement is run for.
public enum SQLColumn: Hashable, Sendable {
    /// Integers.
    case integers([Int64?])
    /// Texts.
    case texts([String?])
    /// Byte strings.
    case blobs([[UInt8]?])

    /// The number of rows.
    public var count: Int {
        switch self {
        case .integers(let values): values.count
        case .texts(let values): values.count
        case .blobs(let values): values.count
        }
    }

    /// Returns the value for a row.
    public subscript(row: Int) -> SQLValue {
        switch self {
        case .integers(let values): values[row].map { .integer($0) } ?? .null
        case .texts(let values): values[row].map { .text($0) } ?? .null
        case .blobs(let values): values[row].map { .blob($0) } ?? .null
        }
    }
}
