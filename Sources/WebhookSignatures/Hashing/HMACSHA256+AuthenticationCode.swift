extension HMACSHA256 {
    /// The 32 bytes that prove that a message was made by a holder of the key.
    ///
    /// Two codes are compared in constant time. A code that was computed here, to be compared with a received one,
    /// is a valid signature of that message: it is shown by no print, dump or mirror, and belongs in no log.
    public struct AuthenticationCode: Sendable, Equatable {
        let words: SIMD8<UInt32>

        init(words: SIMD8<UInt32>) {
            self.words = words
        }

        /// The 32 bytes of the code, in the order of RFC 2104.
        public var bytes: [UInt8] {
            SHA256.bytes(of: words)
        }

        /// Returns whether received bytes are this code.
        ///
        /// - Parameter received: The bytes to judge. Any length but 32 is refused.
        /// - Returns: Whether all bytes agree, found in a time that does not depend on where they differ.
        public func matches(_ received: [UInt8]) -> Bool {
            SHA256.words(of: received).map { ConstantTime.areEqual(words, $0) } ?? false
        }

        /// Returns whether two codes are the same, in a time that does not depend on where they differ.
        ///
        /// - Parameters:
        ///   - lhs: A code.
        ///   - rhs: Another code.
        /// - Returns: Whether all 32 bytes agree.
        public static func == (lhs: Self, rhs: Self) -> Bool {
            ConstantTime.areEqual(lhs.words, rhs.words)
        }
    }
}

extension HMACSHA256.AuthenticationCode: CustomStringConvertible, CustomReflectable {
    /// The name of the type, without the code.
    public var description: String {
        "HMACSHA256.AuthenticationCode(…)"
    }

    /// A mirror without children, so that a dump does not show the code.
    public var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .struct)
    }
}
