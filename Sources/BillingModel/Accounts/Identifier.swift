/// A text that names something of the host's or the provider's, kept apart by type from every other such text.
///
/// Conforming types are small structs around one string. They print and encode as that string, and they are
/// equal when its bytes are: Swift takes `é` written as one character or as two for the same text, a database
/// does not, and two customers must be two everywhere.
public protocol Identifier: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The text itself.
    var rawValue: String { get }

    /// Creates an identifier from its text.
    init(_ rawValue: String)
}

extension Identifier {
    /// Returns whether two identifiers have the same bytes.
    public static func == (left: Self, right: Self) -> Bool {
        left.rawValue.hasSameBytes(as: right.rawValue)
    }

    /// Returns whether the first comes before the second.
    public static func < (left: Self, right: Self) -> Bool {
        left.rawValue.bytesPrecede(right.rawValue)
    }

    /// Feeds the bytes of the text to a hasher.
    public func hash(into hasher: inout Hasher) {
        // All at once: byte by byte it takes many times as long.
        let isDone: Void? = unsafe rawValue.utf8.withContiguousStorageIfAvailable { bytes in
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
        if isDone == nil { for byte in rawValue.utf8 { hasher.combine(byte) } }
        hasher.combine(0xFF as UInt8)
    }

    /// The value as text.
    public var description: String { rawValue }

    /// Reads the value from a decoder.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the value to an encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    /// A Boolean value indicating whether the text fits every store: 1 to 255 bytes, none of them NUL.
    package var isWellFormed: Bool {
        rawValue.isWellFormedIdentifier
    }
}

extension String {
    /// Returns whether the bytes of two texts are the same.
    func hasSameBytes(as other: String) -> Bool {
        if hasSameStorage(as: other) { return true }
        guard utf8.count == other.utf8.count else { return false }
        let answer = unsafe utf8.withContiguousStorageIfAvailable { left in
            unsafe other.utf8.withContiguousStorageIfAvailable { right in
                unsafe Self.areEqual(UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
            }
        }
        return answer.flatMap(\.self) ?? utf8.elementsEqual(other.utf8)
    }

    /// Returns whether two texts are one and the same, or are so short that each holds its bytes in itself and these
    /// are the same; `false` says nothing.
    @inline(__always)
    private func hasSameStorage(as other: String) -> Bool {
        guard MemoryLayout<String>.size == MemoryLayout<(UInt64, UInt64)>.size else { return false }
        let (left, right) = unsafe (
            unsafeBitCast(self, to: (UInt64, UInt64).self), unsafeBitCast(other, to: (UInt64, UInt64).self)
        )
        return left == right
    }

    /// Compares as many bytes, eight at a time.
    private static func areEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        while offset + 8 <= left.count {
            let (one, other) = unsafe (
                left.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
                right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            )
            if one != other { return false }
            offset += 8
        }
        while offset < left.count {
            if unsafe left[offset] != right[offset] { return false }
            offset += 1
        }
        return true
    }

    /// Returns whether the bytes of the text come before those of another one.
    func bytesPrecede(_ other: String) -> Bool {
        let answer = unsafe utf8.withContiguousStorageIfAvailable { left in
            unsafe other.utf8.withContiguousStorageIfAvailable { right in
                unsafe Self.precedes(UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
            }
        }
        return answer.flatMap(\.self) ?? utf8.lexicographicallyPrecedes(other.utf8)
    }

    /// Compares bytes in their order, eight at a time.
    private static func precedes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        let shared = left.count < right.count ? left.count : right.count
        var offset = 0
        while offset + 8 <= shared {
            let (one, other) = unsafe (
                left.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
                right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            )
            if one != other { return UInt64(bigEndian: one) < UInt64(bigEndian: other) }
            offset += 8
        }
        while offset < shared {
            let (one, other) = unsafe (left[offset], right[offset])
            if one != other { return one < other }
            offset += 1
        }
        return left.count < right.count
    }

    /// Looks for a NUL, eight bytes at a time.
    private static func containsNUL(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        while offset + 8 <= bytes.count {
            let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            // Zero unless one of the bytes is: only a zero byte, or one above it, keeps its highest bit.
            if (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 != 0 { return true }
            offset += 8
        }
        while offset < bytes.count {
            if unsafe bytes[offset] == 0 { return true }
            offset += 1
        }
        return false
    }

    /// The most bytes of UTF-8 in an identifier.
    package static let maximumIdentifierLength = 255

    /// The most bytes of UTF-8 in a key: room for a delivery's id and its provider's, each with a prefix.
    package static let maximumKeyLength = 600

    /// A Boolean value indicating whether the text can be an identifier: 1 to 255 bytes, no NUL.
    package var isWellFormedIdentifier: Bool {
        isWellFormed(within: Self.maximumIdentifierLength)
    }

    /// Returns whether the text has 1 to a number of bytes, none of them NUL.
    func isWellFormed(within maximum: Int) -> Bool {
        let length = utf8.count
        guard length > 0 && length <= maximum else { return false }
        let hasNUL = unsafe utf8.withContiguousStorageIfAvailable { bytes in
            unsafe Self.containsNUL(UnsafeRawBufferPointer(bytes))
        }
        return !(hasNUL ?? utf8.contains(0))
    }
}
