/// What a tier gives on a meter.
///
/// The three kinds are cases, never a missing value or a magic number, so that "no limit" cannot be read as
/// "nothing" nor the reverse.
public enum Allowance: Hashable, Sendable, Codable {
    /// The meter is not part of the tier.
    case none
    /// A number of units per interval; what is left at the interval's end is gone.
    case limited(Int64, per: Recurrence)
    /// Never refused, and counted all the same.
    case unlimited
}

extension Allowance: CustomStringConvertible {
    /// The allowance in words, such as `50 per month`.
    public var description: String {
        switch self {
        case .none: "none"
        case .limited(let units, let recurrence): "\(units) per \(recurrence)"
        case .unlimited: "unlimited"
        }
    }
}
