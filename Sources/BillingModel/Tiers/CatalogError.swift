/// Everything that is wrong with a catalog.
public struct CatalogError: Error, Hashable, Sendable {
    /// One thing that is wrong with a catalog.
    public enum Problem: Hashable, Sendable {
        /// The version is below 1.
        case versionBelowOne(Int64)
        /// There is no meter.
        case noMeters
        /// There is no tier.
        case noTiers
        /// Two meters share an id.
        case duplicateMeter(String)
        /// Two tiers share an id.
        case duplicateTier(String)
        /// An id is empty, longer than 255 bytes, or contains NUL.
        case malformedIdentifier(String)
        /// The meter or tier of this id has no name.
        case emptyName(String)
        /// Two tiers have the same rank, so neither is higher.
        case equalRanks(String, String, rank: Int)
        /// A tier gives an allowance on a meter that the catalog does not have.
        case unknownMeter(String, inTier: String)
        /// A limited allowance gives no unit; `.none` says that.
        case allowanceBelowOne(Int64, of: String, inTier: String)
        /// The fallback is not one of the tiers.
        case unknownFallback(String)
        /// A grace is negative or longer than 366 days.
        case graceOutOfBounds(seconds: Int64)
    }

    /// The problems, in the order of the catalog's parts.
    public let problems: [Problem]
}

extension CatalogError: CustomStringConvertible {
    /// The problems as sentences.
    public var description: String {
        "The catalog is not consistent: " + problems.map(\.description).joined(separator: " ")
    }
}

extension CatalogError.Problem: CustomStringConvertible {
    /// The problem as a sentence.
    public var description: String {
        switch self {
        case .versionBelowOne(let number): "Its version is \(number); versions count from 1."
        case .noMeters: "It has no meter."
        case .noTiers: "It has no tier."
        case .duplicateMeter(let id): "Two meters are called '\(id)'."
        case .duplicateTier(let id): "Two tiers are called '\(id)'."
        case .malformedIdentifier(let id): "The id '\(id)' is not 1 to 255 bytes without NUL."
        case .emptyName(let id): "'\(id)' has no name to show."
        case .equalRanks(let first, let second, let rank): "'\(first)' and '\(second)' both have rank \(rank)."
        case .unknownMeter(let meter, let tier): "Tier '\(tier)' gives an allowance on '\(meter)', which is no meter."
        case .allowanceBelowOne(let units, let meter, let tier):
            "Tier '\(tier)' gives \(units) units on '\(meter)'; leave the meter out or use '.none'."
        case .unknownFallback(let id): "The fallback '\(id)' is no tier."
        case .graceOutOfBounds(let seconds): "A grace of \(seconds) seconds is not between 0 and 366 days."
        }
    }
}
