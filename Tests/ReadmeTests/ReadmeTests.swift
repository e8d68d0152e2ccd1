#if SQLite
import BillingKit
import Foundation
import Testing

/// The README's example is a file of this target, and it does what the README says.
@Suite struct ReadmeTests {
    private static let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    @Test func `the README shows the tested example, in at most 25 lines`() throws {
        let readme = try String(
            contentsOf: Self.here.appendingPathComponent("../../README.md"),
            encoding: .utf8
        )
        let example = try String(contentsOf: Self.here.appendingPathComponent("Use.swift"), encoding: .utf8)
        #expect(readme.contains("```swift\n\(example)```"))
        #expect(example.split(separator: "\n").count <= 25)
    }

    @Test func `the example works`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "billing-readme-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let billing = try await makeBilling(
            database: folder.appendingPathComponent("billing.sqlite").path,
            secret: "polar_whs_test"
        )
        #expect(try await write(job: "1", for: "org_acme", with: billing).contains("9 left"))
        #expect(try await write(job: "1", for: "org_acme", with: billing) == "Job 1 was written before.")
        for job in 2...10 { _ = try await write(job: "\(job)", for: "org_acme", with: billing) }
        #expect(try await write(job: "11", for: "org_acme", with: billing) == "This takes pro.")
    }
}
#endif
