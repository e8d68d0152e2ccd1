import BillingModel

/// The step from one version of the tables to the next.
///
/// Once a release has it, it never changes: files out there were made by it as it was. Its checksum is recorded where it
/// is applied, and what was made by another text under the same number is refused.
package struct SQLMigration: Sendable {
    /// What it does, in a few words.
    package let name: String

    /// The statements, in order, each without a semicolon at its end.
    package let statements: [String]

    /// Creates a migration.
    ///
    /// - Parameters:
    ///   - name: What it does, in a few words.
    ///   - statements: The statements, in order, each without a semicolon at its end. They run inside a transaction,
    ///     and may take the tables as the migrations before left them.
    package init(_ name: String, _ statements: [String]) {
        self.name = name
        self.statements = statements
    }

    /// Creates a migration from the text of its statements, which a semicolon and an empty line separate.
    init(_ name: String, separatedBySemicolons text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let statements = lines.split(separator: "").map { $0.joined(separator: "\n") }
        self.init(name, statements.map { String($0.last == ";" ? $0.dropLast() : $0[...]) })
    }

    /// Everything that it runs, as one text.
    package var text: String {
        statements.map { $0 + ";\n" }.joined(separator: "\n")
    }

    /// What tells the text from any other.
    ///
    /// It is there against mistakes, so a hash that nobody tries to meet is enough.
    package var checksum: Int64 { FNV1a(text).value }
}
