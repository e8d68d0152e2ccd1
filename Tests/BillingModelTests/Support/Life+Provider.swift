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

    /// The provider's last few words.
    var toldLately: [ProviderSnapshot] {
        sent.suffix(60).compactMap { if case .take(let snapshot) = $0.action { snapshot } else { nil } }.suffix(6)
    }

    /// What is told of units that the provider credits, at the version that words have come to.
    ///
    /// Where units are left of a lot, they are mostly taken back, and else mostly credited anew.
    mutating func benefit(using generator: inout SeededGenerator) -> ProviderSnapshot {
        let subject: Account.Balance.Subject = Bool.random(using: &generator) ? .pool(.ai) : .meter(.documents)
        var number = Int.random(in: 0..<2, using: &generator)
        var isRevoked = Int.random(in: 0..<5, using: &generator) == 0
        let lot = ledger.account.grants.first { $0.id.isLot && $0.remaining > 0 }
        if Int.random(in: 0..<4, using: &generator) > 0 {
            if let lot { number = lot.id.rawValue.contains("ben_1@") ? 1 : 0 }
            isRevoked = lot != nil
            version = max(version, clock) + .minutes(1)
        }
        let report = BenefitSnapshot(
            key: Benefit.Key(provider: "polar", id: "ben_\(number)"),
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
        guard Bool.random(using: &generator) else { return nil }
        return Subscription.PendingChange(
            tier: [.free, .pro, .enterprise, .team].randomElement(using: &generator) ?? .free,
            quantity: Bool.random(using: &generator) ? 2 : nil,
            appliesAt: period.end
        )
    }
}

extension Account.Grant.ID {
    /// Whether it is the name of what a benefit has credited.
    var isLot: Bool { rawValue.hasPrefix("polar:ben_") }
}
