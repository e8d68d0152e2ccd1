import BillingModel
import SeededTesting
import Testing

/// Numbers and instants at the ends of their range are refused or taken, and never trap, whatever they are added to.
@Suite struct HostileNumberTests {
    /// An account with its facts, some of them as hostile as the commands.
    private struct Victim {
        var account = Account(customer: "acme")
        var now = Fixture.opening
        var orders: [ProviderReference: Account.Order] = [:]
        var precedents: [Account.Key: Account.Facts.Precedent] = [:]
        var spending: [Account.Key: Account.Facts.Spending] = [:]
        var owned: Set<ProviderReference> = []
        var works: [Work] = []
        var journal: [Account.Change] = []
        /// What is said to have been used before.
        var used = Account.Facts.Usage()

        func facts(for command: Account.Command) -> Account.Facts {
            var facts = Account.Facts(precedent: command.key.flatMap { precedents[$0] })
            if case .take(let snapshot) = command.action {
                facts.order = snapshot.order.flatMap { orders[$0.providerReference] }
            }
            for reference in command.references where owned.contains(reference) {
                facts.owners[reference] = account.customer
            }
            if let key = command.spendingKey { facts.spending[key] = spending[key] }
            return facts
        }

        /// Does what needs facts, and answers all that it turns out to need.
        func withFacts<Answer>(
            for command: Account.Command,
            _ body: (Account.Facts) throws(Account.DecisionError) -> Answer
        ) throws(Account.DecisionError) -> Answer {
            var facts = facts(for: command)
            for _ in 0..<4 {
                do {
                    return try body(facts)
                } catch {
                    guard case .missing(let needs) = error.code, !needs.isEmpty else { throw error }
                    for need in needs {
                        switch need {
                        case .usage(let question): facts.usage[question] = used
                        case .orders(of: let key):
                            facts.orders[key] = orders.values.filter { $0.subscriptionKey == key }
                        case .catalog: break
                        }
                    }
                }
            }
            return try body(facts)
        }

        mutating func send(_ command: Account.Command, in catalog: Catalog) throws(Account.DecisionError) {
            let (account, instant) = (account, now)
            let decision = try withFacts(for: command) { (facts) throws(Account.DecisionError) in
                // What a page asks beside it.
                _ = try? account.preview(command, facts: facts, at: instant, in: catalog)
                _ = try? account.overview(facts: facts, at: instant, in: catalog)
                return try account.decide(command, facts: facts, at: instant, in: catalog)
            }
            if case .held(let receipt, let hold) = decision.answer, let key = command.key {
                works.append(Work(key: key, receipt: receipt, hold: hold))
            }
            guard let change = decision.change else { return }
            let isNext = self.account.apply(change)
            #expect(isNext)
            journal.append(change)
            for key in spending.keys { spending[key]?.note(change) }
            if let key = change.key {
                precedents[key] = .init(receipt: change.receipt, fingerprint: change.fingerprint, at: change.recordedAt)
                spending[key] = .init(of: change)
            }
            owned.formUnion(change.references)
            for case .ordered(let order) in change.effects { orders[order.providerReference] = order }
            for case .drawn(let draw) in change.effects { used.add(draw) }
            for case .returned(let back) in change.effects { used.take(back: back.draw) }
        }
    }

    private static let ends: [Int64] = [
        .min, .min + 1, -1, 0, 1, .max - 1, .max, .max / 2, .max / 2 + 1, Catalog.Limits.units,
        Catalog.Limits.units + 1, Catalog.Limits.minorUnits, Catalog.Limits.minorUnits + 1,
    ]

    private static func number(using generator: inout SeededGenerator) -> Int64 {
        Int.random(in: 0..<3, using: &generator) == 0
            ? Int64.random(in: 1...20, using: &generator) : ends.randomElement(using: &generator) ?? 0
    }

    private static func instant(_ now: Timestamp, using generator: inout SeededGenerator) -> Timestamp {
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: Timestamp(microseconds: ends.randomElement(using: &generator) ?? 0)
        case 1: Timestamp(microseconds: Int64.random(in: .min ... .max, using: &generator))
        default: now + .hours(Int64.random(in: -900...900, using: &generator))
        }
    }

    private static func catalog() throws -> Catalog {
        let plain = try Lab.catalog()
        var tiers = plain.tiers
        // As wide as a catalog may be: what is given for one is multiplied by the quantity that a snapshot names.
        tiers.append(
            Tier(
                .team,
                rank: 3,
                name: "Team",
                allowances: [
                    .documents: .limited(Catalog.Limits.units, per: .month, overage: .countedWithoutCap),
                    .searches: .limited(1, per: .day, overage: .countedWithoutCap),
                    .desks: .level(Catalog.Limits.units, overage: .countedWithoutCap),
                ],
                credits: [.ai: .init(Catalog.Limits.units, per: .month, rollover: .upTo(Catalog.Limits.units))],
                prices: [Shop.price(Catalog.Limits.minorUnits, per: .month), Shop.price(1, per: .year)]
            )
        )
        return try Catalog(
            version: plain.version,
            meters: plain.meters,
            pools: plain.pools,
            features: plain.features,
            tiers: tiers,
            fallback: plain.fallback,
            packs: plain.packs,
            trial: plain.trial,
            settings: plain.settings
        )
    }

    @Test(arguments: 0..<4)
    func `no number and no instant of a command traps`(part: Int) throws {
        let catalog = try Self.catalog()
        let seed = SeededGenerator.seed(for: "hostile numbers, part \(part)") &+ UInt64(part)
        var generator = SeededGenerator(seed: seed)
        var (taken, refused): ([Account.Change.Kind: Int], [Account.DecisionError.Code: Int]) = ([:], [:])
        var (takenCount, refusedCount) = (0, 0)
        for _ in 0..<120 {
            var victim = Victim()
            if Bool.random(using: &generator) { victim.used.units = Self.number(using: &generator) }
            for _ in 0..<40 {
                // Clocks are the server's own and jump less far, but for the last word.
                victim.now = victim.now + .hours(Int64.random(in: -24...240, using: &generator))
                let command = Self.command(for: victim, using: &generator)
                do throws(Account.DecisionError) {
                    try victim.send(command, in: catalog)
                    taken[command.kind, default: 0] += 1
                    takenCount += 1
                } catch {
                    refused[error.code, default: 0] += 1
                    refusedCount += 1
                }
            }
            // All that there is to see of it, at the end of time too.
            for instant in [victim.now, Timestamp(microseconds: .max), Timestamp(microseconds: .min)] {
                _ = try? victim.account.overview(at: instant, in: catalog)
            }
            let folded = Account(folding: victim.journal, of: "acme")
            #expect(folded == victim.account)
            try? victim.send(Account.Command(.examine(folded: folded)), in: catalog)
            _ = victim.account.dueAt(in: catalog)
        }
        print("hostile numbers, part \(part): \(takenCount) taken, \(refusedCount) refused; \(taken), \(refused)")
        #expect(takenCount > 1_200 && refusedCount > 800)
        #expect(refused[.amountOutOfBounds, default: 0] > 200)
        for kind in [Account.Change.Kind.consume, .record, .grant, .provider, .correct, .setLevel, .startUpgrade] {
            #expect(taken[kind, default: 0] >= 15, "too few of \(kind) were taken: \(taken)")
        }
    }

    private static func command(for victim: Victim, using generator: inout SeededGenerator) -> Account.Command {
        let meter = [Meter.ID.documents, .searches, .desks].randomElement(using: &generator) ?? .documents
        let amount = number(using: &generator)
        let key = Account.Key("key-\(Int.random(in: 0..<200, using: &generator))")
        switch Int.random(in: 0..<20, using: &generator) {
        case 0: return .consume(amount, of: meter, key: key)
        case 1: return .consume(upTo: amount, of: meter, key: key)
        case 2, 3: return .record(amount, of: meter, key: key)
        case 4:
            let events = (0..<3).map { Account.Command.Event(id: "\(key)-\($0)", meter: meter, amount: amount) }
            return Account.Command(.recordAll(events), key: key)
        case 5: return .reserve(amount, of: meter, key: key, for: .microseconds(number(using: &generator)))
        case 6: return victim.works.randomElement(using: &generator)?.capture(amount) ?? .record(amount, of: meter)
        case 7:
            let known = victim.spending.keys.sorted { $0.rawValue < $1.rawValue }
            let use = known.randomElement(using: &generator) ?? key
            return Account.Command(
                .refund(.init(of: use, amount: Bool.random(using: &generator) ? nil : amount)),
                key: key
            )
        case 8, 9:
            let correction = Account.Command.Correction(meter: meter, amount: amount, reason: "hostile")
            return Account.Command(.correct(correction), key: key, member: "ann")
        case 10: return Account.Command(.setLevel(.init(meter: .desks, units: amount)), key: key)
        case 11:
            let step = Account.Command.Consumption(meter: .desks, amount: amount)
            return Account.Command(Bool.random(using: &generator) ? .raise(step) : .lower(step), key: key)
        case 12, 13:
            let subject: Account.Balance.Subject = Bool.random(using: &generator) ? .pool(.ai) : .meter(meter)
            let granting = Account.Command.Granting(
                amount,
                of: subject,
                from: [.promotion, .order].randomElement(using: &generator) ?? .order,
                priority: number(using: &generator),
                effective: Bool.random(using: &generator) ? nil : instant(victim.now, using: &generator),
                expiry: Bool.random(using: &generator) ? nil : instant(victim.now, using: &generator)
            )
            return Account.Command(.grant(granting), key: key)
        case 14:
            let request = Account.Command.UpgradeRequest(
                .tier(.pro),
                reference: Bool.random(using: &generator) ? "job-1" : nil,
                at: instant(victim.now, using: &generator)
            )
            return Account.Command(.startUpgrade(request), key: key)
        case 15:
            let terms = Account.Command.SubscriptionChange.Terms(
                tier: [nil, .free, .pro, .team].randomElement(using: &generator) ?? nil,
                cycle: [nil, .month, .year].randomElement(using: &generator) ?? nil,
                quantity: amount
            )
            let wish: Account.Command.SubscriptionChange.Wish =
                Bool.random(using: &generator)
                ? .change(to: terms, [nil, .now, .periodEnd].randomElement(using: &generator) ?? nil)
                : .pause(until: instant(victim.now, using: &generator))
            return Account.Command(.changeSubscription(.init(wish)))
        default: return .take(snapshot(for: victim, using: &generator))
        }
    }

    private static func snapshot(for victim: Victim, using generator: inout SeededGenerator) -> ProviderSnapshot {
        func when() -> Timestamp { instant(victim.now, using: &generator) }
        func sometimes<Value>(_ value: @autoclosure () -> Value) -> Value? {
            Int.random(in: 0..<3, using: &generator) == 0 ? value() : nil
        }
        let euros = Currency.eur
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
            let order = Account.Order(
                provider: "polar",
                id: "order_\(Int.random(in: 0..<3, using: &generator))",
                version: ObjectVersion(object: when(), event: when()),
                status: ["paid", "refunded"].randomElement(using: &generator) ?? "paid",
                isPaid: true,
                purpose: Account.Order.Purpose.allCases.randomElement(using: &generator) ?? .purchase,
                createdAt: when(),
                total: Money(minorUnits: sometimes(number(using: &generator)) ?? 2_900, currency: euros),
                refundedMinorUnits: sometimes(number(using: &generator)) ?? 0,
                tier: .pro,
                pack: sometimes(.credits),
                subscription: sometimes("sub_1"),
                checkout: sometimes("chk_1"),
                reference: sometimes("job-1")
            )
            return ProviderSnapshot(provider: "polar", order: order)
        case 1:
            let checkout = CheckoutSnapshot(
                id: "chk_1",
                version: ObjectVersion(object: when(), event: when()),
                createdAt: when(),
                expiresAt: sometimes(when()),
                isExpired: Bool.random(using: &generator),
                target: .tier(.pro),
                reference: sometimes("job-1")
            )
            return ProviderSnapshot(provider: "polar", checkout: checkout)
        case 2:
            let report = BenefitSnapshot(
                key: Benefit.Key(provider: "polar", id: "ben_1"),
                version: ObjectVersion(object: when(), event: when()),
                gift: .units(number(using: &generator), of: .meter(.documents), rollsOver: true),
                isGranted: true,
                creditedAt: when(),
                expiry: sometimes(when())
            )
            return ProviderSnapshot(provider: "polar", benefits: [report])
        default:
            let (one, other) = (when(), when())
            let statuses: [SubscriptionStatus] = [.active, .active, .trialing, .pastDue, .canceled, "frozen"]
            let report = SubscriptionSnapshot(
                provider: "polar",
                id: "sub_1",
                version: ObjectVersion(object: when(), event: when()),
                tier: [.pro, .team].randomElement(using: &generator) ?? .pro,
                status: statuses.randomElement(using: &generator) ?? .active,
                cycle: sometimes(.month),
                period: TimeSpan(from: min(one, other), to: max(one, other)),
                cancelsAtPeriodEnd: Bool.random(using: &generator),
                endsAt: sometimes(when()),
                endedAt: sometimes(when()),
                pastDueAt: sometimes(when()),
                trialEnd: sometimes(when()),
                resumesAt: sometimes(when()),
                quantity: sometimes(number(using: &generator)),
                price: sometimes(Money(minorUnits: number(using: &generator), currency: euros)),
                pending: sometimes(
                    .init(tier: .free, quantity: sometimes(number(using: &generator)), appliesAt: when())
                )
            )
            return ProviderSnapshot(provider: "polar", subscriptions: [report])
        }
    }
}
