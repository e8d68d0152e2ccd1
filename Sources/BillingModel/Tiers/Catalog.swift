/// Everything a customer can be given: meters, credits, features, tiers, packs, and the numbers that an operator
/// sets.
///
/// A catalog is a value that is checked when it is built, so one that exists is consistent. Its versions are
/// kept in the store, and a subscription stays on the version that it was bought under.
public struct Catalog: Hashable, Sendable {
    /// The version of this catalog.
    public let version: Version

    /// The meters, in the order that they are shown.
    public let meters: [Meter]

    /// The credit pools, in the order that they are shown.
    public let pools: [CreditPool]

    /// The features, in the order that they are shown.
    public let features: [Feature]

    /// The tiers, by rank.
    public let tiers: [Tier]

    /// The tier of a customer who has paid for nothing.
    public let fallback: Tier.ID

    /// The packs, in the order that they are shown.
    public let packs: [Pack]

    /// The trial that the kit runs, or `nil` for none.
    public let trial: Trial?

    /// The numbers that an operator sets.
    public let settings: Settings

    /// What follows from the tiers and meters.
    let table: Derived<TermsTable>

    /// Creates a catalog after checking it whole.
    ///
    /// - Parameters:
    ///   - version: The number of this catalog, 1 or more. Raise it with every change: the store refuses other
    ///     content under a number it knows.
    ///   - meters: The meters, at least one.
    ///   - pools: The credit pools; each is drawn on by a meter.
    ///   - features: What tiers have or have not and nobody counts.
    ///   - tiers: The tiers, at least one, each with a rank of its own.
    ///   - fallback: The tier of a customer who has paid for nothing.
    ///   - packs: What can be bought beside a tier.
    ///   - trial: The trial that the kit runs.
    ///   - settings: The numbers that an operator sets.
    /// - Throws: ``CatalogError`` with everything that is wrong, not only the first.
    public init(
        version: Version,
        meters: [Meter],
        pools: [CreditPool] = [],
        features: [Feature] = [],
        tiers: [Tier],
        fallback: Tier.ID,
        packs: [Pack] = [],
        trial: Trial? = nil,
        settings: Settings = Settings()
    ) throws(CatalogError) {
        self.version = version
        self.meters = meters
        self.pools = pools
        self.features = features
        self.tiers = tiers.sorted { $0.rank < $1.rank }
        self.fallback = fallback
        self.packs = packs
        self.trial = trial
        self.settings = settings
        table = Derived(TermsTable(meters: meters, tiers: self.tiers))
        var examiner = CatalogExaminer(self)
        examiner.examine(tiers: tiers)
        guard examiner.problems.isEmpty else { throw CatalogError(problems: examiner.problems) }
    }

    /// How long access outlasts news that should have come.
    public var grace: Grace { settings.grace }
}

extension Catalog: Codable {
    private enum CodingKeys: String, CodingKey {
        case version, meters, pools, features, tiers, fallback, packs, trial, settings
    }

    /// Reads the value from a decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            version: container.decode(Version.self, forKey: .version),
            meters: container.decode([Meter].self, forKey: .meters),
            pools: container.decode([CreditPool].self, forKey: .pools),
            features: container.decode([Feature].self, forKey: .features),
            tiers: container.decode([Tier].self, forKey: .tiers),
            fallback: container.decode(Tier.ID.self, forKey: .fallback),
            packs: container.decode([Pack].self, forKey: .packs),
            trial: container.decodeIfPresent(Trial.self, forKey: .trial),
            settings: container.decode(Settings.self, forKey: .settings)
        )
    }
}
