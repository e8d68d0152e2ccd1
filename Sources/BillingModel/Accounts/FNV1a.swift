/// The 64-bit FNV-1a hash of parts that are divided by NUL: the same on every platform and in every process.
package struct FNV1a {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    package init(_ first: String) {
        mix(first)
    }

    private init(state: UInt64) {
        self.state = state
    }

    /// The hash of `consume`, which begins that of every use: each byte waits for the one before, so it is worth having.
    static let consume = FNV1a(state: 0x4008_267E_F6AC_ABE1)

    /// The hash of what was added so far.
    package var value: Int64 { Int64(bitPattern: state) }

    /// Returns the hash with a text added.
    func adding(_ text: String) -> FNV1a {
        var hash = self
        hash.add(text)
        return hash
    }

    mutating func add(_ text: String) {
        mix(0)
        mix(text)
    }

    /// Adds a number as its decimal digits.
    mutating func add(_ number: Int64) {
        mix(0)
        if number < 0 { mix(UInt8(ascii: "-")) }
        var rest = number.magnitude
        var place: UInt64 = 1
        while rest / place >= 10 { place *= 10 }
        while place > 0 {
            mix(UInt8(ascii: "0") + UInt8(rest / place))
            rest %= place
            place /= 10
        }
    }

    private mutating func mix(_ text: String) {
        let mixed = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in unsafe mixing(bytes) }
        guard let mixed else {
            for byte in text.utf8 { mix(byte) }
            return
        }
        self = mixed
    }

    private func mixing(_ bytes: UnsafeBufferPointer<UInt8>) -> FNV1a {
        var copy = self
        for index in bytes.indices { unsafe copy.mix(bytes[index]) }
        return copy
    }

    private mutating func mix(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
}
