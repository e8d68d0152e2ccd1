/// What a tier gives on a meter.
///
/// The kinds are cases, never a missing value or a magic number, so that "no limit" cannot be read as "nothing"
/// nor the reverse, and a number that is used up cannot be read as one that is stood at.
public enum Allowance: Hashable, Sendable, Codable {
    /// The meter is not part of the tier.
    case none
    /// Units that are used up, a fresh lot for each interval; for consumable meters.
    ///
    /// The number is in the meter's smallest unit, from 1 to ``Catalog/Limits/units``.
    case limited(Int64, per: Recurrence, overage: Overage = .refused, rollover: Rollover = .none)
    /// A level that may be stood at for any time, such as 5 seats; for gauges, which no interval ends.
    ///
    /// The number is in the meter's smallest unit, from 1 to ``Catalog/Limits/units``.
    case level(Int64, overage: Overage = .refused)
    /// Never refused, and counted all the same.
    case unlimited
}

extension Allowance {
    /// What happens to a demand beyond a limit.
    public enum Overage: Hashable, Sendable, Codable {
        /// It is refused.
        case refused
        /// It is met and counted apart, up to a number of units per interval, 1 or more; on a gauge, so far above
        /// the level.
        case counted(upTo: Int64)
        /// It is met and counted apart, however much it is.
        case countedWithoutCap
    }

    /// What happens at an interval's end to the units that are left.
    public enum Rollover: Hashable, Sendable, Codable {
        /// They are gone.
        case none
        /// They move to the next interval, at most this many, 1 or more.
        ///
        /// What has moved counts as left over again at the end of that interval, so more than this number never
        /// move, however long nothing is used.
        case upTo(Int64)
    }
}

extension Allowance {
    /// A Boolean value indicating whether what is left moves to the next interval.
    var rollsOver: Bool {
        if case .limited(_, per: _, overage: _, rollover: .upTo) = self { true } else { false }
    }
}

extension Allowance: CustomStringConvertible {
    /// The allowance in words, such as `50 per month`.
    public var description: String {
        switch self {
        case .none: "none"
        case .limited(let units, let recurrence, let overage, let rollover):
            "\(units) per \(recurrence)\(overage.suffix)\(rollover.suffix)"
        case .level(let units, let overage): "up to \(units)\(overage.suffix)"
        case .unlimited: "unlimited"
        }
    }
}

extension Allowance.Overage {
    fileprivate var suffix: String {
        switch self {
        case .refused: ""
        case .counted(let cap): ", then \(cap) more"
        case .countedWithoutCap: ", then any number more"
        }
    }
}

extension Allowance.Rollover {
    fileprivate var suffix: String {
        switch self {
        case .none: ""
        case .upTo(let cap): ", of which \(cap) roll over"
        }
    }
}
