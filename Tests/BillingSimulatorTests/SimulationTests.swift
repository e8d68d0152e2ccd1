import BillingSimulator
import Foundation
import SeededTesting
import Testing

/// Worlds of customers, servers and a store, each from a seed.
@Suite struct SimulationTests {
    /// How many worlds, or as many as the long suite asks for.
    static let worlds = ProcessInfo.processInfo.environment["BILLINGKIT_WORLDS"].flatMap { Int($0) } ?? 100

    @Test func `in every world the books balance`() throws {
        let seed = SeededGenerator.seed(for: "worlds")
        var tally = Tally()
        var steps = 0
        for number in 0..<UInt64(Self.worlds) {
            let report = try Simulation(seed: seed &+ number).run()
            tally.add(report.tally)
            steps += report.steps
            if let violation = report.violation {
                let end = String(decoding: report.trace.suffix(6_000), as: UTF8.self)
                Issue.record("BILLINGKIT_SEED=\(report.seed) BILLINGKIT_WORLDS=1: \(violation)\n\(end)")
                return
            }
        }
        print("worlds: \(Self.worlds), \(steps) steps\n\(tally)")
        // A single world is run again to see what it does, and need not do everything.
        if Self.worlds >= 100 { check(tally) }
    }

    /// Easy worlds prove nothing: what matters has to come up in one of twenty requests of its kind.
    private func check(_ tally: Tally) {
        let important: [(String, [String])] = [
            ("consume", ["applied", "denied", "repeated", "key reused"]),
            ("record", ["applied", "repeated", "key reused"]),
            ("reserve", ["applied", "denied"]),
            ("capture", ["applied", "repeated"]),
            ("release", ["applied", "gone"]),
            ("extend", ["applied", "gone"]),
            ("metered", ["applied", "denied", "repeated", "in progress", "work failed"]),
            ("refund", ["applied", "exceeds use", "repeated"]),
            ("correct", ["applied", "out of bounds", "repeated"]),
            ("grant", ["applied", "repeated"]),
            ("grant pack", ["applied", "repeated"]),
            ("void", ["applied", "gone"]),
            ("gauge", ["applied", "denied", "repeated"]),
            ("trial", ["applied", "refused"]),
            ("read", ["read"]),
        ]
        for (kind, outcomes) in important {
            for outcome in outcomes {
                #expect(tally.share(outcome, of: kind) >= 5, "\(kind) was too seldom \(outcome)")
            }
        }
        #expect(Set(important.map(\.0)) == Set(tally.outcomes.keys), "every kind of request is looked at")
        for outcome in ["already granted", "belongs to another"] {
            #expect(tally.share(outcome, of: "grant pack") > 0, "no pack was \(outcome)")
        }
        for kind in ["consume", "reserve", "capture", "metered", "grant"] {
            #expect(tally.share("lost", of: kind) > 0, "no answer to \(kind) was lost in a crash")
        }
        for hazard in Hazard.allCases {
            #expect(tally.hazards[hazard] ?? 0 >= Self.worlds / 10, "\(hazard.rawValue) came up too seldom")
        }
    }

    @Test func `a seed has one trace, byte for byte`() throws {
        let seed = SeededGenerator.seed(for: "one trace")
        let (first, again) = (try Simulation(seed: seed).run(), try Simulation(seed: seed).run())
        #expect(first.trace == again.trace)
        #expect(first.digest == again.digest)
        #expect(try Simulation(seed: seed &+ 1).run().trace != first.trace)
    }

    /// What the digests are hangs on every step that the engine takes: whoever changes it takes the new ones from the
    /// failure, once they are the same in debug and in release, and on every run.
    @Test(arguments: [
        (UInt64(1), UInt64(9_177_340_048_765_174_462)), (2, 5_529_067_161_149_031_954),
        (3, 11_893_880_379_039_740_123),
    ])
    func `a seed's trace is the same in every process and every build`(seed: UInt64, digest: UInt64) throws {
        let report = try Simulation(seed: seed, requests: 200).run()
        #expect(report.violation == nil)
        #expect(report.digest == digest, "the digest of seed \(seed) is \(report.digest)")
    }
}
