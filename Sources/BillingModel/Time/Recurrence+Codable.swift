extension Recurrence: Codable {
    /// Reads the value from a decoder; a number beyond its bounds becomes the bound, a missing offset is none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            every: try container.decode(Int.self, forKey: .count),
            try container.decode(Unit.self, forKey: .unit),
            offsetSeconds: try container.decodeIfPresent(Int.self, forKey: .offsetSeconds) ?? 0
        )
    }

    /// Writes the value to an encoder, and the offset only where there is one.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(unit, forKey: .unit)
        try container.encode(count, forKey: .count)
        if offsetSeconds != 0 { try container.encode(offsetSeconds, forKey: .offsetSeconds) }
    }

    private enum CodingKeys: String, CodingKey {
        case unit, count, offsetSeconds
    }
}
