import Testing
import WebhookSignatures

@Suite struct SecretMemoryTests {
    /// The bytes in an array's storage, those past its end too.
    private static func storage(of bytes: [UInt8], count: Int) -> (address: UnsafeRawPointer?, content: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            let storage = UnsafeRawBufferPointer(start: buffer.baseAddress, count: count)
            return (buffer.baseAddress, [UInt8](storage))
        }
    }

    @Test(arguments: [1, 2, 31, 32, 33, 64, 1000])
    func `erased bytes are zeros where they were`(count: Int) {
        var secret = [UInt8](repeating: 0xa5, count: count)
        let before = Self.storage(of: secret, count: count)
        #expect(before.content == [UInt8](repeating: 0xa5, count: count))
        SecretMemory.erase(&secret)
        let after = Self.storage(of: secret, count: count)
        #expect(after.address == before.address)
        #expect(after.content == [UInt8](repeating: 0, count: count))
        #expect(secret.isEmpty)
    }

    @Test func `nothing to erase is no trap`() {
        var nothing: [UInt8] = []
        SecretMemory.erase(&nothing)
        #expect(nothing.isEmpty)
    }

    @Test func `erased words are zeros`() {
        var words = SIMD8<UInt32>(1, 2, 3, 4, 5, 6, 7, .max)
        SecretMemory.erase(&words)
        #expect(words == .zero)
    }
}
