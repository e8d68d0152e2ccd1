import BillingModel
import SeededTesting

extension Life {
    /// A wish to change a subscription, which is worked out and changes nothing.
    func subscriptionWish(using generator: inout SeededGenerator) -> Account.Command {
        let terms = Account.Command.SubscriptionChange.Terms(
            tier: [nil, .free, .pro, .enterprise].randomElement(using: &generator) ?? nil,
            cycle: [nil, .month, .year].randomElement(using: &generator) ?? nil,
            quantity: [nil, 1, 4].randomElement(using: &generator) ?? nil
        )
        let moment: Account.Command.SubscriptionChange.Moment? =
            [nil, .now, .periodEnd].randomElement(using: &generator) ?? nil
        let wishes: [Account.Command.SubscriptionChange.Wish] = [
            .cancel(.periodEnd), .cancel(.now), .undoCancellation, .change(to: terms, moment),
            .change(to: terms, moment), .dropPendingChange, .pause(until: nil), .pause(until: clock + .days(40)),
            .resume,
        ]
        let subscription: Subscription.Key? =
            Int.random(in: 0..<3, using: &generator) == 0 ? .init(provider: "polar", id: "sub_1") : nil
        return Account.Command(
            .changeSubscription(.init(wishes.randomElement(using: &generator) ?? .resume, of: subscription))
        )
    }

    /// What is told of units that the provider credits, at the version that words have come to.
    func benefit(using generator: inout SeededGenerator) -> ProviderSnapshot {
        let subject: Account.Balance.Subject = Bool.random(using: &generator) ? .pool(.ai) : .meter(.documents)
        let isRevoked = Int.random(in: 0..<5, using: &generator) < 2
        let report = BenefitSnapshot(
            key: Benefit.Key(provider: "polar", id: "ben_\(Int.random(in: 0..<2, using: &generator))"),
            version: Fixture.version(version),
            gift: .units(
                Int64.random(in: 1...20, using: &generator),
                of: subject,
                rollsOver: Bool.random(using: &generator)
            ),
            isGranted: !isRevoked,
            subscription: Bool.random(using: &generator) ? "sub_1" : nil,
            creditedAt: isRevoked ? nil : version,
            expiry: Bool.random(using: &generator) ? version + .days(20) : nil,
            revokedAt: isRevoked ? version : nil
        )
        return ProviderSnapshot(provider: "polar", benefits: [report])
    }

    /// A change that is set for later, now and then to a tier that nobody sells.
    func pendingChange(using generator: inout SeededGenerator) -> Subscription.PendingChange? {
        guard Int.random(in: 0..<4, using: &generator) == 0 else { return nil }
        return Subscription.PendingChange(
            tier: [.free, .pro, .enterprise, .team].randomElement(using: &generator) ?? .free,
            quantity: Bool.random(using: &generator) ? 2 : nil,
            appliesAt: period.end
        )
    }
}
