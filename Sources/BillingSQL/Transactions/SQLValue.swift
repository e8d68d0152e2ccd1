/// A value in a database row.
public enum SQLValue: Hashable, Sendable {
    /// No value.
    case null
    /// A 64-bit integer.
    case integer(Int64)
    /// Text in UTF-8.
    case text(String)
    /// Bytes.
    case blob([UInt8])
}
