/// Overwriting of memory that held a secret.
///
/// The functions are neither inlined nor optimized: where the compiler sees both the zeros and the end of the memory's
/// life, it leaves the zeros out. A test reads the machine code of the release build and finds them.
package enum SecretMemory {
    /// Overwrites the bytes with zeros and empties the array.
    ///
    /// The array must be the only owner of its storage, or a fresh copy is overwritten instead. It keeps its storage.
    @inline(never)
    @_optimize(none)
    package static func erase(_ bytes: inout [UInt8]) {
        for index in bytes.indices {
            bytes[index] = 0
        }
        bytes.removeAll(keepingCapacity: true)
    }

    /// Overwrites the words with zeros.
    @inline(never)
    @_optimize(none)
    package static func erase(_ words: inout SIMD8<UInt32>) {
        words = .zero
    }
}
