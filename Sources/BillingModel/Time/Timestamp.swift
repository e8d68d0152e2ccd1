/// An instant in time, exact to the microsecond, in UTC.
///
/// The kit decides nothing with floating point and nothing with a time zone: an instant is a count of
/// microseconds since 1970-01-01T00:00:00Z, leap seconds ignored as POSIX does. Bridges to Foundation's
/// `Date` live outside the pure modules.
public struct Timestamp: Hashable, Sendable {
    /// The microseconds since 1970-01-01T00:00:00Z, negative before.
    public let microseconds: Int64

    /// Creates an instant from a count of microseconds since 1970-01-01T00:00:00Z.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Creates an instant from a count of seconds since 1970-01-01T00:00:00Z.
    ///
    /// A count beyond the range of microseconds (some 292,000 years) becomes the end of that range.
    public init(seconds: Int64) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: Self.microsecondsPerSecond)
        self.microseconds = overflow ? (seconds < 0 ? .min : .max) : product
    }

    /// The whole seconds since 1970-01-01T00:00:00Z, rounded down.
    public var seconds: Int64 {
        microseconds.flooredQuotient(by: Self.microsecondsPerSecond)
    }

    /// Returns the instant that lies a duration after this one.
    ///
    /// A result beyond the range of microseconds becomes the end of that range.
    ///
    /// - Parameter duration: The distance; negative goes back. Parts below a microsecond are dropped.
    /// - Returns: The instant.
    public func advanced(by duration: Duration) -> Timestamp {
        // 128 bits, because the distance between two instants can be more than an `Int64` of microseconds.
        Timestamp(microseconds: Int64(clamping: Int128(microseconds) + duration.microseconds128))
    }

    /// Returns the time from another instant to this one, negative when the other one is later.
    public func duration(since other: Timestamp) -> Duration {
        .microseconds(microseconds) - .microseconds(other.microseconds)
    }

    package static let microsecondsPerSecond: Int64 = 1_000_000
}

extension Timestamp: Comparable {
    /// Returns whether the first comes before the second.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }
}

extension Timestamp: Codable {
    /// Reads the value from a decoder.
    public init(from decoder: any Decoder) throws {
        self.init(microseconds: try decoder.singleValueContainer().decode(Int64.self))
    }

    /// Writes the value to an encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(microseconds)
    }
}

extension Duration {
    /// The duration in microseconds, toward zero.
    var microseconds128: Int128 {
        let (seconds, attoseconds) = components
        return Int128(seconds) * Int128(Timestamp.microsecondsPerSecond) + Int128(attoseconds / 1_000_000_000_000)
    }

    /// The duration in microseconds, toward zero, clamped to what an `Int64` holds.
    package var wholeMicroseconds: Int64 {
        Int64(clamping: microseconds128)
    }
}

extension FixedWidthInteger {
    /// The quotient rounded toward negative infinity.
    ///
    /// The divisor is a positive constant at every call.
    package func flooredQuotient(by divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
