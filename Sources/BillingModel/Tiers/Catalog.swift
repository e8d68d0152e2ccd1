/// Everything a customer can be given: meters, tiers and the numbers that an operator sets.
///
/// A catalog is a value that is checked when it is built, so one that exists is consistent. Its versions are
/// kept in the store, and a subscription stays on the version that it was bought under.
public struct Catalog: Hashable, Sendable {
    /// The number of a catalog; a host raises it with every change.
    public struct Version: Hashable, Comparable, Sendable, Codable, ExpressibleByIntegerLiteral, CustomStringConvertible
    {
        /// The number itself, 1 or more.
        public let number: Int64

        /// Creates a version from its number.
        public init(_ number: Int64) {
            self.number = number
        }

        /// Creates the value from a literal.
        public init(integerLiteral value: Int64) {
            self.init(value)
        }

        /// Reads the value from a decoder.
        public init(from decoder: any Decoder) throws {
            self.init(try decoder.singleValueContainer().decode(Int64.self))
        }

        /// Writes the value to an encoder.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(number)
        }

        /// Returns whether the first comes before the second.
        public static func < (left: Version, right: Version) -> Bool {
            left.number < right.number
        }

        /// The value as text.
        public var description: String { String(number) }
    }

    /// How long access outlasts news that should have come.
    public struct Grace: Hashable, Sendable, Codable {
        /// Seconds that access goes on after a period's end while no renewal or end has been reported.
        public let renewalSeconds: Int64

        /// Seconds that access goes on after a payment has failed.
        public let pastDueSeconds: Int64

        /// Creates the two distances, each from nothing to 366 days.
        ///
        /// - Parameters:
        ///   - renewal: How long after a period's end the tier is kept when the provider has said neither that
        ///     it goes on nor that it ended. Three days by default: it outlasts a provider's usual outage.
        ///   - pastDue: How long after a failed payment the tier is kept. Seven days by default.
        public init(renewal: Duration = .seconds(3 * 86_400), pastDue: Duration = .seconds(7 * 86_400)) {
            renewalSeconds = renewal.components.seconds
            pastDueSeconds = pastDue.components.seconds
        }
    }

    /// The version of this catalog.
    public let version: Version

    /// The meters, in the order that they are shown.
    public let meters: [Meter]

    /// The tiers, by rank.
    public let tiers: [Tier]

    /// The tier of a customer who has paid for nothing.
    public let fallback: Tier.ID

    /// How long access outlasts news that should have come.
    public let grace: Grace

    /// Creates a catalog after checking it whole.
    ///
    /// - Parameters:
    ///   - version: The number of this catalog, 1 or more. Raise it with every change: the store refuses other
    ///     content under a number it knows.
    ///   - meters: The meters, at least one.
    ///   - tiers: The tiers, at least one, each with a rank of its own.
    ///   - fallback: The tier of a customer who has paid for nothing.
    ///   - grace: How long access outlasts news that should have come.
    /// - Throws: ``CatalogError`` with everything that is wrong, not only the first.
    public init(
        version: Version,
        meters: [Meter],
        tiers: [Tier],
        fallback: Tier.ID,
        grace: Grace = Grace()
    ) throws(CatalogError) {
        let problems = Self.problems(version: version, meters: meters, tiers: tiers, fallback: fallback, grace: grace)
        guard problems.isEmpty else { throw CatalogError(problems: problems) }
        self.version = version
        self.meters = meters
        self.tiers = tiers.sorted { $0.rank < $1.rank }
        self.fallback = fallback
        self.grace = grace
    }

    /// Returns the tier of an id, or `nil` when this catalog has none.
    public func tier(_ id: Tier.ID) -> Tier? {
        tiers.first { $0.id == id }
    }

    /// Returns what a tier gives on a meter, or `nil` when this catalog has no such tier.
    func allowance(of meter: Meter.ID, in tier: Tier.ID) -> Allowance? {
        // By index: a tier that is taken out is copied with all it has.
        guard let index = tiers.firstIndex(where: { $0.id == tier }) else { return nil }
        return tiers[index].allowance(of: meter)
    }

    /// Returns the meter of an id, or `nil` when this catalog has none.
    public func meter(_ id: Meter.ID) -> Meter? {
        meters.first { $0.id == id }
    }
}

extension Catalog: Codable {
    private enum CodingKeys: String, CodingKey {
        case version, meters, tiers, fallback, grace
    }

    /// Reads the value from a decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            version: container.decode(Version.self, forKey: .version),
            meters: container.decode([Meter].self, forKey: .meters),
            tiers: container.decode([Tier].self, forKey: .tiers),
            fallback: container.decode(Tier.ID.self, forKey: .fallback),
            grace: container.decode(Grace.self, forKey: .grace)
        )
    }
}
