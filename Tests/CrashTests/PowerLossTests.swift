#if SQLite
import BillingSQLite
import Foundation
import SeededTesting
import Testing

/// The power goes at any moment, in the middle of any write: what is left is what was promised.
///
/// `BILLINGKIT_POWER_LOSSES` sets the number of losses; `make soak` has two thousand.
@Suite(.serialized) struct PowerLossTests {
    private static let lossesPerLife = 10

    private static func losses(otherwise count: Int) -> Int {
        ProcessInfo.processInfo.environment["BILLINGKIT_POWER_LOSSES"].flatMap { Int($0) } ?? count
    }

    private func run(_ durability: SQLiteStore.Durability, losses: Int, _ test: String) async throws
        -> PowerLossLife.Tally
    {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: test))
        var tally = PowerLossLife.Tally()
        while tally.losses < losses {
            let seed = generator.next()
            let disk = try PowerLossDisk()
            var life = try PowerLossLife(seed: seed, durability: durability, disk: disk)
            tally = tally + (try await life.run(losses: Self.lossesPerLife))
        }
        print("\(test): \(tally)")
        return tally
    }

    @Test func `at full durability nothing acknowledged is lost, nothing is doubled and no file is corrupt`()
        async throws
    {
        let tally = try await run(.full, losses: Self.losses(otherwise: 250), "power losses, full")
        #expect(tally.faults.isEmpty, "\(tally.faults.prefix(5))")
        #expect(tally.lost == 0)
        #expect(tally.corrupt == 0)
        // Else the power was never cut where it matters.
        #expect(tally.cuts[.log, default: 0] > 0)
        #expect(tally.cuts[.database, default: 0] > 0)
        #expect(tally.unansweredGone > 0)
        if tally.losses >= 1_000 { #expect(tally.unansweredThere > 0) }
    }

    @Test func `one durability less loses the latest and leaves the file sound`() async throws {
        let losses = Self.losses(otherwise: 250) / 5
        let tally = try await run(.losesLatestOnPowerLoss, losses: losses, "power losses, latest")
        #expect(tally.faults.isEmpty, "\(tally.faults.prefix(5))")
        #expect(tally.lost > 0, "the checker sees a loss")
        #expect(tally.corrupt == 0)
    }

    @Test func `the least durability loses files`() async throws {
        let losses = Self.losses(otherwise: 250) / 5
        let tally = try await run(.losesFileOnPowerLoss, losses: losses, "power losses, file")
        #expect(tally.lost > 0, "the checker sees a loss")
        #expect(tally.corrupt > 0, "the checker sees a file that is not whole")
    }
}
#endif
