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
        replacing(tier: tier.applying(overrides, at: now))
    }

    /// Returns the access with the features that benefits give beside the tier's.
    ///
    /// - Parameters:
    ///   - benefits: What providers give.
    ///   - giving: The subscriptions that give access. What came with another one is over, whether or not that was told.
    /// - Returns: The access with those features in its tier.
    func applying(_ benefits: [Benefit], while giving: [Subscription.Key]) -> Self {
        var features = tier.features
        for benefit in benefits where benefit.isGranted {
            let subscription = benefit.subscription.map { Subscription.Key(provider: benefit.key.provider, id: $0) }
            if let subscription, !giving.contains(subscription) { continue }
            guard case .feature(let id) = benefit.gift, catalog.feature(id)?.kind == .flag else { continue }
            features[id] = .flag(true)
        }
        guard features != tier.features else { return self }
        return replacing(tier: tier.replacing(features: features))
    }

    private func replacing(tier: Tier) -> Self {
        Self(
            tier: tier,
            subscription: subscription,
            trial: trial,
            until: until,
            reason: reason,
            since: since,
            catalog: catalog
        )
    }
}

extension Tier {
    /// Returns the tier with terms in place of its own.
    func applying(_ overrides: [Account.Override], at now: Timestamp) -> Tier {
        if overrides.isEmpty { return self }
        var (allowances, features, rates) = (allowances, features, rates)
        for override in overrides where override.isLive(at: now) {
            switch override.term {
            case .allowance(let allowance, of: let meter): allowances[meter] = allowance
            case .rates(let other, of: let meter): rates[meter] = other.isEmpty ? nil : other
            case .feature(let feature, let value): features[feature] = value
            }
        }
        return replacing(allowances: allowances, features: features, rates: rates)
    }

    /// Returns the tier with other terms.
    func replacing(
        allowances: [Meter.ID: Allowance]? = nil,
        features: [Feature.ID: Feature.Value]? = nil,
        rates: [Meter.ID: [Rate]]? = nil
    ) -> Tier {
        Tier(
            id,
            rank: rank,
            name: name,
            description: description,
            allowances: allowances ?? self.allowances,
            features: features ?? self.features,
            rates: rates ?? self.rates,
            credits: credits,
            prices: prices
        )
    }
}

extension Account.Override {
    /// Returns whether the term stands in place of the tier's at an instant.
    func isLive(at now: Timestamp) -> Bool {
        end.map { now < $0 } ?? true
    }
}
