import Foundation
import SignatureFuzzing
import Testing

/// What a fuzzer once found, and what it began with, given to the same targets again.
@Suite struct ReplayTests {
    private static let inputs = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fuzzing/Inputs")

    @Test(arguments: FuzzTarget.allCases)
    func `no input that was kept traps`(target: FuzzTarget) throws {
        for seed in target.seeds {
            target.run(seed)
        }
        let directory = Self.inputs.appending(path: target.rawValue)
        let files = try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
        #expect(!files.isEmpty, "make fuzz keeps its inputs there")
        for file in files {
            target.run([UInt8](try Data(contentsOf: file)))
        }
    }
}
