/// Where the kit gets chance from: names for work that has no key of its own, and the spread of retries.
///
/// Nothing that is decided depends on it. A host uses ``SystemEntropy``; a test gives a seed.
public protocol BillingEntropy: Sendable {
    /// Returns 64 random bits.
    func next() -> UInt64
}

extension BillingEntropy {
    /// Returns a name of 32 hexadecimal digits that no one else has.
    func nextName() -> String {
        [next(), next()].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

/// The system's source of random bits.
public struct SystemEntropy: BillingEntropy {
    /// Creates the source.
    public init() {}

    /// Returns 64 random bits.
    public func next() -> UInt64 {
        UInt64.random(in: .min ... .max)
    }
}
