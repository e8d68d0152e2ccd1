#if SQLite
import Foundation

/// What the article "The tables" says, in a form that can be compared with a database.
struct TablesArticle {
    /// A column as the article describes it.
    struct Column: Hashable, CustomStringConvertible {
        let name: String
        let type: String
        let isOptional: Bool

        var description: String { "\(name) \(type)\(isOptional ? ", NULL" : "")" }
    }

    /// The columns of each table, in their order.
    private(set) var tables: [String: [Column]] = [:]

    /// The queries by the titles above them.
    private(set) var queries: [String: String] = [:]

    init() throws {
        let package = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized
        let file = package.appendingPathComponent("Sources/BillingSQLite/Documentation.docc/TheTables.md")
        var title = ""
        var query: [String]?
        for line in try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n") {
            if let lines = query {
                guard line == "```" else {
                    query?.append(line)
                    continue
                }
                queries[title] = lines.joined(separator: "\n")
                query = nil
            } else if line.hasPrefix("### ") {
                title = String(line.dropFirst(4))
            } else if line == "```sql" {
                query = []
            } else if title.hasPrefix("billing_") {
                tables[title, default: []] += columns(of: line)
            }
        }
    }

    /// Returns the columns that a line tells of: its own, or those of another table.
    private func columns(of line: String) -> [Column] {
        if let rest = line.split(separator: "Then the columns of `").first, rest != line[...] {
            let name = rest.prefix { $0 != "`" }
            return (tables[String(name)] ?? []).filter { $0.name != "customer" }
        }
        let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        guard line.hasPrefix("| `"), cells.count == 3, !cells[2].isEmpty else { return [] }
        let type = cells[1].components(separatedBy: ", ")
        guard ["INTEGER", "TEXT", "BLOB"].contains(type[0]) else { return [] }
        return [Column(name: cells[0].filter { $0 != "`" }, type: type[0], isOptional: type.last == "NULL")]
    }
}
#endif
