#if AcceleratedSHA256 && arch(x86_64)
import Foundation
import SeededTesting
import Testing
import WebhookSignatures

/// The processor's extensions against the pure code, where the trait `AcceleratedSHA256` is on.
///
/// All the other suites use whichever of the two this processor leads to.
@Suite struct BackendTests {
    private static let hasExtensions = SHA256.processorHasExtensions

    private static func state(_ generator: inout SeededGenerator) -> SIMD8<UInt32> {
        var state = SIMD8<UInt32>.zero
        for index in state.indices {
            state[index] = UInt32.random(in: 0...UInt32.max, using: &generator)
        }
        return state
    }

    private static func compressed(_ state: SIMD8<UInt32>, _ bytes: [UInt8], byExtensions: Bool?) -> SIMD8<UInt32> {
        var state = state
        bytes.withUnsafeBytes { bytes in
            let blocks = RawSpan(_unsafeBytes: bytes)
            if let byExtensions {
                SHA256.compress(&state, blocks, byExtensions: byExtensions)
            } else {
                SHA256.compressPortably(&state, blocks)
            }
        }
        return state
    }

    @Test(.enabled(if: hasExtensions, "this processor has no SHA extensions"))
    func `the extensions and the pure code find the same, from any state and at any address`() {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "back ends"))
        for _ in 0..<500 {
            let count = Int.random(in: 0...400, using: &generator)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let state = Self.state(&generator)
            let pure = Self.compressed(state, bytes, byExtensions: nil)
            #expect(Self.compressed(state, bytes, byExtensions: true) == pure)
            #expect((pure == state) == (count < 64))
        }
    }

    #if os(Linux)
    @Test func `the extensions are found where the system lists all three of them`() throws {
        let listing = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
        let line = try #require(listing.split(separator: "\n").first { $0.hasPrefix("flags") })
        let flags = Set(line.split(whereSeparator: \.isWhitespace))
        try #require(flags.contains("sse2"), "every processor of this kind has it")
        #expect(SHA256.processorHasExtensions == flags.isSuperset(of: ["sha_ni", "ssse3", "sse4_1"]))
    }
    #endif

    @Test func `a processor without extensions gets the pure code`() {
        let bytes = [UInt8](patternOf: 128)
        let state = SIMD8<UInt32>(repeating: 7)
        #expect(
            Self.compressed(state, bytes, byExtensions: false) == Self.compressed(state, bytes, byExtensions: nil)
        )
    }
}
#endif
