import BillingModel
import SeededTesting

extension Life {
    mutating func advance(using generator: inout SeededGenerator) {
        let step: Duration =
            switch Int.random(in: 0..<40, using: &generator) {
            case 0: .days(Int64.random(in: 1...60, using: &generator))
            case 1...4: .days(1)
            case 5: .zero - .hours(Int64.random(in: 1...48, using: &generator))
            case 6...15: .zero
            default: .minutes(Int64.random(in: 1...90, using: &generator))
            }
        clock = clock + step
    }

    mutating func command(using generator: inout SeededGenerator) throws -> Account.Command {
        // Half of the customers try before they do anything else; later most have bought something.
        if sent.isEmpty, Bool.random(using: &generator) { return Account.Command(.startTrial) }
        // What was asked of the provider is mostly what it then tells.
        if let report = asked.popLast(), Int.random(in: 0..<3, using: &generator) > 0 {
            return .take(ProviderSnapshot(provider: "polar", subscriptions: [report]), key: freshKey())
        }
        // A retry is the same command again: mostly one of the last few.
        if Int.random(in: 0..<8, using: &generator) == 0, let again = sent.suffix(6).randomElement(using: &generator) {
            return again
        }
        let meter: Meter.ID = Int.random(in: 0..<3, using: &generator) == 0 ? .searches : .documents
        switch Int.random(in: 0..<150, using: &generator) {
        case ..<6: return .consumeAll([(.documents, amount(using: &generator)), (.searches, 1)], key: freshKey())
        case ..<19: return .consume(amount(using: &generator), of: meter, key: freshKey())
        case ..<26: return .consume(upTo: 9 * amount(using: &generator), of: .documents, key: freshKey())
        case ..<30: return .record(amount(using: &generator), of: meter, key: freshKey())
        case ..<33: return batch(using: &generator)
        case ..<48: return reservation(of: meter, using: &generator)
        case ..<62: return capture(using: &generator) ?? .consume(1, key: freshKey())
        case ..<66: return release(using: &generator) ?? .consume(1, key: freshKey())
        case ..<69: return more(using: &generator) ?? .consume(1, key: freshKey())
        case ..<77: return refund(using: &generator)
        case ..<81: return correction(of: meter, using: &generator)
        case ..<90: return level(using: &generator)
        case ..<92: return wish(using: &generator)
        case ..<96: return advance(using: &generator)
        case ..<107: return granting(of: meter, using: &generator)
        case ..<110: return voiding(using: &generator)
        case ..<112: return Account.Command(.startTrial)
        case ..<114: return terms(using: &generator)
        case ..<118: return Account.Command(.settle)
        case ..<119: return Account.Command(.examine(folded: nil))
        case ..<120:
            return Account.Command(.repair(Account.Finding(.unconserved(ledger.account.grants.first?.id ?? .init("")))))
        case ..<140: return .take(try word(using: &generator), key: freshKey())
        default: return subscriptionWish(using: &generator)
        }
    }

    private mutating func freshKey() -> Account.Key {
        nextKey += 1
        return Account.Key("key \(nextKey)")
    }

    private func amount(using generator: inout SeededGenerator) -> Int64 {
        Int64.random(in: 1...(Int.random(in: 0..<6, using: &generator) == 0 ? 30 : 4), using: &generator)
    }

    private mutating func reservation(of meter: Meter.ID, using generator: inout SeededGenerator) -> Account.Command {
        // Work is tried again under its key by somebody else, while it goes on, after it failed or is done.
        if let old = works.suffix(5).randomElement(using: &generator), Int.random(in: 0..<4, using: &generator) == 0 {
            nextKey += 1
            return .reserve(
                old.receipt.amount,
                of: old.receipt.meter ?? .documents,
                key: old.key,
                attempt: "try \(nextKey)"
            )
        }
        if let hold = ledger.account.holds.randomElement(using: &generator),
            Int.random(in: 0..<4, using: &generator) == 0
        {
            nextKey += 1
            return .reserve(hold.amount, of: hold.meter, key: hold.key, attempt: "try \(nextKey)")
        }
        let duration = Duration.minutes([5, 60, 600, 60 * 24 * 40].randomElement(using: &generator) ?? 5)
        return .reserve(amount(using: &generator), of: meter, key: freshKey(), for: duration)
    }

    private func capture(using generator: inout SeededGenerator) -> Account.Command? {
        work(using: &generator).map { work in
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: work.capture(Int64.random(in: 0...work.receipt.amount, using: &generator))
            case 1: work.capture(work.receipt.amount + Int64.random(in: 1...40, using: &generator))
            default: work.capture()
            }
        }
    }

    private func release(using generator: inout SeededGenerator) -> Account.Command? {
        if let live = ledger.account.holds.randomElement(using: &generator),
            Int.random(in: 0..<4, using: &generator) == 0
        {
            return Account.Command(.release(live.id))
        }
        return work(using: &generator).map { Account.Command(.release($0.hold)) }
    }

    private func work(using generator: inout SeededGenerator) -> Work? {
        works.suffix(6).randomElement(using: &generator)
    }

    private mutating func granting(of meter: Meter.ID, using generator: inout SeededGenerator) -> Account.Command {
        let effective = [nil, nil, clock + .hours(30), clock - .days(2)].randomElement(using: &generator) ?? nil
        let life = [nil, Duration.hours(1), .days(3), .days(40)].randomElement(using: &generator) ?? nil
        if Int.random(in: 0..<3, using: &generator) == 0 { return pack(using: &generator) }
        // One in eight is told of when it is over.
        let isLate = effective == nil && Int.random(in: 0..<8, using: &generator) == 0
        return .grant(
            Int64.random(in: 1...12, using: &generator),
            of: meter,
            from: [.trial, .promotion, .order, .refund, .adjustment].randomElement(using: &generator) ?? .order,
            priority: [0, 0, 0, -1, 1].randomElement(using: &generator) ?? 0,
            effective: effective,
            expiry: isLate ? clock - .hours(1) : life.map { (effective ?? clock) + $0 },
            for: Bool.random(using: &generator) ? "pack-\(Int.random(in: 0..<8, using: &generator))" : nil,
            key: freshKey()
        )
    }

    private mutating func pack(using generator: inout SeededGenerator) -> Account.Command {
        let order = ProviderReference(
            provider: "polar",
            kind: .grant,
            id: "order-\(Int.random(in: 0..<16, using: &generator))"
        )
        let boughtAt = [nil, nil, clock - .days(20), clock + .hours(2)].randomElement(using: &generator) ?? nil
        let name: Pack.ID = Int.random(in: 0..<4, using: &generator) > 0 ? .credits : .documents
        return Account.Command(.grantPack(.init(name, order: order, boughtAt: boughtAt)), key: freshKey())
    }

    private mutating func batch(using generator: inout SeededGenerator) -> Account.Command {
        let events = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
            Account.Command.Event(
                id: "event \(Int.random(in: 0..<20, using: &generator))",
                meter: Bool.random(using: &generator) ? .documents : .searches,
                amount: amount(using: &generator)
            )
        }
        return Account.Command(.recordAll(events), key: freshKey())
    }

    private func more(using generator: inout SeededGenerator) -> Account.Command? {
        let live = ledger.account.holds.randomElement(using: &generator)?.id
        let hold = Bool.random(using: &generator) ? live : works.suffix(6).randomElement(using: &generator)?.hold
        return hold.map { Account.Command(.extend($0, byMicroseconds: 7_200_000_000)) }
    }

    private mutating func refund(using generator: inout SeededGenerator) -> Account.Command {
        let uses = ledger.journal.suffix(40).filter { [.consume, .record, .capture].contains($0.kind) }
        let refunded = sent.suffix(30).last { $0.kind == .refund }
        // What was done is asked for again, and what was refunded is refunded once more.
        if let refunded, Int.random(in: 0..<8, using: &generator) == 0 { return refunded }
        // Those that credits paid for are fewer, and the more can go wrong with them.
        let paid = uses.filter { use in
            use.effects.contains { if case .drawn(let draw) = $0 { draw.pool != nil } else { false } }
        }
        let chosen = Int.random(in: 0..<4, using: &generator) == 0 ? paid.randomElement(using: &generator) : nil
        var key = (chosen ?? uses.randomElement(using: &generator))?.key ?? "never"
        if case .refund(let again)? = refunded?.action, Int.random(in: 0..<4, using: &generator) == 0 {
            key = again.key
        }
        if Int.random(in: 0..<12, using: &generator) == 0 { key = "never" }
        let amount = [nil, nil, Int64.random(in: 1...6, using: &generator)].randomElement(using: &generator) ?? nil
        let isSingle = uses.first { $0.key == key }?.receipt?.others.isEmpty ?? true
        let meter: Meter.ID? = isSingle ? nil : Bool.random(using: &generator) ? .documents : .searches
        return Account.Command(.refund(.init(of: key, meter: meter, amount: amount)), key: freshKey())
    }

    private mutating func correction(of meter: Meter.ID, using generator: inout SeededGenerator) -> Account.Command {
        let again = sent.suffix(60).last { $0.kind == .correct }
        if let again, Int.random(in: 0..<8, using: &generator) == 0 { return again }
        let amount = Int64.random(in: 1...6, using: &generator) * (Bool.random(using: &generator) ? -1 : 1)
        let correction = Account.Command.Correction(meter: meter, amount: amount, reason: "The import ran twice.")
        return Account.Command(.correct(correction), key: freshKey(), member: "ann")
    }

    private mutating func level(using generator: inout SeededGenerator) -> Account.Command {
        let amount = Int64.random(in: 1...4, using: &generator)
        let step = Account.Command.Consumption(meter: .desks, amount: amount)
        let kinds: [Account.Change.Kind] = [.raise, .lower, .lower, .setLevel, .raise]
        let kind = kinds.randomElement(using: &generator) ?? .raise
        let again = sent.suffix(60).last { $0.kind == kind }
        if let again, Int.random(in: 0..<3, using: &generator) == 0 { return again }
        let action: Account.Command.Action =
            switch kind {
            case .raise: .raise(step)
            case .lower: .lower(step)
            default: .setLevel(Account.Level(meter: .desks, units: 2 * (amount - 1)))
            }
        return Account.Command(action, key: freshKey())
    }

    private mutating func terms(using generator: inout SeededGenerator) -> Account.Command {
        let again = sent.suffix(90).last { $0.kind == .override }
        if let again, Int.random(in: 0..<5, using: &generator) == 0 { return again }
        let end = [nil, clock + .days(3), clock + .days(40)].randomElement(using: &generator) ?? nil
        let terms: [Account.Override.Term] = [
            .allowance(.limited(25, per: .month, rollover: .upTo(5)), of: .documents),
            .allowance(.unlimited, of: .searches),
            .rates([.init(2, per: .hour)], of: .searches), .allowance(.level(3), of: .desks),
            .allowance(.limited(1, per: .day), of: .calls),
        ]
        let chosen = terms.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }
        return Account.Command(
            .override(chosen.map { Account.Override($0, until: end) }),
            key: freshKey()
        )
    }

    private mutating func voiding(using generator: inout SeededGenerator) -> Account.Command {
        // What was done is asked for again, from time to time.
        let last = ledger.journal.last { $0.kind == .void }?.key
        if let last, let again = sent.last(where: { $0.key == last }), Int.random(in: 0..<6, using: &generator) == 0 {
            return again
        }
        let isLive = Int.random(in: 0..<4, using: &generator) > 0
        let known = isLive ? ledger.account.grants.filter { $0.source != .allowance }.map(\.id) : []
        let gone = Account.Grant.ID("\(Int.random(in: 1...99, using: &generator)).0")
        return Account.Command(.void(known.randomElement(using: &generator) ?? gone), key: freshKey())
    }

    private func wish(using generator: inout SeededGenerator) -> Account.Command {
        let request = Account.Command.UpgradeRequest(
            tier: Bool.random(using: &generator) ? .pro : .enterprise,
            cycle: .month,
            reference: [nil, "a", "b"].randomElement(using: &generator) ?? nil
        )
        return Account.Command(.startUpgrade(request))
    }

    private func advance(using generator: inout SeededGenerator) -> Account.Command {
        let keys: [Upgrade.Key] = [.reference("a"), .reference("b"), .tier(.pro), .tier(.enterprise)]
        let key = keys.randomElement(using: &generator) ?? .tier(.pro)
        let at = Bool.random(using: &generator) ? clock - .minutes(Int64.random(in: 0...90, using: &generator)) : nil
        let checkout = "checkout-\(Int.random(in: 0..<3, using: &generator))"
        let steps: [Account.Command.UpgradeAdvance.Step] = [
            .locked(.init(.tier(.pro), reference: key.kind == "reference" ? key.name : nil)),
            .checkoutOpened(.init(checkout, expiresAt: clock + .hours(Int64.random(in: -1...30, using: &generator)))),
            .successSeen, .cancelled,
        ]
        return Account.Command(
            .advanceUpgrade(.init(steps.randomElement(using: &generator) ?? .cancelled, of: key, at: at))
        )
    }

    private mutating func word(using generator: inout SeededGenerator) throws -> ProviderSnapshot {
        // What was told is told again by another delivery.
        if Int.random(in: 0..<7, using: &generator) == 0, let again = toldLately.randomElement(using: &generator) {
            return again
        }
        // Two in five words are older than one that was sent before them.
        if Int.random(in: 0..<5, using: &generator) < 2 {
            version = version - .hours(Int64.random(in: 1...72, using: &generator))
        } else {
            version = max(version, clock) + .minutes(1)
        }
        let reference = [nil, "a", "b"].randomElement(using: &generator) ?? nil
        let checkout = "checkout-\(Int.random(in: 0..<3, using: &generator))"
        switch Int.random(in: 0..<10, using: &generator) {
        case 0:
            let order = try Fixture.order(
                "order-\(Int.random(in: 0..<3, using: &generator))",
                at: version,
                isPaid: Bool.random(using: &generator),
                checkout: checkout,
                reference: reference
            )
            return ProviderSnapshot(provider: "polar", order: order)
        case 1:
            let isExpired = Bool.random(using: &generator)
            let word = Fixture.checkout(checkout, at: version, isExpired: isExpired, reference: reference)
            return ProviderSnapshot(provider: "polar", checkout: word)
        case 2...6: return benefit(using: &generator)
        default: return ProviderSnapshot(provider: "polar", subscriptions: [subscription(using: &generator)])
        }
    }

    private mutating func subscription(using generator: inout SeededGenerator) -> SubscriptionSnapshot {
        if !period.contains(clock) || Int.random(in: 0..<10, using: &generator) == 0 {
            let start = clock - .hours(Int64.random(in: 0...72, using: &generator))
            period = TimeSpan(from: start, to: start + .days([1, 7, 31].randomElement(using: &generator) ?? 31))
        }
        let statuses: [SubscriptionStatus] = [
            .active, .active, .active, .active, .trialing, .pastDue, .canceled, "odd",
        ]
        let status = statuses.randomElement(using: &generator) ?? .active
        return Fixture.subscription(
            [.free, .pro, .pro, .enterprise].randomElement(using: &generator) ?? .pro,
            status,
            id: Int.random(in: 0..<4, using: &generator) == 0 ? "sub_2" : "sub_1",
            period: period,
            at: version,
            cycle: [.month, .day, nil].randomElement(using: &generator) ?? nil,
            cancels: Int.random(in: 0..<5, using: &generator) == 0,
            endedAt: status == .canceled ? clock : nil,
            pastDueAt: status == .pastDue && Bool.random(using: &generator) ? clock : nil,
            pauses: Int.random(in: 0..<9, using: &generator) == 0,
            quantity: [nil, 1, 3].randomElement(using: &generator) ?? nil,
            pending: pendingChange(using: &generator)
        )
    }
}
