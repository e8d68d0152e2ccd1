extension HMACSHA256 {
    /// A key of which the part of the computation that depends on the key alone is already done.
    ///
    /// Preparing a key costs two to four compressions, which every message under that key then saves. The two
    /// chaining values that are kept are as good as the key to a forger: they are shown by no print, dump or
    /// mirror, cannot be encoded, and are overwritten with zeros when the last copy of the value goes away.
    ///
    /// Overwriting has its limits: what the caller keeps (the string or array the key came from) and what the
    /// compiler left in registers and on the stack is out of reach.
    public struct Key: Sendable {
        private let midstates: Midstates

        /// Prepares a key.
        ///
        /// - Parameter bytes: The key, of any length. A key of more than 64 bytes is hashed first, RFC 2104
        ///   section 2. An empty key is a key to HMAC, though it protects nothing.
        public init(_ bytes: [UInt8]) {
            var innerPad = [UInt8](repeating: 0x36, count: SHA256.blockByteCount)
            var outerPad = [UInt8](repeating: 0x5c, count: SHA256.blockByteCount)
            if bytes.count > SHA256.blockByteCount {
                var digest = SHA256.hash(bytes).bytes
                Self.mix(digest, into: &innerPad, &outerPad)
                SecretMemory.erase(&digest)
            } else {
                Self.mix(bytes, into: &innerPad, &outerPad)
            }
            self.midstates = Midstates(
                inner: Self.midstate(after: innerPad),
                outer: Self.midstate(after: outerPad)
            )
            SecretMemory.erase(&innerPad)
            SecretMemory.erase(&outerPad)
        }

        /// A hash that has seen the inner pad.
        var innerHasher: SHA256 {
            SHA256(resumingFrom: midstates.inner, after: UInt64(SHA256.blockByteCount))
        }

        /// A hash that has seen the outer pad.
        var outerHasher: SHA256 {
            SHA256(resumingFrom: midstates.outer, after: UInt64(SHA256.blockByteCount))
        }

        private static func mix(_ key: [UInt8], into innerPad: inout [UInt8], _ outerPad: inout [UInt8]) {
            for index in key.indices {
                innerPad[index] ^= key[index]
                outerPad[index] ^= key[index]
            }
        }

        private static func midstate(after pad: [UInt8]) -> SIMD8<UInt32> {
            var hasher = SHA256()
            hasher.update(pad)
            return hasher.midstate
        }
    }
}

extension HMACSHA256.Key: CustomStringConvertible, CustomReflectable {
    /// The name of the type, without anything of the key.
    public var description: String {
        "HMACSHA256.Key(…)"
    }

    /// A mirror without children, so that a dump shows nothing of the key.
    public var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .struct)
    }
}

extension HMACSHA256.Key {
    /// The one place in memory that holds the chaining values of a key.
    ///
    /// A class, because only an object can tell when its last user is gone. `@unchecked`, because erasing needs
    /// variables: they are written by the initializer and by `deinit` alone, when no other thread can look.
    private final class Midstates: @unchecked Sendable {
        private(set) var inner: SIMD8<UInt32>
        private(set) var outer: SIMD8<UInt32>

        init(inner: SIMD8<UInt32>, outer: SIMD8<UInt32>) {
            self.inner = inner
            self.outer = outer
        }

        deinit {
            SecretMemory.erase(&inner)
            SecretMemory.erase(&outer)
        }
    }
}
