extension Catalog {
    /// What a tier says of a meter, as a gate needs it.
    struct Terms {
        /// What the tier gives.
        let allowance: Allowance
        /// Where the meter draws on credits.
        let draw: Meter.PoolDraw?
        /// How the meter counts.
        let kind: Meter.Kind
        /// Whether short windows hold beside the allowance.
        let hasRates: Bool
        /// The hash of a use of the meter, but for the units: it is the same for every one.
        let useHash: FNV1a
    }

    /// The terms of every tier on every meter, worked out once: a gate looks at them with every use.
    struct TermsTable {
        /// By meter within tier.
        private let terms: [Terms]
        private let meterCount: Int
        /// The places of the meters, where there are so many that one looks them up.
        private let places: [Meter.ID: Int]

        private static let fewMeters = 8

        init(meters: [Meter], tiers: [Tier]) {
            terms = tiers.flatMap { tier in
                meters.map { meter in
                    Terms(
                        allowance: tier.allowance(of: meter.id),
                        draw: meter.draw,
                        kind: meter.kind,
                        hasRates: tier.rates[meter.id] != nil,
                        useHash: FNV1a.consume.adding(meter.id.rawValue)
                    )
                }
            }
            meterCount = meters.count
            // A catalog that is being examined may well name a meter twice.
            let named = meters.enumerated().map { ($1.id, $0) }
            places = meters.count > Self.fewMeters ? Dictionary(named) { first, _ in first } : [:]
        }

        /// Returns the terms for a meter of a tier at a place.
        func terms(of meter: Meter.ID, among meters: [Meter], inTierAt tier: Int) -> Terms? {
            let place = places.isEmpty ? meters.firstIndex { $0.id == meter } : places[meter]
            return place.map { terms[tier * meterCount + $0] }
        }
    }

    /// Returns what a tier says of a meter, or `nil` when this catalog has no such meter or tier.
    func terms(of meter: Meter.ID, in tier: Tier.ID) -> Terms? {
        // By index: a tier that is taken out is copied with all it has.
        guard let index = tiers.firstIndex(where: { $0.id == tier }) else { return nil }
        return table.value.terms(of: meter, among: meters, inTierAt: index)
    }
}
