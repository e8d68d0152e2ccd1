/// A streaming SHA-256 computation.
///
/// Use the one-shot ``hash(_:)-([UInt8])`` for bytes that are at hand, and a value of this type for bytes that
/// arrive in pieces. The value is copied like any other: a copy continues from the same point on its own, so the
/// digest of a prefix can be taken without disturbing the computation.
///
///     var hasher = SHA256()
///     hasher.update(head)
///     hasher.update(tail)
///     let digest = hasher.finalize()
///
/// The rules are those of FIPS 180-4. Nothing here branches on, or indexes by, the bytes that are hashed.
public struct SHA256: Sendable {
    /// The number of bytes in a digest.
    public static let byteCount = 32

    /// The number of bytes that the compression function takes at once.
    static let blockByteCount = 64

    private var state: SIMD8<UInt32>

    /// The unfinished block as sixteen big-endian words, zero beyond the buffered bytes.
    private var block: SIMD16<UInt32> = .zero

    private var bufferedByteCount = 0

    /// The number of bytes seen, modulo 2^61, which is what the length field can state.
    private var totalByteCount: UInt64

    /// Creates a computation that has seen no bytes.
    public init() {
        self.state = Self.initialState
        self.totalByteCount = 0
    }

    /// Creates a computation that goes on from a chaining value.
    ///
    /// - Parameters:
    ///   - midstate: The chaining value after whole blocks only.
    ///   - byteCount: How many bytes led to it, a multiple of 64.
    init(resumingFrom midstate: SIMD8<UInt32>, after byteCount: UInt64) {
        self.state = midstate
        self.totalByteCount = byteCount
    }

    /// Returns the digest of the bytes.
    ///
    /// - Parameter bytes: The whole message, of any length.
    /// - Returns: Its 32-byte digest.
    public static func hash(_ bytes: [UInt8]) -> Digest {
        var hasher = SHA256()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// Returns the digest of the bytes of a sequence.
    ///
    /// - Parameter bytes: The whole message, of any length. It is walked once.
    /// - Returns: Its 32-byte digest.
    public static func hash(_ bytes: some Sequence<UInt8>) -> Digest {
        var hasher = SHA256()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// Appends bytes to the message.
    ///
    /// - Parameter bytes: The next part of the message, of any length.
    public mutating func update(_ bytes: Span<UInt8>) {
        totalByteCount &+= UInt64(bytes.count)
        var offset = 0
        while bufferedByteCount > 0 && offset < bytes.count {
            absorb(bytes[offset])
            offset += 1
        }
        while bytes.count - offset >= Self.blockByteCount {
            Self.compress(&state, Self.words(of: bytes.extracting(offset..<offset + Self.blockByteCount)))
            offset += Self.blockByteCount
        }
        while offset < bytes.count {
            absorb(bytes[offset])
            offset += 1
        }
    }

    /// Appends bytes to the message.
    ///
    /// - Parameter bytes: The next part of the message, of any length.
    public mutating func update(_ bytes: [UInt8]) {
        // An array's own span needs macOS 26, its slice's does not. Slicing copies nothing.
        let slice = bytes[...]
        update(slice.span)
    }

    /// Appends the bytes of a sequence to the message.
    ///
    /// Prefer an array or a span for large inputs: they are hashed in place, a sequence byte by byte.
    ///
    /// - Parameter bytes: The next part of the message, of any length. It is walked once.
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            totalByteCount &+= 1
            absorb(byte)
        }
    }

    /// Returns the digest of what was appended so far.
    ///
    /// The computation is left as it was and can take further bytes.
    ///
    /// - Returns: The 32-byte digest.
    public func finalize() -> Digest {
        Digest(words: finalState())
    }

    /// Returns the chaining value after padding, FIPS 180-4 section 5.1.1.
    func finalState() -> SIMD8<UInt32> {
        var padded = self
        padded.absorb(0x80)
        if padded.bufferedByteCount > Self.blockByteCount - 8 {
            padded.compressBlock()
        }
        let bitCount = totalByteCount &<< 3
        padded.block[14] = UInt32(truncatingIfNeeded: bitCount &>> 32)
        padded.block[15] = UInt32(truncatingIfNeeded: bitCount)
        padded.compressBlock()
        return padded.state
    }

    /// The chaining value, which stands for the whole message while no block is unfinished.
    var midstate: SIMD8<UInt32> {
        assert(bufferedByteCount == 0, "A midstate exists at block boundaries only.")
        return state
    }

    private mutating func absorb(_ byte: UInt8) {
        let shift = UInt32(truncatingIfNeeded: 24 &- 8 &* (bufferedByteCount & 3))
        block[bufferedByteCount &>> 2] |= UInt32(byte) &<< shift
        bufferedByteCount &+= 1
        if bufferedByteCount == Self.blockByteCount {
            compressBlock()
        }
    }

    private mutating func compressBlock() {
        Self.compress(&state, block)
        block = .zero
        bufferedByteCount = 0
    }
}
