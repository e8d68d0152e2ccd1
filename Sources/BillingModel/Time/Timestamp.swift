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
        let (sum, overflow) = microseconds.addingReportingOverflow(duration.wholeMicroseconds)
        return Timestamp(microseconds: overflow ? (duration < .zero ? .min : .max) : sum)
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
    /// The duration in microseconds, toward zero, clamped to what an `Int64` holds.
    package var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: Timestamp.microsecondsPerSecond)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, carried) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        return carried ? (seconds < 0 ? .min : .max) : sum
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
