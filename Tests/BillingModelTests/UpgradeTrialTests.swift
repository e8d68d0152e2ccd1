import BillingModel
import SeededTesting
import Testing

/// Who began the provider's trial by a checkout has not abandoned it, until the trial ends and nothing is paid.
@Suite struct UpgradeTrialTests {
    let now = Fixture.day(3)
    private let job = Upgrade.Key.reference("job-1")
    private var trialEnd: Timestamp { now + .days(14) }
    /// A renewal may be told of late, so access lasts this much longer.
    private var accessEnd: Timestamp { trialEnd.advanced(by: .seconds(Catalog.Grace().renewalSeconds)) }

    private var click: Account.Command {
        Account.Command(.startUpgrade(.init(.tier(.pro), reference: "job-1", at: now)))
    }

    private var opening: Account.Command {
        let opening = Upgrade.Opening("checkout_1", url: "https://example.com/1", expiresAt: now + .hours(6))
        return Account.Command(.advanceUpgrade(.init(.checkoutOpened(opening), of: job, at: now)))
    }

    private func begun(total: Int64 = 0, checkout: String? = "checkout_1") throws -> Account.Command {
        let order = try Fixture.order(
            at: now + .minutes(5),
            total: total,
            subscription: "sub_1",
            checkout: checkout,
            reference: "job-1"
        )
        return .take(ProviderSnapshot(provider: "polar", order: order))
    }

    private func trialing(until end: Timestamp? = nil, told: Timestamp? = nil, cancels: Bool = false) -> Account.Command
    {
        let report = Fixture.subscription(
            .pro,
            .trialing,
            period: TimeSpan(from: now + .minutes(5), to: end ?? trialEnd),
            at: told ?? now + .minutes(5),
            cancels: cancels,
            trialEnd: end ?? trialEnd
        )
        return .take(ProviderSnapshot(provider: "polar", subscriptions: [report]))
    }

    /// The provider's word that the checkout is over, as it is once it was used.
    private var expiry: Account.Command {
        let report = Fixture.checkout(at: now, version: now + .hours(1), isExpired: true, reference: "job-1")
        return .take(ProviderSnapshot(provider: "polar", checkout: report))
    }

    private func told(_ ledger: Ledger) -> [Upgrade.Key] {
        ledger.notices.compactMap { if case .upgradeAbandoned(let key) = $0 { key } else { nil } }
    }

    private func settle(_ ledger: inout Ledger, at instant: Timestamp) throws {
        try ledger.send(Account.Command(.settle), at: instant)
    }

    private func ledger(after words: [Account.Command]) throws -> Ledger {
        var ledger = try Ledger()
        for (minute, word) in words.enumerated() {
            try ledger.send(word, at: now + .hours(2) + .minutes(Int64(minute)))
            ledger.audit.check(ledger.account)
        }
        return ledger
    }

    @Test func `nobody hears of an attempt while the trial runs that it began, and the first charge completes it`()
        throws
    {
        var ledger = try ledger(after: [click, try begun(), trialing(), opening, expiry])
        #expect(ledger.upgrade("job-1")?.stage == .checkout && ledger.upgrade("job-1")?.expiresAt == accessEnd)
        #expect(ledger.upgrade("job-1")?.checkoutURL == nil, "what was used cannot be paid again")
        for day in 1...13 { try settle(&ledger, at: now + .days(Int64(day))) }
        #expect(told(ledger) == [] && ledger.upgrade("job-1")?.stage == .checkout)
        let paid = try Fixture.order("order_2", at: trialEnd, purpose: .renewal, subscription: "sub_1")
        try ledger.take(paid, at: trialEnd + .minutes(1))
        #expect(ledger.upgrade("job-1")?.stage == .completed && ledger.upgrade("job-1")?.order == "order_2")
        try settle(&ledger, at: now + .days(90))
        #expect(told(ledger) == [])
    }

    @Test func `a trial that ends unpaid is told of once, at its end, whether or not anybody looked`() throws {
        for looks in [[], [5, 10, 13], [16]] as [[Int64]] {
            var ledger = try ledger(after: [click, opening, try begun(), trialing()])
            #expect(ledger.account.dueAt.map { $0 <= accessEnd } ?? false, "the sweeper looks in time")
            for day in looks { try settle(&ledger, at: now + .days(day)) }
            try settle(&ledger, at: max(accessEnd - .tick, ledger.account.instant))
            #expect(told(ledger) == [])
            try settle(&ledger, at: accessEnd)
            #expect(told(ledger) == [job] && ledger.upgrade("job-1")?.abandonedAt == accessEnd)
            #expect(ledger.upgrade("job-1")?.stage == .expired && ledger.upgrade("job-1")?.expiredAt == accessEnd)
            try settle(&ledger, at: now + .days(90))
            #expect(told(ledger) == [job])
            // Money counts all the same.
            try ledger.take(
                Fixture.order("order_2", at: now + .days(91), purpose: .renewal, subscription: "sub_1"),
                at: now + .days(91)
            )
            #expect(ledger.upgrade("job-1")?.stage == .completed)
        }
    }

    @Test func `a payment that is due goes on holding it back, as long as it gives access`() throws {
        var ledger = try ledger(after: [click, opening, try begun(), trialing()])
        let due = Fixture.subscription(
            .pro,
            .pastDue,
            period: TimeSpan(from: trialEnd, to: trialEnd + .days(30)),
            at: trialEnd,
            pastDueAt: trialEnd
        )
        try ledger.take(due, at: trialEnd)
        let end = trialEnd.advanced(by: .seconds(Catalog.Grace().pastDueSeconds))
        try settle(&ledger, at: end - .tick)
        #expect(told(ledger) == [])
        try settle(&ledger, at: end)
        #expect(told(ledger) == [job])
    }

    @Test func `the end of the trial is the newest that the provider says`() throws {
        let longer = trialEnd + .days(7)
        for isLonger in [false, true] {
            var ledger = try ledger(after: [click, opening, try begun(), trialing()])
            let news =
                isLonger ? trialing(until: longer, told: now + .days(2)) : trialing(told: now + .days(2), cancels: true)
            try ledger.send(news, at: now + .days(2))
            // Of one that is cancelled no renewal is to come.
            let end = isLonger ? longer.advanced(by: .seconds(Catalog.Grace().renewalSeconds)) : trialEnd
            #expect(ledger.upgrade("job-1")?.expiresAt == end)
            try settle(&ledger, at: end - .tick)
            #expect(told(ledger) == [])
            try settle(&ledger, at: end)
            #expect(told(ledger) == [job])
        }
    }

    @Test func `who gives the attempt up is not asked again, and another subscription holds nothing back`() throws {
        var ledger = try ledger(after: [click, opening, try begun(), trialing()])
        try ledger.advance(job, .cancelled, at: now + .days(1))
        try settle(&ledger, at: now + .days(90))
        #expect(told(ledger) == [])

        var other = try self.ledger(after: [click, opening, trialing()])
        try settle(&other, at: now + .days(2))
        #expect(told(other) == [job], "nothing leads from the subscription to the attempt")
    }

    @Test func `a trial holds its attempt back in whatever order it is told of`() throws {
        let seed = SeededGenerator.seed(for: "trials of attempts")
        var generator = SeededGenerator(seed: seed)
        var (held, ended, paid) = (0, 0, 0)
        for _ in 0..<400 {
            let hasCheckout = Bool.random(using: &generator)
            var words = [click, try begun(checkout: hasCheckout ? "checkout_1" : nil), trialing()]
            if hasCheckout || Bool.random(using: &generator) { words.append(opening) }
            let isCancelled = Int.random(in: 0..<3, using: &generator) == 0
            if isCancelled { words.append(trialing(told: now + .hours(1), cancels: true)) }
            let copies = words.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }
            let shuffled = (words + copies).shuffled(using: &generator)
            var ledger = try ledger(after: shuffled)
            let inOrder = try self.ledger(after: words)
            #expect(ledger.account.upgrades == inOrder.account.upgrades, "\(shuffled.map(\.action))")
            if hasCheckout, Bool.random(using: &generator) { try ledger.send(expiry, at: now + .hours(4)) }
            let isPaid = Int.random(in: 0..<3, using: &generator) == 0
            let last: Int64 = isPaid ? 13 : 20
            for day in 1...last where Int.random(in: 0..<4, using: &generator) == 0 {
                try settle(&ledger, at: now + .days(day))
                held += ledger.upgrade("job-1")?.stage == .checkout ? 1 : 0
            }
            if isPaid {
                let order = try Fixture.order("order_2", at: trialEnd, purpose: .renewal, subscription: "sub_1")
                try ledger.take(order, at: trialEnd)
            }
            try settle(&ledger, at: now + .days(40))
            #expect(told(ledger) == (isPaid ? [] : [job]), "\(shuffled.map(\.action))")
            if isPaid { paid += 1 } else { ended += 1 }
            let end = isCancelled ? trialEnd : accessEnd
            if !isPaid { #expect(ledger.upgrade("job-1")?.abandonedAt == end) }
        }
        print("trials of attempts: \(held) looks while held, \(ended) ended, \(paid) paid")
        #expect(held > 400 && ended > 100 && paid > 60)
    }
}
