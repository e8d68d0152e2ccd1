import Testing
import WebhookSignatures

@Suite struct ConstantTimeTests {
    @Test func `a difference of one bit is found at every place`() {
        let bytes = [UInt8](patternOf: 33)
        #expect(ConstantTime.areEqual(bytes, bytes.map { $0 }))
        for index in bytes.indices {
            for bit in 0..<8 {
                var other = bytes
                other[index] ^= 1 << UInt8(bit)
                #expect(!ConstantTime.areEqual(bytes, other), "bit \(bit) of byte \(index)")
            }
        }
    }

    @Test func `differences that cancel each other out are found`() {
        #expect(!ConstantTime.areEqual([1, 2], [2, 1]))
        #expect(!ConstantTime.areEqual([0xff, 0x01], [0xfe, 0x00]))
    }

    @Test func `strings of different lengths are never equal`() {
        let bytes = [UInt8](patternOf: 32)
        #expect(!ConstantTime.areEqual(bytes, []))
        #expect(!ConstantTime.areEqual([], bytes))
        #expect(!ConstantTime.areEqual(bytes, [UInt8](bytes.dropLast())))
        #expect(!ConstantTime.areEqual(bytes, bytes + [0]))
        #expect(ConstantTime.areEqual([], []))
    }
}
