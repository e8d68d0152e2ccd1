import Testing
import WebhookSignatures

@Suite struct ConstantTimeTests {
    private static let words = SIMD8<UInt32>(1, .max, 3, 0, 0x8000_0000, 6, 7, 0x0123_4567)

    @Test func `a difference of one bit is found at every place`() {
        #expect(ConstantTime.areEqual(Self.words, Self.words))
        for index in Self.words.indices {
            for bit in 0..<32 {
                var other = Self.words
                other[index] ^= 1 << UInt32(bit)
                #expect(!ConstantTime.areEqual(Self.words, other), "bit \(bit) of word \(index)")
                #expect(!ConstantTime.areEqual(other, Self.words), "bit \(bit) of word \(index)")
            }
        }
    }

    @Test func `differences that cancel each other out are found`() {
        #expect(!ConstantTime.areEqual(SIMD8(1, 2, 0, 0, 0, 0, 0, 0), SIMD8(2, 1, 0, 0, 0, 0, 0, 0)))
        #expect(!ConstantTime.areEqual(.zero, SIMD8(repeating: .max)))
    }

    @Test func `codes of another length are never right`() {
        let key = HMACSHA256.Key([1])
        let code = HMACSHA256.authenticationCode(for: [], using: key)
        #expect(code.matches(code.bytes))
        for length in [0, 1, 31, 33, 64] {
            let other = (0..<length).map { code.bytes[$0 % 32] }
            #expect(!code.matches(other), "\(length) bytes")
        }
    }
}
