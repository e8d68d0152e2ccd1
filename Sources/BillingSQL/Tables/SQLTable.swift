import BillingKit

/// A table: its columns, its key, and the statements that everything else is done with.
///
/// A reference, because every commit hands each of them on.
final class SQLTable: Sendable {
    /// A column of a table.
    struct Column: Sendable {
        enum Kind: String, Sendable {
            case integer = "INTEGER"
            case text = "TEXT"
            case blob = "BLOB"
        }

        let name: String
        let kind: Kind
        let isOptional: Bool
        let check: String?

        static func integer(_ name: String, check: String? = nil) -> Column {
            Column(name: name, kind: .integer, isOptional: false, check: check)
        }

        static func optionalInteger(_ name: String, check: String? = nil) -> Column {
            Column(name: name, kind: .integer, isOptional: true, check: check)
        }

        /// A number of what there can be so many of that a few of them add up.
        static func count(_ name: String, from least: Int64 = 0) -> Column {
            integer(name, check: "\(name) BETWEEN \(least) AND \(Account.maximumCount)")
        }

        /// A number of what there can be so many of that a few of them add up, or none.
        static func optionalCount(_ name: String) -> Column {
            optionalInteger(name, check: "\(name) BETWEEN 0 AND \(Account.maximumCount)")
        }

        static func flag(_ name: String) -> Column {
            Column(name: name, kind: .integer, isOptional: false, check: "\(name) IN (0, 1)")
        }

        static func text(_ name: String, among words: [String] = []) -> Column {
            Column(name: name, kind: .text, isOptional: false, check: isOne(name, of: words))
        }

        static func optionalText(_ name: String, among words: [String] = []) -> Column {
            Column(name: name, kind: .text, isOptional: true, check: isOne(name, of: words))
        }

        /// Returns the condition that a column has one of some words, the usual ones first.
        ///
        /// One after the other, because SQLite makes a tree of a list in parentheses anew for every row, which costs more
        /// than writing the row.
        private static func isOne(_ name: String, of words: [String]) -> String? {
            words.isEmpty ? nil : words.map { "\(name) = '\($0)'" }.joined(separator: " OR ")
        }

        static func blob(_ name: String) -> Column {
            Column(name: name, kind: .blob, isOptional: false, check: nil)
        }

        func definition(in dialect: SQLDialect) -> String {
            name + " " + kind.type(in: dialect) + (isOptional ? "" : " NOT NULL")
                + (check.map { " CHECK (\($0))" } ?? "")
        }
    }

    /// Where the rows of a table lie, in a database that has a choice.
    enum Rows {
        /// In the tree of the key: best where a customer's rows are few and small, or read together.
        case inOrderOfTheKey
        /// One after the other as they come: best where they are large, or many come and few are read. Then a new row
        /// touches the last page of all, which the other new rows touch too, and of the key's tree only a small entry.
        case inOrderOfArrival
    }

    let name: String
    let columns: [Column]
    let key: [String]
    /// Statements that create the table's indexes.
    let indexes: [String]
    /// Conditions on whole rows.
    let checks: [String]
    /// Where the rows lie.
    let rows: Rows
    /// Whether nearly every commit changes rows of it.
    let isUpdatedOften: Bool
    /// The statement that adds a row.
    let insertion: SQLStatement
    /// The statement that adds a row unless it is there.
    let addition: SQLStatement
    /// The statement that adds a row or replaces the one with the same key.
    let replacement: SQLStatement
    /// The statement that changes the row with the same key, which is there; its parameters are ``updatedColumns``.
    let update: SQLStatement
    /// The same, which in a database that runs it for all rows at once fails where a row is not there.
    let keptUpdate: SQLStatement
    /// The columns but for those that hardly ever change, which have statements of their own.
    let updatedColumns: [Column]
    /// The kinds of the columns.
    let kinds: [Column.Kind]
    /// The kinds of the columns but for those that hardly ever change.
    let updatedKinds: [Column.Kind]

    init(
        _ name: String,
        key: [String],
        columns: [Column],
        checks: [String] = [],
        indexes: [String] = [],
        rarelyChanged: [String] = [],
        rows: Rows = .inOrderOfTheKey,
        isUpdatedOften: Bool = false
    ) {
        self.name = name
        self.columns = columns
        self.key = key
        self.checks = checks
        self.indexes = indexes
        self.rows = rows
        self.isUpdatedOften = isUpdatedOften
        let names = columns.map(\.name)
        let updatedColumns = columns.filter { !rarelyChanged.contains($0.name) }
        self.updatedColumns = updatedColumns
        kinds = columns.map(\.kind)
        updatedKinds = updatedColumns.map(\.kind)
        let parameters = updatedColumns.enumerated().map { ($1.name, "\($1.name) = ?\($0 + 1)") }
        let settings = parameters.filter { !key.contains($0.0) }.map(\.1).joined(separator: ", ")
        let conditions = parameters.filter { key.contains($0.0) }.map(\.1).joined(separator: " AND ")
        update = SQLStatement(updating: name, set: settings, where: conditions)
        keptUpdate = update.ofKeptRows
        let assignments = names.filter { !key.contains($0) }.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        let resolution = assignments.isEmpty ? "NOTHING" : "UPDATE SET \(assignments)"
        insertion = SQLStatement(insertingInto: name, names)
        addition = SQLStatement(insertingInto: name, names, resolution: "ON CONFLICT DO NOTHING")
        replacement = SQLStatement(
            insertingInto: name,
            names,
            resolution: "ON CONFLICT (\(key.joined(separator: ", "))) DO \(resolution)"
        )
    }

    /// The names of all columns, as a list in a statement.
    var columnList: String { columns.map(\.name).joined(separator: ", ") }

    /// Returns the statements that create the table.
    func creation(in dialect: SQLDialect) -> [String] {
        let lines =
            columns.map { $0.definition(in: dialect) } + ["PRIMARY KEY (\(key.joined(separator: ", ")))"]
            + checks.map { "CHECK (\($0))" }
        let create = "CREATE TABLE \(name) (\n  \(lines.joined(separator: ",\n  "))\n)"
        switch dialect {
        case .sqlite: return [create + " STRICT" + (rows == .inOrderOfTheKey ? ", WITHOUT ROWID" : "")] + indexes
        // Room for the rows' next versions on their own pages, so that no index has to be told of them.
        case .postgres: return [create + (isUpdatedOften ? " WITH (fillfactor = 60)" : "")] + indexes
        }
    }

    /// Returns the question for the rows with given values in columns, for one row of values.
    func finding(by names: [String], locking lock: SQLStatement.RowLock) -> SQLStatement {
        SQLStatement(once: "SELECT \(columnList) FROM \(name) WHERE \(Self.conditions(names))", locking: lock)
    }

    /// Returns the statement that removes the rows with given values in columns.
    func removal(by names: [String]) -> SQLStatement {
        SQLStatement(deletingFrom: name, where: Self.conditions(names))
    }

    /// Returns the statement that selects the rows with given values in columns.
    func selection(by names: [String], order: [String] = []) -> SQLStatement {
        let ordering = order.isEmpty ? "" : " ORDER BY \(order.joined(separator: ", "))"
        return SQLStatement(forEach: "SELECT \(columnList) FROM \(name) WHERE \(Self.conditions(names))\(ordering)")
    }

    /// Returns the step that runs a statement over whole rows.
    func step(_ statement: SQLStatement, rows: [[SQLValue]]) -> SQLStep {
        var list = SQLRowList(kinds)
        for row in rows { list.add(row) }
        return SQLStep(statement, list.columns)
    }

    /// Returns the kinds of columns.
    func kinds(of names: [String]) -> [Column.Kind] {
        names.map { name in columns.first { $0.name == name }?.kind ?? .text }
    }

    private static func conditions(_ names: [String]) -> String {
        names.enumerated().map { "\($1) = ?\($0 + 1)" }.joined(separator: " AND ")
    }
}
