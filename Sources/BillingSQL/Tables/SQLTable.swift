/// A table: its columns, its key, and the statements that everything else is done with.
struct SQLTable: Sendable {
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

        static func optionalInteger(_ name: String) -> Column {
            Column(name: name, kind: .integer, isOptional: true, check: nil)
        }

        static func flag(_ name: String) -> Column {
            Column(name: name, kind: .integer, isOptional: false, check: "\(name) IN (0, 1)")
        }

        static func text(_ name: String, among words: [String] = []) -> Column {
            let list = words.map { "'\($0)'" }.joined(separator: ", ")
            return Column(
                name: name,
                kind: .text,
                isOptional: false,
                check: words.isEmpty ? nil : "\(name) IN (\(list))"
            )
        }

        static func optionalText(_ name: String) -> Column {
            Column(name: name, kind: .text, isOptional: true, check: nil)
        }

        static func blob(_ name: String) -> Column {
            Column(name: name, kind: .blob, isOptional: false, check: nil)
        }

        var definition: String {
            name + " " + kind.rawValue + (isOptional ? "" : " NOT NULL") + (check.map { " CHECK (\($0))" } ?? "")
        }
    }

    let name: String
    let columns: [Column]
    let key: [String]
    /// Statements that create the table's indexes.
    let indexes: [String]
    /// Conditions on whole rows.
    let checks: [String]
    /// Whether rows may be as large as a webhook, and then do not lie within the key's tree.
    let hasLargeRows: Bool
    /// The statement that adds a row.
    let insertion: SQLStatement
    /// The statement that adds a row or replaces the one with the same key.
    let replacement: SQLStatement

    init(
        _ name: String,
        key: [String],
        columns: [Column],
        checks: [String] = [],
        indexes: [String] = [],
        hasLargeRows: Bool = false
    ) {
        self.name = name
        self.columns = columns
        self.key = key
        self.checks = checks
        self.indexes = indexes
        self.hasLargeRows = hasLargeRows
        let names = columns.map(\.name)
        let insertion =
            "INSERT INTO \(name) (\(names.joined(separator: ", "))) VALUES (\(Self.parameters(1...names.count)))"
        let assignments = names.filter { !key.contains($0) }.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        let resolution = assignments.isEmpty ? "NOTHING" : "UPDATE SET \(assignments)"
        self.insertion = SQLStatement(insertion)
        replacement = SQLStatement("\(insertion) ON CONFLICT (\(key.joined(separator: ", "))) DO \(resolution)")
    }

    /// The names of all columns, as a list in a statement.
    var columnList: String { columns.map(\.name).joined(separator: ", ") }

    /// The statements that create the table.
    var creation: [SQLStatement] {
        let lines =
            columns.map(\.definition) + ["PRIMARY KEY (\(key.joined(separator: ", ")))"]
            + checks.map { "CHECK (\($0))" }
        let create =
            "CREATE TABLE \(name) (\n  \(lines.joined(separator: ",\n  "))\n) STRICT"
            + (hasLargeRows ? "" : ", WITHOUT ROWID")
        return ([create] + indexes).map { SQLStatement($0) }
    }

    /// Returns the statement that removes the rows with given values in columns.
    func removal(by names: [String]) -> SQLStatement {
        SQLStatement("DELETE FROM \(name) WHERE \(Self.conditions(names))")
    }

    /// Returns the statement that selects the rows with given values in columns.
    func selection(by names: [String], order: [String] = []) -> SQLStatement {
        let ordering = order.isEmpty ? "" : " ORDER BY \(order.joined(separator: ", "))"
        return SQLStatement("SELECT \(columnList) FROM \(name) WHERE \(Self.conditions(names))\(ordering)")
    }

    /// Returns the step that runs a statement over whole rows.
    func step(_ statement: SQLStatement, rows: [[SQLValue]]) -> SQLStep {
        SQLStep(statement, columns.indices.map { index in Self.column(columns[index].kind, rows.map { $0[index] }) })
    }

    /// Returns the step that removes the rows with the values that rows of columns have.
    func removalStep(by names: [String], rows: [[SQLValue]]) -> SQLStep {
        let columns = names.enumerated().map { index, name in
            Self.column(self.columns.first { $0.name == name }?.kind ?? .text, rows.map { $0[index] })
        }
        return SQLStep(removal(by: names), columns)
    }

    private static func column(_ kind: Column.Kind, _ values: [SQLValue]) -> SQLColumn {
        switch kind {
        case .integer: .integers(values.map { if case .integer(let value) = $0 { value } else { nil } })
        case .text: .texts(values.map { if case .text(let value) = $0 { value } else { nil } })
        case .blob: .blobs(values.map { if case .blob(let value) = $0 { value } else { nil } })
        }
    }

    private static func conditions(_ names: [String]) -> String {
        names.enumerated().map { "\($1) = ?\($0 + 1)" }.joined(separator: " AND ")
    }

    private static func parameters(_ range: ClosedRange<Int>) -> String {
        range.map { "?\($0)" }.joined(separator: ", ")
    }
}
