/// A half-open span of time: its start belongs to it, its end does not.
///
/// At its end instant a period is over, a grant is gone and a trial has ended, so that no instant is in two
/// neighbouring periods and none falls between them.
public struct TimeSpan: Hashable, Sendable, Codable {
    /// The first instant of the span.
    public let start: Timestamp

    /// The first instant after the span.
    public let end: Timestamp

    /// Creates a span, or returns `nil` when the end lies before the start.
    public init?(start: Timestamp, end: Timestamp) {
        guard start <= end else { return nil }
        self.start = start
        self.end = end
    }

    /// Creates a span from a start; an end before the start makes it empty.
    package init(from start: Timestamp, to end: Timestamp) {
        self.start = start
        self.end = max(start, end)
    }

    /// Reads the value from a decoder, which must not have its end before its start.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        start = try container.decode(Timestamp.self, forKey: .start)
        end = try container.decode(Timestamp.self, forKey: .end)
        guard start <= end else {
            throw DecodingError.dataCorruptedError(
                forKey: .end,
                in: container,
                debugDescription: "A span that starts at \(start) cannot end at \(end)."
            )
        }
    }

    private enum CodingKeys: String, CodingKey {
        case start, end
    }

    /// Returns a Boolean value indicating whether an instant lies in the span.
    public func contains(_ instant: Timestamp) -> Bool {
        start <= instant && instant < end
    }
}
