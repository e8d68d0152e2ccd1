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
        /// It adds each row, made of values.
        case insertion(into: String, values: String, resolution: String)
        /// It changes rows of a table for each row.
        case update(of: String, settings: String, condition: String, returning: [String])
        /// It changes one row of a table for each row, and fails where there is none.
        case updateOfAll(String, settings: String, condition: String, Shortfall)
        /// It removes rows of a table for each row.
        case removal(from: String, condition: String, returning: [String])
    }

    /// What it means that a row is not there which was to be changed.
    enum Shortfall: Sendable {
        /// Somebody else was faster.
        case isMetOften
        /// It is lost.
        case isLost
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
        let values = columns.enumerated().map { (column: $1, value: "?\($0 + 1)") }
        self.init(insertingInto: table, values: values, resolution: resolution)
    }

    /// Creates a statement that adds each row to a table.
    ///
    /// - Parameters:
    ///   - table: The name of the table.
    ///   - values: The names of its columns, each with what is written into it: a parameter, or what is the same for all.
    ///   - resolution: What becomes of a row that is there already, as `ON CONFLICT …`; empty when that is an error.
    init(insertingInto table: String, values: [(column: String, value: String)], resolution: String = "") {
        let head = "\(table) (\(values.map(\.column).joined(separator: ", ")))"
        let list = values.map(\.value).joined(separator: ", ")
        let tail = resolution.isEmpty ? "" : " \(resolution)"
        self.init(
            "INSERT INTO \(head) VALUES (\(list))\(tail)",
            .insertion(into: head, values: list, resolution: tail)
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

    /// Creates a statement that changes one row of a table for each row.
    ///
    /// In a database that runs it for all rows at once, it fails where it has not changed as many: with a division by zero
    /// or, where a row is lost, a number beyond the greatest, errors that need no function. Elsewhere, whoever runs it counts.
    ///
    /// - Parameters:
    ///   - table: The name of the table.
    ///   - settings: What is set to what.
    ///   - condition: Which of the table's rows is changed.
    ///   - shortfall: What it means that it is not there.
    init(
        updatingOneOf table: String,
        set settings: String,
        where condition: String,
        _ shortfall: Shortfall = .isMetOften
    ) {
        self.init(
            "UPDATE \(table) SET \(settings) WHERE \(condition)",
            .updateOfAll(table, settings: settings, condition: condition, shortfall)
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

    /// Returns the statement for those rows alone of which something more holds, which have to be there; it must be one that
    /// changes rows.
    func required(_ condition: String) -> SQLStatement {
        guard case .update(let table, let settings, let before, _) = shape else { return self }
        return SQLStatement(updatingOneOf: table, set: settings, where: "\(before) AND \(condition)")
    }

    /// The statement for rows that are there unless somebody has taken them away; it must be one that changes rows.
    var ofKeptRows: SQLStatement {
        guard case .update(let table, let settings, let condition, _) = shape else { return self }
        return SQLStatement(updatingOneOf: table, set: settings, where: condition, .isLost)
    }

    private static func clause(_ returning: [String]) -> String {
        returning.isEmpty ? "" : " RETURNING \(returning.joined(separator: ", "))"
    }
}
