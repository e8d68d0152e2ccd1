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
