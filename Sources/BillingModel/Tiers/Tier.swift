/// A plan that a customer can be on.
public struct Tier: Hashable, Sendable, Codable {
    /// The name of a tier in code and tables.
    ///
    /// Declare one static member for each, as with ``Meter/ID``.
    public struct ID: Identifier {
        /// The text itself.
        public let rawValue: String

        /// Creates the id from its text: 1 to 255 bytes without NUL.
        public init(_ rawValue: String) {
            self.rawValue = rawValue
        }
    }

    /// The tier's name in code and tables.
    public let id: ID

    /// The tier's place among the others, higher being more; no two tiers share one.
    public let rank: Int

    /// The name that people read.
    public let name: String

    /// What the tier gives on each meter; a meter that is not listed is not part of it.
    public let allowances: [Meter.ID: Allowance]

    /// Creates a tier.
    public init(_ id: ID, rank: Int, name: String, allowances: [Meter.ID: Allowance]) {
        self.id = id
        self.rank = rank
        self.name = name
        self.allowances = allowances
    }

    /// Returns what the tier gives on a meter.
    public func allowance(of meter: Meter.ID) -> Allowance {
        allowances[meter] ?? .none
    }

    private enum CodingKeys: String, CodingKey {
        case id, rank, name, allowances
    }

    /// Reads the value from a decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(ID.self, forKey: .id)
        rank = try container.decode(Int.self, forKey: .rank)
        name = try container.decode(String.self, forKey: .name)
        let named = try container.decode([String: Allowance].self, forKey: .allowances)
        allowances = Dictionary(named.map { (Meter.ID($0.key), $0.value) }) { first, _ in first }
    }

    /// Writes the value to an encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(rank, forKey: .rank)
        try container.encode(name, forKey: .name)
        let named = Dictionary(uniqueKeysWithValues: allowances.map { ($0.key.rawValue, $0.value) })
        try container.encode(named, forKey: .allowances)
    }
}
