#if SQLite
import BillingKit
import BillingSQLite
import Foundation
import Testing

/// The README's examples are files of this target, and they do what the README says.
@Suite struct ReadmeTests {
    private static let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    @Test(arguments: ["Use.swift", "Try.swift"])
    func `the README shows the tested example, in at most 25 lines`(file: String) throws {
        let readme = try String(contentsOf: Self.here.appendingPathComponent("../../README.md"), encoding: .utf8)
        let example = try String(contentsOf: Self.here.appendingPathComponent(file), encoding: .utf8)
        #expect(readme.contains("```swift\n\(example)```"))
        #expect(example.count { $0 == "\n" } <= 25)
    }

    @Test func `the examples work`() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("billing-readme-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try await SQLiteStore(folder.appendingPathComponent("billing.sqlite").path)
        let billing = try await makeBilling(store: store, secret: "polar_whs_test", product: "prod_1")
        #expect(try await write(job: "1", for: "org_acme", with: billing).contains("9 left"))
        #expect(try await write(job: "1", for: "org_acme", with: billing) == "Job 1 was written before.")
        for job in 2...10 { _ = try await write(job: "\(job)", for: "org_acme", with: billing) }
        #expect(try await write(job: "11", for: "org_acme", with: billing) == "This takes pro.")
        try await subscribe("org_acme", to: "prod_1", with: billing, secret: "polar_whs_test")
        #expect(try await write(job: "11", for: "org_acme", with: billing).contains("49 left"))
        for job in 12...60 { _ = try await write(job: "\(job)", for: "org_acme", with: billing) }
        #expect(try await write(job: "61", for: "org_acme", with: billing).hasPrefix("Used up until 20"))
        await store.close()
    }
}
#endif
