import BillingModel
import SeededTesting
import Testing

/// What a change is reckoned to cost.
@Suite struct EstimateTests {
    private typealias PaidTime = Account.Estimate.PaidTime
    private let period = Fixture.days(0, 31)

    @Test(arguments: 0..<4)
    func `over any chain of changes the charges less the credits are what the times cost`(part: Int) throws {
        let seed = SeededGenerator.seed(for: "chains of changes, part \(part)") &+ UInt64(part)
        var generator = SeededGenerator(seed: seed)
        var credited = 0
        for _ in 0..<500 {
            let rounding = Rounding.allCases.randomElement(using: &generator) ?? .down
            let first = PaidTime(tier: .pro, price: try price(using: &generator), period: period)
            // Some in one second, some before the period and after it.
            let instants = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
                Fixture.day(Int64.random(in: -1...32, using: &generator))
                    + .seconds(Int64.random(in: 0...2, using: &generator))
                    + .microseconds(Int64.random(in: 0...1_999_999, using: &generator))
            }.sorted()
            var (running, paid, used) = (first, Int128(first.price.minorUnits), Int128(0))
            var chargedForRunning = first.worth(from: period.start, rounding: rounding)
            for instant in instants {
                let next = PaidTime(tier: .enterprise, price: try price(using: &generator), period: period)
                let estimate = try Account.Estimate.change(from: running, to: next, at: instant, rounding: rounding)
                let (credit, charge) = (estimate.lines[0].amount, estimate.lines[1].amount)
                #expect(credit.minorUnits <= 0 && -credit.minorUnits <= chargedForRunning.minorUnits, "\(seed)")
                #expect(charge.minorUnits >= 0 && charge.minorUnits <= next.price.minorUnits)
                if credit.minorUnits < 0 { credited += 1 }
                paid += Int128(estimate.total.minorUnits)
                used += Int128(chargedForRunning.minorUnits) + Int128(credit.minorUnits)
                (running, chargedForRunning) = (next, charge)
            }
            #expect(paid == used + Int128(chargedForRunning.minorUnits), "\(seed): nothing is made and nothing lost")
        }
        #expect(credited > 500, "the chains are too dull")
    }

    private func price(using generator: inout SeededGenerator) throws -> Money {
        let cents = [0, 1, 2, 2_999, 3_000, 9_000, Int64.random(in: 0...1_000_000, using: &generator)]
        return try Sold.dollars(cents.randomElement(using: &generator) ?? 0)
    }

    @Test func `two changes in one second cost what one does`() throws {
        let (pro, team) = (try paid(.pro, 30_00), try paid(.team, 77_77))
        let enterprise = try paid(.enterprise, 90_00)
        let instant = Fixture.day(11) + .microseconds(999_999)
        let there = try Account.Estimate.change(from: pro, to: team, at: Fixture.day(11)).total
        let on = try Account.Estimate.change(from: team, to: enterprise, at: instant).total
        let direct = try Account.Estimate.change(from: pro, to: enterprise, at: instant).total
        let sum = try there + on
        #expect(sum == direct)
    }

    @Test func `time counts to the second, whatever its fraction`() throws {
        let seconds = period.end.duration(since: period.start).components.seconds
        // A cent for each second of the period.
        let paid = PaidTime(tier: .pro, price: try Sold.dollars(seconds), period: period)
        for second in [0, 1, 86_400, seconds - 1, seconds] as [Int64] {
            for fraction in [0, 1, 999_999] as [Int64] {
                let instant = period.start + .seconds(second) + .microseconds(fraction)
                #expect(try paid.worth(from: instant) == Sold.dollars(seconds - second))
            }
        }
        #expect(try paid.worth(from: period.start - .tick) == Sold.dollars(seconds))
        #expect(try paid.worth(from: period.end + .days(1)) == Sold.dollars(0))
    }

    private func paid(_ tier: Tier.ID, _ cents: Int64) throws -> PaidTime {
        PaidTime(tier: tier, price: try Sold.dollars(cents), period: period)
    }

    @Test func `what was given back before is not credited again`() throws {
        let (pro, free) = (try paid(.pro, 31_00), try paid(.free, 0))
        for (refunded, credit) in [(0, -30_00), (5_00, -26_00), (31_00, 0), (40_00, 0)] as [(Int64, Int64)] {
            let estimate = try Account.Estimate.change(
                from: pro,
                to: free,
                at: Fixture.day(1),
                refunded: Sold.dollars(refunded)
            )
            #expect(try estimate.total == Sold.dollars(credit))
        }
    }

    @Test func `two currencies are not added up`() throws {
        let euros = Money(minorUnits: 100, currency: try #require(Currency(code: "EUR")))
        let other = PaidTime(tier: .pro, price: euros, period: period)
        #expect(throws: MoneyError.self) {
            try Account.Estimate.change(from: try paid(.pro, 30_00), to: other, at: Fixture.day(1))
        }
    }

    @Test(arguments: [Int64.min, .min + 1, -1, 0, 1, .max - 1, .max])
    func `the ends of time trap nothing`(microseconds: Int64) throws {
        let instant = Timestamp(microseconds: microseconds)
        let all = TimeSpan(from: Timestamp(microseconds: .min), to: Timestamp(microseconds: .max))
        for span in [all, period, TimeSpan(from: instant, to: instant)] {
            let worth = PaidTime(tier: .pro, price: try Sold.dollars(.max), period: span).worth(from: instant)
            #expect(worth.minorUnits >= 0)
        }
    }

    // MARK: Plans

    private func ledger(_ tier: Tier.ID = .pro, _ price: Int64 = 30_00) throws -> Ledger {
        var ledger = try Ledger(catalog: Sold.catalog())
        try ledger.take(
            Fixture.subscription(tier, period: period, price: Sold.dollars(price)),
            at: period.start
        )
        return ledger
    }

    @Test func `cancellation sets the end-of-period flag`() throws {
        let ledger = try ledger()
        let plan = try ledger.plan(.cancel(.periodEnd), at: Fixture.day(3))
        #expect(plan.asked.cancelsAtPeriodEnd && plan.asked.status == .active && plan.appliesAt == period.end)
        #expect(plan.done.status == .canceled && plan.done.endedAt == period.end && plan.estimate == nil)
        #expect(try ledger.preview(.cancel(.periodEnd), at: Fixture.day(3)).after.tier.id == .free)
    }

    @Test func `what was given back of the period's payment is not credited again`() throws {
        var ledger = try ledger()
        func order(
            _ id: String,
            at created: Timestamp,
            refunded: Int64,
            in code: String = "USD",
            of subscription: String
        )
            throws -> Account.Order
        {
            Account.Order(
                provider: "polar",
                id: id,
                version: Fixture.version(created + .hours(Int64(refunded > 0 ? 1 : 0))),
                status: "paid",
                isPaid: true,
                purpose: .renewal,
                createdAt: created,
                total: Money(minorUnits: 35_70, currency: try #require(Currency(code: code))),
                refundedMinorUnits: refunded,
                subscription: subscription
            )
        }
        let now = Fixture.day(1)
        let upgrade = Account.Command.SubscriptionChange.Wish.change(to: .init(tier: .enterprise), .now)
        func credits() throws -> [Money?] {
            [
                try ledger.plan(.cancel(.now), at: now).estimate?.total,
                try ledger.plan(upgrade, at: now).estimate?.lines.first?.amount,
            ]
        }
        let whole = try credits()
        #expect(try whole == [Sold.dollars(-29_03), Sold.dollars(-29_03)])
        // Of another subscription, of a period before, or in another currency: none of this one's.
        for word in [
            try order("a", at: period.start, refunded: 30_00, of: "sub_2"),
            try order("b", at: period.start - .days(2), refunded: 30_00, of: "sub_1"),
            try order("c", at: period.start, refunded: 30_00, in: "EUR", of: "sub_1"),
            try order("d", at: period.start, refunded: 0, of: "sub_1"),
        ] { try ledger.take(word, at: now) }
        #expect(try credits() == whole)
        for (refunded, left) in [(50, -29_03), (10_00, -20_00), (30_00, 0), (35_70, 0)] as [(Int64, Int64)] {
            var other = ledger
            try other.take(order("d", at: period.start, refunded: refunded, of: "sub_1"), at: now)
            #expect(try other.plan(.cancel(.now), at: now).estimate?.total == Sold.dollars(left))
            #expect(try other.plan(upgrade, at: now).estimate?.lines.first?.amount == Sold.dollars(left))
        }
    }

    @Test func `undo restores`() throws {
        var ledger = try ledger()
        let before = try #require(ledger.account.subscriptions.first?.snapshot)
        let wishes: [Account.Command.SubscriptionChange.Wish] = [.cancel(.periodEnd), .pause(until: Fixture.day(60))]
        for (number, wish) in zip(Int64(1)..., wishes) {
            let now = Fixture.day(number)
            try ledger.take(ledger.plan(wish, at: now).asked, at: now)
            #expect(try ledger.preview(wish, at: now + .hours(1)).answer == .planRefused(.ends))
            let undo = try ledger.plan(.undoCancellation, at: now + .hours(2))
            try ledger.take(undo.asked, at: now + .hours(2))
            let after = try #require(ledger.account.subscriptions.first?.snapshot)
            #expect(after == before.replacing(version: after.version))
            #expect(try ledger.preview(.undoCancellation, at: now + .hours(3)).answer == .planRefused(.nothingToUndo))
        }
        let later = try ledger.plan(.change(to: .init(tier: .free), .periodEnd), at: Fixture.day(5))
        try ledger.take(later.asked, at: Fixture.day(5))
        #expect(ledger.account.subscriptions.first?.snapshot.pending?.tier == .free)
        try ledger.take(ledger.plan(.dropPendingChange, at: Fixture.day(6)).asked, at: Fixture.day(6))
        let after = try #require(ledger.account.subscriptions.first?.snapshot)
        #expect(after == before.replacing(version: after.version))
    }

    @Test func `a plan is what is seen once the provider has made it`() throws {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "plans"))
        var made = 0
        for _ in 0..<200 {
            var ledger = try ledger([.pro, .enterprise].randomElement(using: &generator) ?? .pro)
            try ledger.consume(Int64.random(in: 1...50, using: &generator), at: Fixture.day(1))
            let tier = [Tier.ID.free, .pro, .enterprise].randomElement(using: &generator) ?? .pro
            let cycle = [nil, Recurrence.month, .year].randomElement(using: &generator) ?? nil
            let moment =
                [nil, Account.Command.SubscriptionChange.Moment.now, .periodEnd]
                .randomElement(using: &generator) ?? nil
            let now = Fixture.day(Int64.random(in: 2...30, using: &generator))
            let wish = Account.Command.SubscriptionChange.Wish.change(to: .init(tier: tier, cycle: cycle), moment)
            let preview = try ledger.preview(wish, at: now)
            #expect(try preview.before == ledger.overview(at: now))
            guard let plan = preview.plan else { continue }
            made += 1
            try ledger.take(plan.asked, at: now)
            if plan.moment == .now { #expect(try ledger.overview(at: now).tier == preview.after.tier) }
            try ledger.take(plan.done, at: plan.appliesAt)
            let seen = try ledger.overview(at: plan.appliesAt)
            #expect(seen.tier == preview.after.tier && seen.meters == preview.after.meters)
            #expect(seen.accessUntil == preview.after.accessUntil && seen.subscription == preview.after.subscription)
            ledger.audit.check(ledger.account)
        }
        #expect(made > 100)
    }

    @Test func `nothing is planned for what there is not, and nothing changes by planning`() throws {
        let none = try Ledger(catalog: Sold.catalog())
        #expect(try none.preview(.cancel(.now), at: Fixture.day(1)).answer == .planRefused(.noSubscription))
        var ledger = try ledger()
        let before = ledger.account
        let other = Subscription.Key(provider: "stripe", id: "sub_1")
        #expect(
            try ledger.preview(.cancel(.now), of: other, at: Fixture.day(1)).answer == .planRefused(.noSubscription)
        )
        let same = Account.Command.SubscriptionChange.Wish.change(to: .init(tier: .pro, cycle: .month), nil)
        #expect(try ledger.preview(same, at: Fixture.day(1)).answer == .planRefused(.sameTerms))
        #expect(try ledger.preview(.resume, at: Fixture.day(1)).answer == .planRefused(.nothingToUndo))
        #expect(try ledger.preview(.dropPendingChange, at: Fixture.day(1)).answer == .planRefused(.nothingToUndo))
        #expect(code { try ledger.preview(.change(to: .init(tier: .team), nil), at: Fixture.day(1)) } == .unknownTier)
        #expect(
            code { try ledger.preview(.change(to: .init(quantity: 0), nil), at: .init(seconds: 0)) }
                == .amountOutOfBounds
        )
        let wish = Account.Command(.changeSubscription(.init(.cancel(.now))), key: "wish")
        #expect(try ledger.send(wish, at: Fixture.day(1)).change == nil)
        #expect(ledger.account == before)
        try ledger.take(ledger.plan(.cancel(.now), at: Fixture.day(1)).asked, at: Fixture.day(1))
        let over = Subscription.Key(provider: "polar", id: "sub_1")
        #expect(try ledger.preview(.undoCancellation, of: over, at: Fixture.day(2)).answer == .planRefused(.over))
    }

    @Test func `a paused subscription that is resumed begins a period of its own`() throws {
        var ledger = try ledger()
        try ledger.take(ledger.plan(.pause(until: nil), at: Fixture.day(3)).done, at: period.end)
        let key = Subscription.Key(provider: "polar", id: "sub_1")
        let plan = try ledger.plan(.resume, of: key, at: Fixture.day(50))
        #expect(plan.asked.period == Fixture.days(50, 78) && plan.asked.status == .active)
        #expect(try plan.estimate?.total == Sold.dollars(30_00))
    }

    @Test func `any command can be previewed, and is then decided the same`() throws {
        var ledger = try ledger()
        let use = Account.Command.consume(7)
        let preview = try ledger.preview(use, at: Fixture.day(3))
        #expect(preview.before[.documents]?.remaining == .units(50))
        #expect(preview.after[.documents]?.remaining == .units(43))
        #expect(try ledger.send(use, at: Fixture.day(3)).answer == preview.answer)
        #expect(try ledger.overview(at: Fixture.day(3)) == preview.after)
        // What a use adds to the past is asked about when a period turns out to have begun before it.
        let told = ProviderSnapshot(
            provider: "polar",
            subscriptions: [Fixture.subscription(.pro, period: Fixture.days(2, 33), at: Fixture.day(4))]
        )
        let late = try ledger.preview(.take(told), at: Fixture.day(4))
        #expect(late.after[.documents]?.used == 7)
        try ledger.send(.take(told), at: Fixture.day(4))
        #expect(try ledger.overview(at: Fixture.day(4)) == late.after)
    }
}
