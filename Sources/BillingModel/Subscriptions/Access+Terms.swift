extension Account.Access {
    /// Returns what is given on a meter, or of a pool.
    public func allowance(of subject: Account.Balance.Subject) -> Allowance {
        switch subject {
        case .meter(let meter): tier.allowance(of: meter)
        case .pool(let pool):
            tier.credits[pool].map { .limited($0.amount, per: $0.recurrence, rollover: $0.rollover) } ?? .none
        }
    }

    /// Returns where a meter draws on credits, or `nil` where it does not.
    func draw(of meter: Meter.ID) -> Meter.PoolDraw? {
        catalog.meter(meter)?.draw
    }

    /// Returns the access with terms in place of the tier's.
    func applying(_ overrides: [Account.Override], at now: Timestamp) -> Self {
        var (allowances, features, rates) = (tier.allowances, tier.features, tier.rates)
        for override in overrides where override.isLive(at: now) {
            switch override.term {
            case .allowance(let allowance, of: let meter): allowances[meter] = allowance
            case .rates(let other, of: let meter): rates[meter] = other.isEmpty ? nil : other
            case .feature(let feature, let value): features[feature] = value
            }
        }
        let own = Tier(
            tier.id,
            rank: tier.rank,
            name: tier.name,
            description: tier.description,
            allowances: allowances,
            features: features,
            rates: rates,
            credits: tier.credits,
            prices: tier.prices
        )
        return Self(tier: own, subscription: subscription, trial: trial, until: until, catalog: catalog)
    }
}

extension Account.Override {
    /// Returns whether the term stands in place of the tier's at an instant.
    func isLive(at now: Timestamp) -> Bool {
        end.map { now < $0 } ?? true
    }
}
