/// Overwriting of memory that held a secret.
///
/// The functions are never inlined: where the compiler sees both the zeros and the end of the memory's life, it
/// leaves the zeros out.
enum SecretMemory {
    /// Overwrites the bytes with zeros and empties the array.
    ///
    /// The array must be the only owner of its storage, or a fresh copy is overwritten instead.
    @inline(never)
    static func erase(_ bytes: inout [UInt8]) {
        for index in bytes.indices {
            bytes[index] = 0
        }
        bytes.removeAll(keepingCapacity: true)
    }

    /// Overwrites the words with zeros.
    @inline(never)
    static func erase(_ words: inout SIMD8<UInt32>) {
        for index in words.indices {
            words[index] = 0
        }
    }
}
