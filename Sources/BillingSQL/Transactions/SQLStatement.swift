/// A statement as it is written for the database.
///
/// There are few, they are the same for the life of the process, and a connection keeps each prepared.
public struct SQLStatement: Hashable, Sendable {
    /// The text for SQLite, with `?1`, `?2`, … for the values of a row; ``SQLStep/text(in:)`` has it for others.
    public let text: String

    /// How it is made to work on many rows at once.
    let shape: Shape

    /// The text's hash: a statement is looked up far more often than it is made, and texts are long.
    private let hash: Int

    private init(_ text: String, _ shape: Shape) {
        self.text = text
        self.shape = shape
        hash = text.hashValue
    }

    /// Feeds the statement to a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(hash)
    }
}

extension SQLStatement {
    /// What a statement does with the rows that it is run for.
    enum Shape: Hashable, Sendable {
        /// It has no parameters, or is written for one database alone.
        case plain
        /// It is run for one row, and may lock what it finds.
        case once(RowLock?)
        /// It is a question that is asked for each row.
        case question
        /// It adds each row.
        case insertion(into: String, resolution: String)
        /// It changes rows of a table for each row.
        case update(of: String, settings: String, condition: String, returning: [String])
        /// It removes rows of a table for each row.
        case removal(from: String, condition: String, returning: [String])
    }

    /// How found rows are kept from others until the transaction ends, in a database where others write at the same time.
    enum RowLock: String, Sendable {
        /// Whoever has one of them is waited for.
        case wait = "FOR UPDATE"
        /// Those that someone has are left out.
        case skip = "FOR UPDATE SKIP LOCKED"
    }

    /// Creates a statement without parameters, or one that is written for one kind of database alone.
    public init(_ text: String) {
        self.init(text, .plain)
    }

    /// Creates a statement that is run for one row.
    ///
    /// - Parameters:
    ///   - text: The text, with `?1`, `?2`, … for the values of the row.
    ///   - lock: How the found rows are kept from others, if they are.
    init(once text: String, locking lock: RowLock? = nil) {
        self.init(text, .once(lock))
    }

    /// Creates a question that is asked for each row; its answers come row after row, those of one in the order that the
    /// text says.
    init(forEach text: String) {
        self.init(text, .question)
    }

    /// Creates a statement that adds each row to a table.
    ///
    /// - Parameters:
    ///   - table: The name of the table.
    ///   - columns: The names of its columns, in the order of the parameters.
    ///   - resolution: What becomes of a row that is there already, as `ON CONFLICT …`; empty when that is an error.
    init(insertingInto table: String, _ columns: [String], resolution: String = "") {
        let head = "\(table) (\(columns.joined(separator: ", ")))"
        let parameters = (1...columns.count).map { "?\($0)" }.joined(separator: ", ")
        let tail = resolution.isEmpty ? "" : " \(resolution)"
        self.init(
            "INSERT INTO \(head) VALUES (\(parameters))\(tail)",
            .insertion(into: head, resolution: tail)
        )
    }

    /// Creates a statement that changes rows of a table for each row.
    ///
    /// - Parameters:
    ///   - table: The name of the table.
    ///   - settings: What is set to what.
    ///   - condition: Which of the table's rows are changed.
    ///   - returning: The columns that are returned of each row that was changed, those for the first row first.
    init(updating table: String, set settings: String, where condition: String, returning: [String] = []) {
        self.init(
            "UPDATE \(table) SET \(settings) WHERE \(condition)\(Self.clause(returning))",
            .update(of: table, settings: settings, condition: condition, returning: returning)
        )
    }

    /// Creates a statement that removes rows of a table for each row.
    ///
    /// - Parameters:
    ///   - table: The name of the table.
    ///   - condition: Which of the table's rows are removed.
    ///   - returning: The columns that are returned of each row that was removed, those for the first row first.
    init(deletingFrom table: String, where condition: String, returning: [String] = []) {
        self.init(
            "DELETE FROM \(table) WHERE \(condition)\(Self.clause(returning))",
            .removal(from: table, condition: condition, returning: returning)
        )
    }

    /// Returns the statement for those rows alone of which something more holds; it must be one that changes rows.
    func narrowed(to condition: String) -> SQLStatement {
        guard case .update(let table, let settings, let before, let returning) = shape else { return self }
        return SQLStatement(
            updating: table,
            set: settings,
            where: "\(before) AND \(condition)",
            returning: returning
        )
    }

    private static func clause(_ returning: [String]) -> String {
        returning.isEmpty ? "" : " RETURNING \(returning.joined(separator: ", "))"
    }
}
