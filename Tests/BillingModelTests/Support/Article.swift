import Foundation
import Testing

/// An article of the module's documentation, whose examples are also the code of a test.
struct Article {
    /// All of it.
    let text: String

    /// The Swift code of the article, one text for each block.
    let examples: [String]

    /// Reads an article by its name.
    init(_ name: String) throws {
        let package = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../..").standardized
        let file = package.appendingPathComponent("Sources/BillingModel/Documentation.docc/\(name).md")
        text = try String(contentsOf: file, encoding: .utf8)
        let parts = text.components(separatedBy: "```")
        // Every second part lies between fences.
        examples = stride(from: 1, to: parts.count, by: 2).map { parts[$0] }.filter { $0.hasPrefix("swift\n") }
            .map { String($0.dropFirst("swift\n".count)) }
    }

    /// Expects every example to stand in a source file as it is, but for its indentation.
    func expectExamples(in file: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try expectExamples(in: [file], sourceLocation: sourceLocation)
    }

    /// Expects every example to stand in one of some source files as it is, but for its indentation.
    func expectExamples(in files: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
        func unindented(_ text: String) -> String {
            text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n")
        }
        let sources = try files.map { unindented(try String(contentsOfFile: $0, encoding: .utf8)) }
        #expect(!examples.isEmpty, sourceLocation: sourceLocation)
        for example in examples {
            let isThere = sources.contains { $0.contains(unindented(example)) }
            #expect(isThere, "\(example)", sourceLocation: sourceLocation)
        }
    }
}
