/// Something that is counted, such as job descriptions written or seats taken.
///
/// Quantities are whole numbers of the meter's smallest unit. A meter may say with how many decimals they are
/// shown: hours of work with two decimals are counted in hundredths of an hour.
public struct Meter: Hashable, Sendable, Codable {
    /// The name of a meter in code and tables.
    ///
    /// Declare one static member for each, so that a mistyped meter does not compile:
    ///
    /// ```swift
    /// extension Meter.ID {
    ///     static let jobDescriptions = Meter.ID("job_descriptions")
    /// }
    /// ```
    public struct ID: Identifier {
        /// The text itself.
        public let rawValue: String

        /// Creates the id from its text: 1 to 255 bytes without NUL.
        public init(_ rawValue: String) {
            self.rawValue = rawValue
        }
    }

    /// How a meter counts.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// Units are used up: calls, documents, minutes.
        case consumable
        /// A level stands and is set, raised and lowered: seats, projects, bytes stored.
        case gauge
    }

    /// What a change of tier within a running period does to what was used in it.
    ///
    /// A change that comes with a period of its own, as a purchase does, brings a fresh allowance whatever this says.
    public enum TierChange: String, Hashable, Sendable, Codable, CaseIterable {
        /// It stays used: of 50 units, 40 are left to who has used 10.
        case keepsUse = "keeps_use"
        /// It is given once more, up to what the new tier gives: of 50 units, 50 are left.
        ///
        /// Who changes to and fro gets it each time, so it is for tiers that are seldom changed.
        case startsOver = "starts_over"
    }

    /// Where a meter draws on credits once its own units are used up.
    public struct PoolDraw: Hashable, Sendable, Codable {
        /// The pool.
        public let pool: CreditPool.ID

        /// The credits that one of the meter's smallest units costs, from 1 to ``Catalog/Limits/cost``.
        public let cost: Int64

        /// Creates a draw on a pool at a number of credits for each of the meter's smallest units.
        public init(on pool: CreditPool.ID, cost: Int64 = 1) {
            self.pool = pool
            self.cost = cost
        }
    }

    /// The meter's name in code and tables.
    public let id: ID

    /// The name that people read.
    public let name: String

    /// How the meter counts.
    public let kind: Kind

    /// The word for one unit where amounts are shown, such as `screening`, or `nil` for none.
    public let unit: String?

    /// The decimals that amounts are shown with, from 0 to 9; the smallest unit is the last one's.
    public let decimals: Int

    /// The credits that the meter draws on after its own units, or `nil` for none.
    public let draw: PoolDraw?

    /// What a change of tier within a running period does to what was used in it.
    public let tierChange: TierChange

    /// A Boolean value indicating whether what a tier gives on the meter is for one seat.
    ///
    /// Who has paid for 7 seats has 7 times as much: of a gauge, 7 times the level.
    public let isPerSeat: Bool

    /// Creates a meter.
    ///
    /// - Parameters:
    ///   - id: The meter's name in code and tables.
    ///   - name: The name that people read, 1 to 255 bytes.
    ///   - kind: How the meter counts.
    ///   - unit: The word for one unit where amounts are shown, 1 to 64 bytes.
    ///   - decimals: The decimals that amounts are shown with, from 0 to 9.
    ///   - draw: The credits that the meter draws on after its own units; a gauge cannot.
    ///   - tierChange: What a change of tier within a running period does to what was used in it.
    ///   - isPerSeat: Whether what a tier gives on it is for one of the seats or units that a subscription is paid for.
    public init(
        _ id: ID,
        name: String,
        kind: Kind = .consumable,
        unit: String? = nil,
        decimals: Int = 0,
        draw: PoolDraw? = nil,
        tierChange: TierChange = .keepsUse,
        isPerSeat: Bool = false
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.unit = unit
        self.decimals = decimals
        self.draw = draw
        self.tierChange = tierChange
        self.isPerSeat = isPerSeat
    }
}

extension Meter {
    private enum CodingKeys: String, CodingKey {
        case id, name, kind, unit, decimals, draw, tierChange, isPerSeat
    }

    /// Reads the value from a decoder; what earlier versions of the kit did not write may be missing.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decode(ID.self, forKey: .id),
            name: try container.decode(String.self, forKey: .name),
            kind: try container.decode(Kind.self, forKey: .kind),
            unit: try container.decodeIfPresent(String.self, forKey: .unit),
            decimals: try container.decode(Int.self, forKey: .decimals),
            draw: try container.decodeIfPresent(PoolDraw.self, forKey: .draw),
            tierChange: try container.decode(TierChange.self, forKey: .tierChange),
            isPerSeat: try container.decodeIfPresent(Bool.self, forKey: .isPerSeat) ?? false
        )
    }
}
