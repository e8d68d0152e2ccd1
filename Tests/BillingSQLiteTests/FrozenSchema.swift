#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import BillingTesting
import Foundation
import Testing

/// A released version of the tables: the text of the migration that leads to it, and the rows of a file of that version
/// in which a customer has had everything.
///
/// A released text is never edited. While a version is being made, `BILLINGKIT_FREEZE_SCHEMA=1 make test ARGS='--filter
/// MigrationTests'` writes the newest anew.
struct FrozenSchema {
    let version: Int
    let tables: String
    let rows: String

    /// All of them, the first version first.
    static func all() throws -> [FrozenSchema] {
        var schemas: [FrozenSchema] = []
        while let tables = try text("\(schemas.count + 1).tables"), let rows = try text("\(schemas.count + 1).rows") {
            schemas.append(FrozenSchema(version: schemas.count + 1, tables: tables, rows: rows))
        }
        return schemas
    }

    private static func text(_ name: String) throws -> String? {
        let url = Bundle.module.url(forResource: name, withExtension: "sql", subdirectory: "Schemas")
        return try url.map { try String(contentsOf: $0, encoding: .utf8) }
    }

    /// Makes a file of this version with the rows in it.
    func make(at path: String) throws {
        let connection = try RawConnection(path: path)
        try connection.execute("BEGIN IMMEDIATE")
        for schema in try Self.all().prefix(version) { try connection.execute(schema.tables) }
        try connection.execute(rows)
        try connection.execute("COMMIT")
    }
}

extension FrozenSchema {
    /// When the migrations of a frozen file were applied.
    private static let appliedAt = Timestamp(seconds: 1_796_115_600)

    /// What a file of the newest version holds in which the laws have left everything.
    static func newest(at path: String) async throws -> FrozenSchema {
        let connection = try RawConnection(path: path)
        try connection.execute("BEGIN IMMEDIATE")
        try await connection.run(SQLSchema.preparation(at: appliedAt))
        try connection.execute("COMMIT")
        let store = try await SQLiteStore(path)
        for beginning in [
            "a life with everything in it is loaded again", "a finished delivery stays", "a catalog is kept",
            "a duty is one server's",
        ] {
            let law = try #require(StoreLaw.all.first { $0.name.hasPrefix(beginning) }, "\(beginning)")
            try await law.check { store }
        }
        await store.close()
        return FrozenSchema(
            version: SQLSchema.migrations.count,
            tables: try #require(SQLSchema.migrations.last).text,
            rows: try await connection.rowsAsText()
        )
    }

    /// Writes it into the sources of the tests.
    func freeze() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Schemas")
        try tables.write(to: folder.appendingPathComponent("\(version).tables.sql"), atomically: true, encoding: .utf8)
        try rows.write(to: folder.appendingPathComponent("\(version).rows.sql"), atomically: true, encoding: .utf8)
    }
}

extension RawConnection {
    /// Runs a question.
    func rows(_ sql: String) async throws(StoreError) -> [[SQLValue]] {
        try await run([SQLStep(SQLStatement(sql))]).first?.rows ?? []
    }

    /// The names of the tables.
    func tables() async throws(StoreError) -> [String] {
        try await rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").compactMap { row in
            if case .text(let name) = row.first { name } else { nil }
        }
    }

    /// The statements that write every row there is, in one order.
    fileprivate func rowsAsText() async throws(StoreError) -> String {
        var text = ""
        for table in try await tables() {
            let lines = try await rows("SELECT * FROM \(table)").map { row in
                "(" + row.map(\.literal).joined(separator: ", ") + ")"
            }
            if !lines.isEmpty { text += "INSERT INTO \(table) VALUES\n\(lines.sorted().joined(separator: ",\n"));\n\n" }
        }
        return text
    }

    /// What the tables and their indexes are made of, but not the words in which that was said.
    func structure() async throws(StoreError) -> [[SQLValue]] {
        let columns = try await rows(
            """
            SELECT m.name, m.type, p.name, p.type, p."notnull", p.dflt_value, p.pk FROM sqlite_schema AS m, \
            pragma_table_xinfo(m.name) AS p WHERE m.type = 'table' ORDER BY m.name, p.name
            """
        )
        let indexes = try await rows(
            """
            SELECT m.tbl_name, m.name, l."unique", l.partial, p.seqno, p.name, p."desc", p.coll, p."key" \
            FROM sqlite_schema AS m, pragma_index_list(m.tbl_name) AS l, pragma_index_xinfo(m.name) AS p \
            WHERE m.type = 'index' AND l.name = m.name ORDER BY m.tbl_name, m.name, p.seqno
            """
        )
        let triggers = try await rows(
            "SELECT tbl_name, name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"
        )
        return columns + indexes + triggers
    }
}

extension SQLValue {
    /// The value as it is written in a statement.
    fileprivate var literal: String {
        switch self {
        case .null: "NULL"
        case .integer(let integer): String(integer)
        case .text(let text): "'" + text.replacingOccurrences(of: "'", with: "''") + "'"
        case .blob(let bytes): "X'" + bytes.map { String(format: "%02X", $0) }.joined() + "'"
        }
    }
}
#endif
