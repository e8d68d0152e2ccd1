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
/// The rules are those of FIPS 180-4. Nothing here branches on, or indexes by, the bytes that are hashed. With the
/// trait `AcceleratedSHA256` the processor's own instructions are used where it has them.
public struct SHA256: Sendable {
    /// The number of bytes in a digest.
    public static let byteCount = 32

    /// The number of bytes that the compression function takes at once.
    static let blockByteCount = 64

    private var state: SIMD8<UInt32>

    /// The bytes of the unfinished block.
    ///
    /// What lies beyond them is left from earlier blocks.
    private var block: SIMD64<UInt8> = .zero

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

    /// Returns the digest of the bytes of a span.
    ///
    /// - Parameter bytes: The whole message, of any length. It is hashed in place.
    /// - Returns: Its 32-byte digest.
    public static func hash(_ bytes: Span<UInt8>) -> Digest {
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
    /// Whole blocks are hashed where they are; at most 63 bytes are copied to wait for the next part.
    ///
    /// - Parameter bytes: The next part of the message, of any length.
    public mutating func update(_ bytes: RawSpan) {
        totalByteCount &+= UInt64(bytes.byteCount)
        var offset = 0
        if bufferedByteCount > 0 {
            offset = min(Self.blockByteCount - bufferedByteCount, bytes.byteCount)
            buffer(bytes.extracting(0..<offset))
            guard bufferedByteCount == Self.blockByteCount else {
                return
            }
            compressBlock()
        }
        let wholeByteCount = (bytes.byteCount - offset) & ~(Self.blockByteCount - 1)
        if wholeByteCount > 0 {
            Self.compress(&state, bytes.extracting(offset..<offset + wholeByteCount))
            offset += wholeByteCount
        }
        if offset < bytes.byteCount {
            buffer(bytes.extracting(offset..<bytes.byteCount))
        }
    }

    /// Appends bytes to the message.
    ///
    /// - Parameter bytes: The next part of the message, of any length.
    public mutating func update(_ bytes: Span<UInt8>) {
        update(unsafe bytes.bytes)
    }

    /// Appends bytes to the message.
    ///
    /// - Parameter bytes: The next part of the message, of any length.
    public mutating func update(_ bytes: [UInt8]) {
        // An array's own span needs macOS 26, its slice's does not. Slicing copies nothing.
        let slice = bytes[...]
        update(unsafe slice.span.bytes)
    }

    /// Appends the bytes of a sequence to the message.
    ///
    /// Prefer an array or a span for large inputs: they are hashed in place, a sequence byte by byte.
    ///
    /// - Parameter bytes: The next part of the message, of any length. It is walked once.
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            totalByteCount &+= 1
            block[bufferedByteCount] = byte
            bufferedByteCount += 1
            if bufferedByteCount == Self.blockByteCount {
                compressBlock()
            }
        }
    }

    /// Appends the big-endian bytes of a digest to the message.
    mutating func update(_ words: SIMD8<UInt32>) {
        var bytes = words
        for index in words.indices {
            bytes[index] = words[index].bigEndian
        }
        unsafe withUnsafeBytes(of: bytes) { bytes in
            update(unsafe RawSpan(_unsafeBytes: bytes))
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
        let bitCount = totalByteCount &<< 3
        padded.pad(from: bufferedByteCount, with: 0x80)
        if bufferedByteCount >= Self.blockByteCount - 8 {
            padded.compressBlock()
            padded.block = .zero
        }
        unsafe withUnsafeMutableBytes(of: &padded.block) { block in
            unsafe block.storeBytes(of: bitCount.bigEndian, toByteOffset: Self.blockByteCount - 8, as: UInt64.self)
        }
        padded.compressBlock()
        return padded.state
    }

    /// The chaining value, which stands for the whole message while no block is unfinished.
    var midstate: SIMD8<UInt32> {
        assert(bufferedByteCount == 0, "A midstate exists at block boundaries only.")
        return state
    }

    /// Copies bytes to the end of the unfinished block, which has room for them.
    private mutating func buffer(_ bytes: RawSpan) {
        let start = bufferedByteCount
        precondition(bytes.byteCount <= Self.blockByteCount - start, "A block has 64 bytes.")
        unsafe withUnsafeMutableBytes(of: &block) { block in
            unsafe bytes.withUnsafeBytes { bytes in
                let room = unsafe UnsafeMutableRawBufferPointer(rebasing: block[start...])
                unsafe room.copyMemory(from: bytes)
            }
        }
        bufferedByteCount += bytes.byteCount
    }

    /// Writes a byte and zeros to the end over what is left from earlier blocks.
    private mutating func pad(from start: Int, with byte: UInt8) {
        unsafe withUnsafeMutableBytes(of: &block) { block in
            unsafe block[start] = byte
            unsafe UnsafeMutableRawBufferPointer(rebasing: block[(start + 1)...])
                .initializeMemory(as: UInt8.self, repeating: 0)
        }
    }

    private mutating func compressBlock() {
        unsafe withUnsafeBytes(of: block) { block in
            Self.compress(&state, unsafe RawSpan(_unsafeBytes: block))
        }
        bufferedByteCount = 0
    }
}

extension SHA256: CustomStringConvertible, CustomReflectable {
    /// The name of the type, without anything of the message.
    public var description: String {
        "SHA256(…)"
    }

    /// A mirror without children: the state of a computation over a key is as good as the key.
    public var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .struct)
    }
}
