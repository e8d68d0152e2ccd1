#if SQLite
import BillingSQL
import BillingSQLite
import Foundation
import SeededTesting
import Testing

/// The quick start as a program: killed at any moment, it goes on where it was.
@Suite(
    .serialized,
    .enabled(if: Program.path != nil, "set BILLINGKIT_QUICKSTART to the built quick start, as `make test` does")
)
struct QuickStartTests {
    @Test func `the whole story is told`() async throws {
        let folder = try Folder()
        let run = try await Program.run(in: folder)
        #expect(run.status == 0, "\(run.lines.joined(separator: "\n"))")
        #expect(run.lines.last?.hasPrefix("Everything was as it should be") == true)
        #expect(run.lines.count { $0.contains("  applied") } == 29)
        #expect(run.lines.count { $0.contains("stale: ") } == 12)
        #expect(run.lines.count { $0.contains("ignored: ") } == 1)
        #expect(run.lines.count { $0.contains("401  refused: ") } == 2)
    }

    @Test func `killed at any of 20 moments, nothing is counted twice and nothing acknowledged is lost`() async throws {
        let whole = try Folder()
        #expect(try await Program.run(in: whole).status == 0)
        let wanted = try await Ledger(of: whole)
        #expect(wanted.units.count == 26, "the story's work is 21 job descriptions and 5 batches of screenings")

        let seed = Program.seed
        print("kill moments: BILLINGKIT_SEED=\(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let folder = try Folder()
            let moment = Program.Moment(
                line: Int.random(in: 0..<120, using: &generator),
                microseconds: UInt32.random(in: 0..<8_000, using: &generator)
            )
            let killed = try await Program.run(in: folder, killedAt: moment)
            let resumed = try await Program.run(in: folder)
            #expect(resumed.status == 0, "after a kill at \(moment): \(resumed.lines.joined(separator: "\n"))")

            let ledger = try await Ledger(of: folder)
            #expect(ledger.units == wanted.units, "every piece of work is counted once, after a kill at \(moment)")
            #expect(ledger.drawn == wanted.drawn, "the sums are those of a whole run, after a kill at \(moment)")
            #expect(ledger.deliveries == wanted.deliveries, "every delivery is finished, after a kill at \(moment)")
            for receipt in killed.receipts {
                #expect(
                    ledger.keys[receipt.revision] == receipt.key,
                    "receipt \(receipt.revision) was acknowledged and is there, after a kill at \(moment)"
                )
            }
        }
    }

    @Test func `a second process is refused with the reason`() async throws {
        let folder = try Folder()
        let store = try await SQLiteStore(folder.database)
        let run = try await Program.run(in: folder)
        #expect(run.status == 1)
        let reason = try #require(run.lines.last)
        #expect(reason.contains("is open in process \(ProcessInfo.processInfo.processIdentifier)"), "\(reason)")
        #expect(reason.contains("belongs to one process"), "\(reason)")
        await store.close()
        #expect(try await Program.run(in: folder).status == 0)
    }
}
#endif
