/// The 64-bit FNV-1a hash of bytes as they come.
struct Digest: Hashable, Sendable {
    /// The hash of what came so far.
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Takes bytes in.
    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    }
}
