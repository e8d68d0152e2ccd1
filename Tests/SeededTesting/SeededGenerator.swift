import Foundation

/// SplitMix64, so that a failing run can be repeated from its seed.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// Creates a generator whose numbers follow from a seed.
    package init(seed: UInt64) {
        self.state = seed
    }

    /// Returns the next number.
    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// The seed of the environment, or a new one, printed with the name of the test that uses it.
    package static func seed(for test: String) -> UInt64 {
        let given = ProcessInfo.processInfo.environment["BILLINGKIT_SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: 0 ... .max)
        print("\(test): BILLINGKIT_SEED=\(seed)")
        return seed
    }
}
