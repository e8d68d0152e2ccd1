/// Lines of cells under a title, for people; the first column is text, the others are numbers.
package struct Table: Encodable, CustomStringConvertible {
    /// What the table shows.
    package let title: String

    /// The heads of the columns.
    package let columns: [String]

    /// The cells, line by line.
    package private(set) var rows: [[String]] = []

    /// Creates a table without lines.
    package init(_ title: String, columns: [String]) {
        self.title = title
        self.columns = columns
    }

    /// Adds a line, one cell for each column.
    package mutating func add(_ cells: [String]) {
        precondition(cells.count == columns.count)
        rows.append(cells)
    }

    /// The table as plain text.
    package var description: String {
        let lines = [columns] + rows
        let widths = columns.indices.map { column in lines.map(\.[column].count).max() ?? 0 }
        let text = lines.map { cells in
            let padded = cells.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - cells[column].count)
                return column == 0 ? cells[column] + padding : padding + cells[column]
            }
            return "  " + padded.joined(separator: "   ")
        }
        return ([title] + text).joined(separator: "\n")
    }
}
