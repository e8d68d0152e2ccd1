/// A statement as it is written for the database.
///
/// There are few, they are the same for the life of the process, and a connection keeps each prepared.
public struct SQLStatement: Hashable, Sendable {
    /// The text, with `?1`, `?2`, … for its parameters.
    public let text: String

    /// The text's hash: a statement is looked up far more often than it is made, and texts are long.
    private let hash: Int

    /// Creates a statement.
    public init(_ text: String) {
        self.text = text
        hash = text.hashValue
    }

    /// Feeds the statement to a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(hash)
    }
}

/// One statement, to be run for each of a number of rows.
public struct SQLStep: Hashable, Sendable {
    /// The statement.
    public let statement: SQLStatement

    /// Its parameters in order, all with the same number of rows.
    public let columns: [SQLColumn]

    /// Creates a step.
    public init(_ statement: SQLStatement, _ columns: [SQLColumn] = []) {
        self.statement = statement
        self.columns = columns
    }

    /// How often the statement is run: once for each row, and once when it has no parameters.
    public var rowCount: Int { columns.first?.count ?? 1 }
}
