import BillingTesting
import Foundation
import Testing

@Suite struct WritingAStoreTests {
    private let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    private func article() throws -> String {
        let path = "../../Sources/BillingTesting/Documentation.docc/WritingAStore.md"
        return try String(contentsOf: tests.appendingPathComponent(path).standardized, encoding: .utf8)
    }

    @Test func `every example of the article is part of the naive store or its tests`() throws {
        func unindented(_ text: some StringProtocol) -> String {
            text.split(separator: "\n").map { String($0.drop { $0 == " " }) }.joined(separator: "\n")
        }
        let parts = try article().components(separatedBy: "```")
        let examples = stride(from: 1, to: parts.count, by: 2).map { unindented(parts[$0].dropFirst("swift\n".count)) }
        let sources = try ["NaiveFileStore.swift", "NaiveFileStoreTests.swift"].map { name in
            unindented(try String(contentsOf: tests.appendingPathComponent(name), encoding: .utf8))
        }
        #expect(examples.count == 3)
        for example in examples {
            #expect(sources.contains { $0.contains(example) }, "\(example)")
        }
    }

    @Test func `every law that the article names is there`() throws {
        let named = try article().split(separator: "\n").filter { $0.hasPrefix("- `") }.compactMap { line in
            line.split(separator: "`").dropFirst().first.map(String.init)
        }
        #expect(named.count == 5)
        #expect(Set(named).subtracting(StoreLaw.all.map(\.name)).isEmpty)
    }
}
