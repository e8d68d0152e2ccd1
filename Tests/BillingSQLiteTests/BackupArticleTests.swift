#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import Foundation
import Testing

/// The examples of the article "Backup and restore", and the steps that it describes.
@Suite struct BackupArticleTests {
    func backUp(_ store: SQLiteStore, into folder: String, on day: String) async throws(StoreError) -> String {
        let copy = "\(folder)/billing-\(day).sqlite"
        try await store.backup(to: copy)  // commits go on meanwhile
        return copy
    }

    func examine(_ path: String) async throws(StoreError) -> [SQLSchema.Finding] {
        let copy = try await SQLiteStore(path)  // opens like any store
        let findings = try await copy.checkIntegrity()
        await copy.close()
        return findings  // empty when the copy is sound
    }

    func openForImport(_ path: String) async throws(StoreError) -> SQLiteStore {
        try await SQLiteStore(path, durability: .losesFileOnPowerLoss)  // an import can be run again
    }

    private static let documents = Meter.ID("documents")

    private func system(_ store: SQLiteStore) async throws -> BillingSystem {
        let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [Self.documents: .limited(9, per: .month)])
        let catalog = try Catalog(
            version: 1,
            meters: [Meter(Self.documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
        return try await BillingSystem(catalog: catalog, store: store)
    }

    @Test func `the article shows the tested examples`() throws {
        let package = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized
        let article = package.appendingPathComponent("Sources/BillingSQLite/Documentation.docc/BackupAndRestore.md")
        let parts = try String(contentsOf: article, encoding: .utf8).components(separatedBy: "```")
        let examples = stride(from: 1, to: parts.count, by: 2).map { parts[$0] }.filter { $0.hasPrefix("swift\n") }
        #expect(examples.count == 3)
        func unindented(_ text: some StringProtocol) -> String {
            text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n")
        }
        let here = unindented(try String(contentsOfFile: #filePath, encoding: .utf8))
        for example in examples { #expect(here.contains(unindented(example.dropFirst("swift\n".count))), "\(example)") }
    }

    @Test func `a backup is restored in the way that the article says`() async throws {
        let folder = try TemporaryFolder()
        let files = FileManager.default
        let path = folder.path("billing.sqlite")
        let store = try await openForImport(path)
        let billing = try await system(store)
        _ = try await billing.consume(3, of: Self.documents, for: "org_acme", key: .request("1"))
        let copy = try await backUp(store, into: folder.path(""), on: "monday")
        _ = try await billing.consume(2, of: Self.documents, for: "org_acme", key: .request("2"))
        await store.close()

        for name in ["", "-wal", "-shm"] where files.fileExists(atPath: path + name) {
            try files.moveItem(atPath: path + name, toPath: folder.path("old\(name)"))
        }
        #expect(files.fileExists(atPath: path + ".lock"))
        try files.copyItem(atPath: copy, toPath: path)
        #expect(try await examine(path).isEmpty)

        let restored = try await SQLiteStore(path)
        let again = try await system(restored)
        #expect(try await again.overview(of: "org_acme")[Self.documents]?.used == 3)
        _ = try await again.consume(2, of: Self.documents, for: "org_acme", key: .request("2"))
        #expect(try await again.overview(of: "org_acme")[Self.documents]?.used == 5, "the repeat is done once more")
        await restored.close()
    }

    @Test func `a closed store is one file beside its lock`() async throws {
        let folder = try TemporaryFolder()
        let store = try await SQLiteStore(folder.path("billing.sqlite"))
        _ = try await system(store).consume(of: Self.documents, for: "org_acme", key: .request("1"))
        _ = try await store.catalogVersions()
        _ = try await store.checkIntegrity()
        await store.close()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(""))
        #expect(Set(names) == ["billing.sqlite", "billing.sqlite.lock"])
    }
}
#endif
