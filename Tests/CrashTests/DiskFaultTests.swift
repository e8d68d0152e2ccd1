#if SQLite
import BillingKit
import BillingSQLite
import Foundation
import SeededTesting
import Testing

/// Every call of SQLite's on the disk fails once: the caller is told so clearly, and nothing is half done.
///
/// `BILLINGKIT_EVERY_CALL=1` tries each call of a flow, as `make soak` does; else a part of them, by chance.
@Suite(.serialized) struct DiskFaultTests {
    private static var isWhole: Bool { ProcessInfo.processInfo.environment["BILLINGKIT_EVERY_CALL"] == "1" }

    /// Runs a flow with each of its calls failing, or with one of each so many, and returns how many that were.
    private func sweep(_ generator: inout SeededGenerator, _ body: (Int) async throws -> Bool) async throws -> Int {
        var (call, count) = (1, 0)
        while try await body(call) {
            count += 1
            call += Self.isWhole ? 1 : Int.random(in: 1...7, using: &generator)
        }
        return count
    }

    @Test(arguments: PowerLossDisk.Fault.allCases)
    func `a commit fails with the reason and is not there, or its outcome is unknown`(
        fault: PowerLossDisk.Fault
    ) async throws {
        let test = "disk faults, \(fault)"
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: test))
        var tally = PowerLossLife.Tally()
        let seed = generator.next()
        let count = try await sweep(&generator) { call in
            var struck = false
            for isKilled in [false, true] {
                let disk = try PowerLossDisk()
                var life = try PowerLossLife(seed: seed, durability: .full, disk: disk)
                tally = tally + (try await life.run(failing: fault, atCall: call, isKilled: isKilled))
                struck = disk.failures > 0
            }
            return struck
        }
        let errors = tally.errors.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key)" }
        print("\(test): \(count) calls failed; \(tally); errors: \(errors.joined(separator: ", "))")
        #expect(count > 0)
        #expect(tally.faults.isEmpty, "\(tally.faults.prefix(5))")
        #expect(tally.lost == 0)
    }

    @Test(arguments: PowerLossDisk.Fault.allCases)
    func `every command is done once when it is asked for again`(fault: PowerLossDisk.Fault) async throws {
        let test = "disk faults under a system, \(fault)"
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: test))
        var codes: [StoreError.Code: Int] = [:]
        let count = try await sweep(&generator) { call in
            let disk = try PowerLossDisk()
            disk.fail(fault, atCall: call)
            var settings = SQLiteSettings()
            settings.fileSystem = disk.name
            settings.checkpointBytes = 30 * settings.pageBytes
            settings.cacheKibibytes = 64
            let flow = try SystemFlow(
                open: { [settings] () throws(StoreError) in
                    let store = try await SQLiteStore("/billing.sqlite", settings: settings)
                    return (store, store)
                },
                mend: { disk.mend() }
            )
            let told = try await flow.run()
            for code in told { codes[code, default: 0] += 1 }
            return disk.failures > 0
        }
        let told = codes.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key)" }
        print("\(test): \(count) calls failed; callers were told: \(told.joined(separator: ", "))")
        #expect(count > 0)
    }
}
#endif
