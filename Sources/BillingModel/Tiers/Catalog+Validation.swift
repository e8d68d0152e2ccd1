extension Catalog {
    /// The longest time that access may outlast missing news, in seconds: 366 days.
    static let maximumGraceSeconds: Int64 = 366 * 86_400

    static func problems(
        version: Version,
        meters: [Meter],
        tiers: [Tier],
        fallback: Tier.ID,
        grace: Grace
    ) -> [CatalogError.Problem] {
        var found: [CatalogError.Problem] = []
        if version.number < 1 { found.append(.versionBelowOne(version.number)) }
        if meters.isEmpty { found.append(.noMeters) }
        if tiers.isEmpty { found.append(.noTiers) }
        found += duplicates(in: meters.map(\.id.rawValue)).map { .duplicateMeter($0) }
        found += duplicates(in: tiers.map(\.id.rawValue)).map { .duplicateTier($0) }
        for identifier in meters.map(\.id.rawValue) + tiers.map(\.id.rawValue)
        where !identifier.isWellFormedIdentifier {
            found.append(.malformedIdentifier(identifier))
        }
        for meter in meters where meter.name.isEmpty { found.append(.emptyName(meter.id.rawValue)) }
        for tier in tiers where tier.name.isEmpty { found.append(.emptyName(tier.id.rawValue)) }
        found += equalRanks(in: tiers)
        let known = Set(meters.map(\.id))
        for tier in tiers {
            for (meter, allowance) in tier.allowances.sorted(by: { $0.key < $1.key }) {
                if !known.contains(meter) { found.append(.unknownMeter(meter.rawValue, inTier: tier.id.rawValue)) }
                if case .limited(let units, _) = allowance, units < 1 {
                    found.append(.allowanceBelowOne(units, of: meter.rawValue, inTier: tier.id.rawValue))
                }
            }
        }
        if !tiers.contains(where: { $0.id == fallback }) { found.append(.unknownFallback(fallback.rawValue)) }
        for seconds in [grace.renewalSeconds, grace.pastDueSeconds]
        where !(0...maximumGraceSeconds).contains(seconds) {
            found.append(.graceOutOfBounds(seconds: seconds))
        }
        return found
    }

    private static func duplicates(in identifiers: [String]) -> [String] {
        var seen: Set<String> = []
        return identifiers.filter { !seen.insert($0).inserted }
    }

    private static func equalRanks(in tiers: [Tier]) -> [CatalogError.Problem] {
        var first: [Int: Tier.ID] = [:]
        var found: [CatalogError.Problem] = []
        for tier in tiers {
            if let other = first[tier.rank] {
                found.append(.equalRanks(other.rawValue, tier.id.rawValue, rank: tier.rank))
            } else {
                first[tier.rank] = tier.id
            }
        }
        return found
    }
}
