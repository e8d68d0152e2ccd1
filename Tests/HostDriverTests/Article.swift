#if Postgres
import Foundation

/// An article of the documentation, with the examples in it.
struct Article {
    /// The articles that have examples.
    static let names = ["RunningOnPostgreSQL", "SeveralServers", "YourOwnConnection", "DistributingByCustomer"]

    private let parts: [String]

    init(_ name: String) throws {
        let package = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized
        let file = package.appendingPathComponent("Sources/BillingPostgres/Documentation.docc/\(name).md")
        let text = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "```")
        parts = stride(from: 1, to: text.count, by: 2).map { text[$0] }
    }

    /// The examples in a language.
    func examples(in language: String) -> [String] {
        parts.filter { $0.hasPrefix("\(language)\n") }.map { String($0.dropFirst(language.count + 1)) }
    }

    /// The languages of the examples.
    var languages: Set<String> {
        Set(parts.map { String($0.prefix { $0 != "\n" }) })
    }
}
#endif
