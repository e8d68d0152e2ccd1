public import BillingKit

/// A source of bits that a seed determines.
///
/// The generator is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
public final class SeededEntropy: BillingEntropy {
    private let state: Lock<UInt64>

    /// Creates the source from a seed.
    public init(seed: UInt64) {
        state = Lock(seed)
    }

    /// Returns the next 64 bits of the sequence.
    public func next() -> UInt64 {
        state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            var bits = state
            bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
            bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
            return bits ^ (bits >> 31)
        }
    }
}
