import BillingKit

extension Account.Change: Filed {
    func write(to page: inout Page) {
        page.write(customer, revision, kind, key, fingerprint, member, recordedAt, effectiveAt, receipt)
        page.write(effects, notices, references, events, reason)
    }

    init(from page: inout Page) throws {
        self.init(
            customer: try page.read(),
            revision: try page.read(),
            kind: try page.read(),
            key: try page.read(),
            fingerprint: try page.read(),
            member: try page.read(),
            recordedAt: try page.read(),
            effectiveAt: try page.read(),
            receipt: try page.read(),
            effects: try page.read(),
            notices: try page.read(),
            references: try page.read(),
            events: try page.read(),
            reason: try page.read()
        )
    }
}

extension Account.Effect: Filed {
    func write(to page: inout Page) {
        switch self {
        case .opened(let anchor): page.write(0, anchor)
        case .tierEntered(let standing): page.write(1, standing)
        case .periodOpened(let period): page.write(2, period)
        case .periodExtended(let subject, let end): page.write(3, subject, end)
        case .granted(let grant): page.write(4, grant)
        case .resized(let grant, let delta): page.write(5, grant, delta)
        case .drawn(let draw): page.write(6, draw)
        case .returned(let back): page.write(7, back)
        case .moved(let subject, let from, let to, let amount): page.write(8, subject, from, to, amount)
        case .carried(let grant, let amount): page.write(9, grant, amount)
        case .expired(let grant, let amount): page.write(10, grant, amount)
        case .voided(let grant, let amount, let instant): page.write(11, grant, amount, instant)
        case .retired(let grant): page.write(12, grant)
        case .restored(let grant): page.write(13, grant)
        case .held(let hold): page.write(14, hold)
        case .holdExtended(let hold, let end): page.write(15, hold, end)
        case .holdEnded(let hold, let end): page.write(16, hold, end)
        case .levelled(let meter, let units): page.write(17, meter, units)
        case .windowOpened(let window): page.write(18, window)
        case .warned(let warning): page.write(19, warning)
        case .recovered(let warning): page.write(20, warning)
        case .trialChanged(let trial): page.write(21, trial)
        case .purchased(let instant): page.write(22, instant)
        case .overridden(let overrides): page.write(23, overrides)
        case .subscribed(let subscription): page.write(24, subscription)
        case .upgraded(let upgrade, let step): page.write(25, upgrade, step)
        case .ordered(let order): page.write(26, order)
        case .upgradeForgotten(let key): page.write(27, key)
        case .benefited(let benefit): page.write(28, benefit)
        case .subscriptionForgotten(let subscription): page.write(29, subscription)
        case .benefitForgotten(let benefit): page.write(30, benefit)
        }
    }

    init(from page: inout Page) throws {
        switch try page.read(Int.self) {
        case 0: self = .opened(anchor: try page.read())
        case 1: self = .tierEntered(try page.read())
        case 2: self = .periodOpened(try page.read())
        case 3: self = .periodExtended(try page.read(), until: try page.read())
        case 4: self = .granted(try page.read())
        case 5: self = .resized(try page.read(), by: try page.read())
        case 6: self = .drawn(try page.read())
        case 7: self = .returned(try page.read())
        case 8: self = .moved(try page.read(), from: try page.read(), to: try page.read(), amount: try page.read())
        case 9: self = .carried(try page.read(), amount: try page.read())
        case 10: self = .expired(try page.read(), amount: try page.read())
        case 11: self = .voided(try page.read(), amount: try page.read(), at: try page.read())
        case 12: self = .retired(try page.read())
        case 13: self = .restored(try page.read())
        case 14: self = .held(try page.read())
        case 15: self = .holdExtended(try page.read(), until: try page.read())
        case 16: self = .holdEnded(try page.read(), try page.read())
        case 17: self = .levelled(try page.read(), at: try page.read())
        case 18: self = .windowOpened(try page.read())
        case 19: self = .warned(try page.read())
        case 20: self = .recovered(try page.read())
        case 21: self = .trialChanged(try page.read())
        case 22: self = .purchased(try page.read())
        case 23: self = .overridden(try page.read())
        case 24: self = .subscribed(try page.read())
        case 25: self = .upgraded(try page.read(), try page.read())
        case 26: self = .ordered(try page.read())
        case 27: self = .upgradeForgotten(try page.read())
        case 28: self = .benefited(try page.read())
        case 29: self = .subscriptionForgotten(try page.read())
        case 30: self = .benefitForgotten(try page.read())
        default: throw page.unreadable
        }
    }
}

extension Account.Receipt: Filed {
    func write(to page: inout Page) { page.write(revision, line, isLate, at, others, skipped) }

    init(from page: inout Page) throws {
        self.init(
            revision: try page.read(),
            line: try page.read(),
            isLate: try page.read(),
            at: try page.read(),
            others: try page.read(),
            skipped: try page.read()
        )
    }
}

extension Account.Receipt.Line: Filed {
    func write(to page: inout Page) { page.write(subject, amount, overage, remaining) }

    init(from page: inout Page) throws {
        self.init(
            subject: try page.read(),
            amount: try page.read(),
            overage: try page.read(),
            remaining: try page.read()
        )
    }
}

extension Account.Remaining: Filed {
    func write(to page: inout Page) {
        switch self {
        case .units(let units): page.write(0, units)
        case .unlimited: page.write(1)
        }
    }

    init(from page: inout Page) throws {
        self = try page.read(Int.self) == 0 ? .units(try page.read()) : .unlimited
    }
}

extension Account.Notice: Filed {
    func write(to page: inout Page) { page.write(customer, revision, ordinal, kind, at) }

    init(from page: inout Page) throws {
        self.init(
            customer: try page.read(),
            revision: try page.read(),
            ordinal: try page.read(),
            kind: try page.read(),
            at: try page.read()
        )
    }
}

extension Account.Notice.Kind: Filed {
    func write(to page: inout Page) {
        switch self {
        case .lowBalance(let subject, let threshold, let left): page.write(0, subject, threshold, left)
        case .exhausted(let subject): page.write(1, subject)
        case .trialEnding(let end, let days): page.write(2, end, days)
        case .trialEnded: page.write(3)
        case .inconsistent(let severity, let sentence): page.write(4, severity, sentence)
        case .tierChanged(let from, let to): page.write(5, from, to)
        case .paymentDue(let subscription): page.write(6, subscription)
        case .severalSubscriptions(let subscription, beside: let other): page.write(7, subscription, other)
        case .changeDropped(let subscription, to: let tier): page.write(8, subscription, tier)
        case .upgradeAbandoned(let attempt): page.write(9, attempt)
        }
    }

    init(from page: inout Page) throws {
        switch try page.read(Int.self) {
        case 0: self = .lowBalance(try page.read(), try page.read(), left: try page.read())
        case 1: self = .exhausted(try page.read())
        case 2: self = .trialEnding(try page.read(), days: try page.read())
        case 3: self = .trialEnded
        case 4: self = .inconsistent(try page.read(), try page.read())
        case 5: self = .tierChanged(from: try page.read(), to: try page.read())
        case 6: self = .paymentDue(try page.read())
        case 7: self = .severalSubscriptions(try page.read(), beside: try page.read())
        case 8: self = .changeDropped(try page.read(), to: try page.read())
        case 9: self = .upgradeAbandoned(try page.read())
        default: throw page.unreadable
        }
    }
}

extension ProviderReference: Filed {
    func write(to page: inout Page) { page.write(provider, kind, id) }

    init(from page: inout Page) throws {
        self.init(provider: try page.read(), kind: try page.read(), id: try page.read())
    }
}

extension Account.Change.Kind: Filed {}
extension Account.Finding.Severity: Filed {}
extension Account.HoldEnd: Filed {}
extension ProviderReference.Kind: Filed {}
extension Account.EventID: Filed {}
extension Account.Grant.ID: Filed {}
extension Account.Hold.ID: Filed {}
extension Account.Key: Filed {}
extension CreditPool.ID: Filed {}
extension CustomerID: Filed {}
extension Feature.ID: Filed {}
extension MemberID: Filed {}
extension Meter.ID: Filed {}
extension ProviderID: Filed {}
extension Tier.ID: Filed {}
extension Pack.ID: Filed {}
