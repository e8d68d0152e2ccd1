#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import Foundation
import Testing

extension Meter.ID {
    fileprivate static let documents = Meter.ID("documents")
}

/// The examples of the article "Your own tables in the same transaction".
@Suite struct OwnTablesArticleTests {
    func prepare(_ store: SQLiteStore, with billing: BillingSystem) async throws {
        try await store.transaction(with: billing) { transaction in
            try transaction.run("CREATE TABLE IF NOT EXISTS jobs (id TEXT PRIMARY KEY, org TEXT NOT NULL) STRICT")
        }
    }

    func submit(_ id: String, of org: CustomerID, _ store: SQLiteStore, _ billing: BillingSystem) async throws -> Bool {
        try await store.transaction(with: billing) { transaction in
            guard case .consumed = try transaction.consume(of: .documents, for: org, key: .job(id)) else {
                return false
            }
            try transaction.run(
                "INSERT INTO jobs (id, org) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                [.text(id), .text(org.rawValue)]
            )
            return true
        }
    }

    @Test func `the article shows the tested examples`() throws {
        let package = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized
        let article = package.appendingPathComponent("Sources/BillingSQLite/Documentation.docc/YourOwnTables.md")
        let parts = try String(contentsOf: article, encoding: .utf8).components(separatedBy: "```")
        let examples = stride(from: 1, to: parts.count, by: 2).map { parts[$0] }.filter { $0.hasPrefix("swift\n") }
        #expect(examples.count == 1)
        func unindented(_ text: some StringProtocol) -> String {
            text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n")
        }
        let here = unindented(try String(contentsOfFile: #filePath, encoding: .utf8))
        for example in examples { #expect(here.contains(unindented(example.dropFirst("swift\n".count))), "\(example)") }
    }

    @Test func `the examples do what the article says`() async throws {
        let folder = try TemporaryFolder()
        let store = try await SQLiteStore(folder.path("billing.sqlite"))
        let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [.documents: .limited(2, per: .month)])
        let catalog = try Catalog(
            version: 1,
            meters: [Meter(.documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
        let billing = try await BillingSystem(catalog: catalog, store: store)
        for _ in 0..<2 { try await prepare(store, with: billing) }
        for (id, isIn) in [("1", true), ("2", true), ("2", true), ("3", false)] {
            #expect(try await submit(id, of: "org_acme", store, billing) == isIn)
        }
        let ids = try await store.transaction(with: billing) { try $0.run("SELECT id FROM jobs ORDER BY id") }
        #expect(ids == [[.text("1")], [.text("2")]])
        await store.close()
    }
}
#endif
