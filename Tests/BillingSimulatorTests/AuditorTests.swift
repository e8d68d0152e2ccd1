import BillingSimulator
import Foundation
import Testing

/// Stores that are wrong in one thing each, and the auditor that has to find it.
@Suite struct AuditorTests {
    /// The worlds within which each flaw has to be found.
    static let worlds: UInt64 = 40

    @Test(arguments: BrokenStore.Flaw.allCases)
    func `the auditor finds what a broken store does`(flaw: BrokenStore.Flaw) throws {
        for seed in 1...Self.worlds {
            let report = try Simulation(seed: seed).run(on: BrokenStore(flaw))
            guard let violation = report.violation else { continue }
            print("\(flaw.rawValue), seed \(seed): \(violation)")
            return
        }
        Issue.record("\(flaw.rawValue) was not found in \(Self.worlds) worlds")
    }
    @Test func `the auditor uses nothing that the model reckons`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.appending(path: "Sources/BillingSimulator/Auditing")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(files.count >= 6)
        let reckonings = [
            "decide(", "apply(", "folding:", "overview(at", "findings(against", "burnsBefore", "dueAt",
            "grant.remaining",
            "hold.allParts", "Draft", "Facts",
        ]
        for file in files {
            let source = try String(contentsOf: file, encoding: .utf8)
            for reckoning in reckonings where source.contains(reckoning) {
                Issue.record("\(file.lastPathComponent) uses \(reckoning)")
            }
        }
    }
}
