import Foundation

/// All that one program has measured: printed as it grows, written as JSON at the end.
package struct Report: Encodable {
    /// What the program measures.
    package let title: String

    /// Where it was measured.
    package let machine = Machine()

    /// What is in the figures and what is not.
    package let notes: [String]

    /// What was printed.
    package private(set) var tables: [Table] = []

    /// Every round of what was timed.
    package private(set) var timings: [Timing] = []

    /// Prints a report's head, lets it be filled, and ends the program: with 1 when something failed.
    package static func make(
        _ title: String,
        notes: [String],
        _ fill: (inout Report, Arguments) throws -> Void
    ) -> Never {
        do {
            let arguments = try Arguments(CommandLine.arguments.dropFirst())
            var report = Report(title, notes: notes)
            try fill(&report, arguments)
            try report.write(to: arguments.output)
            exit(0)
        } catch {
            FileHandle.standardError.write(Data("\(title): \(error)\n".utf8))
            exit(1)
        }
    }

    /// Does the same for what has to be awaited.
    package static func make(
        _ title: String,
        notes: [String],
        _ fill: (inout Report, Arguments) async throws -> Void
    ) async -> Never {
        do {
            let arguments = try Arguments(CommandLine.arguments.dropFirst())
            var report = Report(title, notes: notes)
            try await fill(&report, arguments)
            try report.write(to: arguments.output)
            exit(0)
        } catch {
            FileHandle.standardError.write(Data("\(title): \(error)\n".utf8))
            exit(1)
        }
    }

    private init(_ title: String, notes: [String]) {
        self.title = title
        self.notes = notes
        print("\(title)\n\(machine)")
        for note in notes { print("- \(note)") }
    }

    /// Keeps every round of some workloads.
    package mutating func keep(_ timings: [Timing]) {
        self.timings += timings
    }

    /// Prints a table and keeps it.
    package mutating func show(_ table: Table) {
        print("\n\(table)")
        tables.append(table)
    }

    /// Writes everything to a file, where one is named.
    private func write(to path: String?) throws {
        guard let path else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(self).write(to: URL(filePath: path), options: .atomic)
    }
}
