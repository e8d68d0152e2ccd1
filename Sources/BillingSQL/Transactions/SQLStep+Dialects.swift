extension SQLStep {
    /// Returns the statement's text as a kind of database understands it.
    ///
    /// It is the same for every step of the statement, so a connection that keeps the statement prepared asks once.
    ///
    /// - Parameter dialect: The kind of database.
    /// - Returns: The text. For ``SQLDialect/sqlite`` it is run for each row. For ``SQLDialect/postgres`` it is run once,
    ///   with each column bound as an array (`int8[]`, `text[]`, `bytea[]`); a step that has columns and no row in them is
    ///   not to be run at all.
    public func text(in dialect: SQLDialect) -> String {
        dialect == .postgres ? arrayText(UniformColumns()) : statement.text
    }

    /// Returns the statement's text for PostgreSQL with some columns bound as one value instead of as an array.
    package func arrayText(_ uniform: UniformColumns) -> String {
        switch statement.shape {
        case .plain:
            return statement.text
        case .once(let lock):
            let text = Self.replacingParameters(in: statement.text) { "($\($0)::\(columns[$0 - 1].postgresType))[1]" }
            return lock.map { "\(text) \($0.rawValue)" } ?? text
        case .question:
            // OFFSET keeps the question whole: each row's is asked through the index, row after row, however many rows or
            // whatever statistics there are.
            return """
                SELECT q.* FROM \(source(uniform, ordered: true)) \
                CROSS JOIN LATERAL (\(qualified(statement.text, uniform)) OFFSET 0) \
                AS q ORDER BY p.place
                """
        case .insertion(let table, let values, let resolution):
            return """
                INSERT INTO \(table) SELECT \(qualified(values, uniform)) \
                FROM \(source(uniform, ordered: false))\(resolution)
                """
        case .update(let table, let settings, let condition, let returning):
            return Self.ordered(returning) { tail, ordered in
                """
                UPDATE \(table) SET \(qualified(settings, uniform)) FROM \(source(uniform, ordered: ordered)) \
                WHERE \(qualified(condition, uniform))\(tail)
                """
            }
        case .updateOfAll(let table, let settings, let condition, let shortfall):
            let first = columns.indices.first { !uniform.contains($0) } ?? 0
            let isWhole = "count(*) = array_length($\(first + 1)::\(columns[first].postgresType), 1)"
            let test =
                switch shortfall {
                case .isMetOften: "1 / CASE WHEN \(isWhole) THEN 1::int8 ELSE 0 END"
                case .isLost: "\(Int64.max) + CASE WHEN \(isWhole) THEN 0::int8 ELSE 1 END"
                }
            return """
                WITH done AS (UPDATE \(table) SET \(qualified(settings, uniform)) \
                FROM \(source(uniform, ordered: false)) WHERE \(qualified(condition, uniform)) RETURNING 1) \
                SELECT \(test) FROM done
                """
        case .removal(let table, let condition, let returning):
            return Self.ordered(returning) { tail, ordered in
                """
                DELETE FROM \(table) USING \(source(uniform, ordered: ordered)) \
                WHERE \(qualified(condition, uniform))\(tail)
                """
            }
        }
    }

    /// Returns what a parameter goes by.
    private func name(_ index: Int, _ uniform: UniformColumns) -> String {
        uniform.contains(index) ? "$\(index + 1)::\(columns[index].type)" : "p.p\(index + 1)"
    }

    /// The parameters that differ as a table of rows, with each row's place among them or without.
    private func source(_ uniform: UniformColumns, ordered: Bool) -> String {
        let places = columns.indices.filter { !uniform.contains($0) }
        let arrays = places.map { "$\($0 + 1)::\(columns[$0].postgresType)" }.joined(separator: ", ")
        let list = (places.map { "p\($0 + 1)" } + (ordered ? ["place"] : [])).joined(separator: ", ")
        return "unnest(\(arrays))\(ordered ? " WITH ORDINALITY" : "") AS p(\(list))"
    }

    /// Returns a statement that returns what it touched in the order of the rows that it was run for.
    private static func ordered(_ returning: [String], _ statement: (String, Bool) -> String) -> String {
        guard !returning.isEmpty else { return statement("", false) }
        let list = returning.joined(separator: ", ")
        return
            "WITH done AS (\(statement(" RETURNING \(list), p.place", true))) SELECT \(list) FROM done ORDER BY place"
    }

    private func qualified(_ text: String, _ uniform: UniformColumns) -> String {
        Self.replacingParameters(in: text) { name($0 - 1, uniform) }
    }

    /// Puts something in the place of each parameter.
    private static func replacingParameters(in text: String, with replacement: (Int) -> String) -> String {
        var result = ""
        var rest = text[...]
        while let mark = rest.firstIndex(of: "?") {
            let digits = rest[rest.index(after: mark)...].prefix { $0.isASCII && $0.isNumber }
            result += rest[..<mark] + (Int(digits).map(replacement) ?? "?")
            rest = rest[digits.endIndex...]
        }
        return result + rest
    }
}

extension SQLColumn {
    /// The type of its values in PostgreSQL.
    fileprivate var type: String {
        switch self {
        case .integers: "int8"
        case .texts: "text"
        case .blobs: "bytea"
        }
    }
}
