/// Chance that a seed determines: the same throws for the same seed, on every platform and in every build.
///
/// The generator is SplitMix64. The standard library's `random(in:using:)` is not used, because a later one may make
/// another number of the same bits.
struct Dice: Sendable {
    private var state: UInt64

    /// Creates dice whose throws follow from a seed and a name, so that each part of a world has its own.
    init(seed: UInt64, for name: StaticString) {
        var digest = Digest()
        name.withUTF8Buffer { digest.add($0) }
        state = seed ^ digest.value
    }

    /// Returns 64 bits.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// Returns a number from 0 up to, and without, a count.
    mutating func below(_ count: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(max(1, count))).high)
    }

    /// Returns a number of a range.
    mutating func number(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(below(Int(range.upperBound - range.lowerBound) + 1))
    }

    /// Returns whether something happens that does so many times in a thousand.
    mutating func happens(_ permille: Int) -> Bool {
        below(1_000) < permille
    }

    /// Returns one of the elements.
    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }

    /// Returns one of the elements, or `nil` where there is none.
    mutating func pickAny<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : pick(elements)
    }
}
