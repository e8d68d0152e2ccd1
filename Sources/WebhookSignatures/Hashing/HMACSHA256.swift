/// A streaming HMAC-SHA256 computation.
///
/// Prepare a ``Key`` once and use it for every message. Use the one-shot functions for bytes that are at hand, and
/// a value of this type for a message in several parts:
///
///     var mac = HMACSHA256(key: key)
///     mac.update(head)
///     mac.update(tail)
///     let code = mac.finalize()
///
/// The rules are those of RFC 2104 and FIPS 198-1. The value prints nothing of its key. It holds a chaining value
/// that depends on the key and lives where the caller puts it, which is not erased: keep it in a local variable.
public struct HMACSHA256: Sendable {
    private let key: Key
    private var inner: SHA256

    /// Creates a computation that has seen no bytes.
    ///
    /// - Parameter key: The prepared key.
    public init(key: Key) {
        self.key = key
        self.inner = key.innerHasher
    }

    /// Appends bytes to the message.
    ///
    /// - Parameter bytes: The next part of the message, of any length.
    public mutating func update(_ bytes: Span<UInt8>) {
        inner.update(bytes)
    }

    /// Appends bytes to the message.
    ///
    /// - Parameter bytes: The next part of the message, of any length.
    public mutating func update(_ bytes: RawSpan) {
        inner.update(bytes)
    }

    /// Appends bytes to the message.
    ///
    /// - Parameter bytes: The next part of the message, of any length.
    public mutating func update(_ bytes: [UInt8]) {
        inner.update(bytes)
    }

    /// Appends the bytes of a sequence to the message.
    ///
    /// - Parameter bytes: The next part of the message, of any length. It is walked once.
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        inner.update(bytes)
    }

    /// Returns the code of what was appended so far.
    ///
    /// The computation is left as it was and can take further bytes.
    ///
    /// - Returns: The 32-byte code.
    public func finalize() -> AuthenticationCode {
        var outer = key.outerHasher
        outer.update(inner.finalState())
        return AuthenticationCode(words: outer.finalState())
    }

    /// Returns the code of the bytes under the key.
    ///
    /// - Parameters:
    ///   - bytes: The whole message, of any length.
    ///   - key: The prepared key.
    /// - Returns: The 32-byte code.
    public static func authenticationCode(for bytes: [UInt8], using key: Key) -> AuthenticationCode {
        var mac = HMACSHA256(key: key)
        mac.update(bytes)
        return mac.finalize()
    }

    /// Returns whether a received code is the code of the bytes under the key.
    ///
    /// The comparison takes the same time wherever the codes differ. A truncated code is not accepted.
    ///
    /// - Parameters:
    ///   - code: The received code. Any length but 32 bytes is refused.
    ///   - bytes: The whole message, of any length.
    ///   - key: The prepared key.
    /// - Returns: Whether the code is the right one.
    public static func isValidAuthenticationCode(
        _ code: [UInt8],
        authenticating bytes: [UInt8],
        using key: Key
    ) -> Bool {
        authenticationCode(for: bytes, using: key).matches(code)
    }
}

extension HMACSHA256: CustomStringConvertible, CustomReflectable {
    /// The name of the type, without anything of the key or the message.
    public var description: String {
        "HMACSHA256(…)"
    }

    /// A mirror without children, so that a dump shows nothing of the key.
    public var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .struct)
    }
}
