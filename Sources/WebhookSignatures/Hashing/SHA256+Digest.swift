extension SHA256 {
    /// The 32 bytes that SHA-256 computes from a message.
    ///
    /// Two digests are compared in constant time. A digest is not a secret and prints as lowercase hexadecimal.
    /// A digest over a key is one: use ``HMACSHA256`` for that, whose codes do not print.
    public struct Digest: Sendable {
        private let words: SIMD8<UInt32>

        init(words: SIMD8<UInt32>) {
            self.words = words
        }

        /// The 32 bytes of the digest, in the order of FIPS 180-4.
        public var bytes: [UInt8] {
            SHA256.bytes(of: words)
        }
    }

    /// Returns the big-endian bytes of a chaining value.
    static func bytes(of words: SIMD8<UInt32>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        for index in words.indices {
            let word = words[index]
            bytes.append(UInt8(truncatingIfNeeded: word &>> 24))
            bytes.append(UInt8(truncatingIfNeeded: word &>> 16))
            bytes.append(UInt8(truncatingIfNeeded: word &>> 8))
            bytes.append(UInt8(truncatingIfNeeded: word))
        }
        return bytes
    }

    /// Returns the chaining value that 32 big-endian bytes stand for, or `nil` for any other number of them.
    static func words(of bytes: [UInt8]) -> SIMD8<UInt32>? {
        guard bytes.count == byteCount else {
            return nil
        }
        var words: SIMD8<UInt32> = .zero
        for (index, byte) in bytes.enumerated() {
            words[index / 4] = words[index / 4] &<< 8 | UInt32(byte)
        }
        return words
    }
}

extension SHA256.Digest: Hashable {
    /// Returns whether two digests are the same, in a time that does not depend on where they differ.
    ///
    /// - Parameters:
    ///   - lhs: A digest.
    ///   - rhs: Another digest.
    /// - Returns: Whether all 32 bytes agree.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        ConstantTime.areEqual(lhs.words, rhs.words)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words)
    }
}

extension SHA256.Digest: CustomStringConvertible {
    /// The digest as 64 lowercase hexadecimal digits.
    public var description: String {
        Hexadecimal.encode(bytes)
    }
}
