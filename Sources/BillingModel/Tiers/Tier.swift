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
    ///
    /// It alone orders tiers: prices cannot, because a year costs more than a month of a higher tier.
    public let rank: Int

    /// The name that people read.
    public let name: String

    /// What people read about the tier; empty for nothing.
    public let description: String

    /// What the tier gives on each meter; a meter that is not listed is not part of it.
    public let allowances: [Meter.ID: Allowance]

    /// What the tier gives of each feature; a feature that is not listed is not part of it.
    public let features: [Feature.ID: Feature.Value]

    /// The short windows that hold beside the allowances, such as 60 calls per minute.
    public let rates: [Meter.ID: [Rate]]

    /// The credits that the tier gives again and again, by pool.
    public let credits: [CreditPool.ID: Credits]

    /// What the tier costs; empty for a tier that nobody can buy.
    public let prices: [Price]

    /// Creates a tier.
    ///
    /// - Parameters:
    ///   - id: The tier's name in code and tables.
    ///   - rank: The tier's place among the others, higher being more.
    ///   - name: The name that people read, 1 to 255 bytes.
    ///   - description: What people read about the tier, up to 4,096 bytes.
    ///   - allowances: What the tier gives on each meter.
    ///   - features: What the tier gives of each feature.
    ///   - rates: The short windows that hold beside the allowances.
    ///   - credits: The credits that the tier gives again and again.
    ///   - prices: What the tier costs per billing cycle and currency.
    public init(
        _ id: ID,
        rank: Int,
        name: String,
        description: String = "",
        allowances: [Meter.ID: Allowance] = [:],
        features: [Feature.ID: Feature.Value] = [:],
        rates: [Meter.ID: [Rate]] = [:],
        credits: [CreditPool.ID: Credits] = [:],
        prices: [Price] = []
    ) {
        self.id = id
        self.rank = rank
        self.name = name
        self.description = description
        self.allowances = allowances
        self.features = features
        self.rates = rates
        self.credits = credits
        self.prices = prices
    }

    /// Returns what the tier gives on a meter.
    public func allowance(of meter: Meter.ID) -> Allowance {
        allowances[meter] ?? .none
    }

    /// Returns what the tier gives of a feature, or `nil` when the feature is not part of it.
    public func value(of feature: Feature.ID) -> Feature.Value? {
        features[feature]
    }

    /// Returns whether a feature of the kind flag is on; one that is not part of the tier is off.
    public func has(_ feature: Feature.ID) -> Bool {
        features[feature] == .flag(true)
    }

    /// Returns the number that the tier gives of a feature, or `nil` when it gives none.
    public func number(_ feature: Feature.ID) -> Int64? {
        if case .number(let number) = features[feature] { number } else { nil }
    }

    /// Returns the text that the tier gives of a feature, or `nil` when it gives none.
    public func text(_ feature: Feature.ID) -> String? {
        if case .text(let text) = features[feature] { text } else { nil }
    }
}
