import BillingModel
import Testing

/// What is known of an attempt to buy, and how far that says it has come.
@Suite struct UpgradeStageTests {
    let now = Fixture.day(3)
    let job = Upgrade.Key.reference("job-1")

    private var request: Account.Command.UpgradeRequest { .init(.tier(.pro), cycle: .month, reference: "job-1") }

    // MARK: Stages

    @Test func `an attempt begins locked, with the refusal that prompted it`() throws {
        var ledger = try Ledger()
        try ledger.consume(10, at: now)
        let denial = try #require(try ledger.consume(2, at: now).denial)
        let offer = Account.Command.UpgradeRequest(.tier(.pro), reference: "job-1", denial: denial)
        let attempt = try ledger.lock(offer, by: "ann", at: now)
        #expect(attempt.stage == .locked && attempt.lockedAt == now && attempt.clickedAt == nil)
        #expect(attempt.startedBy == "ann" && attempt.tier == .pro)
        let prompt = try #require(attempt.denial)
        #expect(prompt.limit == .allowance && prompt.meter == .documents && prompt.tier == .free)
        #expect(prompt.requested == 2 && prompt.remaining == 0 && prompt.at == now)
    }

    @Test func `a paywall that is seen again takes nobody back`() throws {
        var ledger = try Ledger()
        try ledger.lock(request, at: now)
        try ledger.click(request, at: now + .minutes(1))
        #expect(try ledger.lock(.init(.tier(.enterprise), reference: "job-1"), at: now + .minutes(2)).stage == .clicked)
        #expect(ledger.upgrade("job-1")?.tier == .pro, "what was asked for counts, not what was offered later")
        try ledger.advance(job, .checkoutOpened(.init("c1")), at: now + .minutes(3))
        #expect(try ledger.lock(request, at: now + .minutes(4)).stage == .checkout)
    }

    @Test func `a cancelled attempt begins anew with the next click, and its old checkout stays behind`() throws {
        var ledger = try Ledger()
        try ledger.click(request, at: now)
        try ledger.advance(job, .checkoutOpened(.init("c1", url: "https://example.com/1")), at: now + .minutes(1))
        #expect(try ledger.advance(job, .cancelled, at: now + .minutes(2)).stage == .cancelled)
        #expect(ledger.upgrade("job-1")?.checkoutURL == nil)
        #expect(try ledger.click(request, at: now + .minutes(3)).stage == .clicked)
        let again = try ledger.advance(job, .checkoutOpened(.init("c2")), at: now + .minutes(4))
        #expect(again.stage == .checkout && again.checkout == "c2")
        try ledger.take(Fixture.order(tier: nil, at: now + .minutes(5), checkout: "c1"), at: now + .minutes(5))
        #expect(ledger.upgrade("job-1")?.stage == .completed, "but who pays there has paid")
    }

    @Test func `what is told late counts from when it happened`() throws {
        var ledger = try Ledger()
        try ledger.click(request, at: now)
        try ledger.advance(job, .cancelled, toldAt: now - .minutes(5), at: now + .minutes(1))
        #expect(ledger.upgrade("job-1")?.stage == .clicked, "that was before the click")
        let ahead = try ledger.advance(job, .cancelled, toldAt: now + .days(9), at: now + .minutes(2))
        #expect(ahead.cancelledAt == now + .minutes(2), "nothing has happened that is yet to come")
    }

    @Test func `an attempt expires when its last checkout does`() throws {
        var ledger = try Ledger()
        try ledger.click(request, at: now)
        try ledger.advance(job, .checkoutOpened(.init("c1", expiresAt: now + .hours(1))), at: now)
        try ledger.advance(job, .checkoutOpened(.init("c2", expiresAt: now + .hours(2))), at: now + .minutes(1))
        func stage(at instant: Timestamp) throws -> Upgrade.Stage? {
            try ledger.overview(at: instant).upgrade(job)?.stage
        }
        #expect(try stage(at: now + .hours(1)) == .checkout)
        #expect(try stage(at: now + .hours(2) - .tick) == .checkout)
        #expect(try stage(at: now + .hours(2)) == .expired)
        #expect(try stage(at: now + .hours(2) + .tick) == .expired)
        #expect(ledger.account.dueAt == now + .hours(2))
        try ledger.send(Account.Command(.settle), at: now + .days(9))
        #expect(ledger.upgrade("job-1")?.stage == .expired)
        #expect(ledger.upgrade("job-1")?.expiredAt == now + .hours(2))
        #expect(ledger.account.dueAt.map { $0 > now + .days(9) } ?? true, "and is due no more")
    }

    @Test func `a checkout that was given up ends nothing when its time is over`() throws {
        var ledger = try Ledger()
        try ledger.click(request, at: now)
        try ledger.advance(job, .checkoutOpened(.init("c1", expiresAt: now + .hours(1))), at: now)
        let cancelledAt = now + .minutes(2)
        try ledger.advance(job, .cancelled, toldAt: cancelledAt, at: cancelledAt)
        let before = ledger.upgrade("job-1")
        try ledger.advance(job, .cancelled, toldAt: cancelledAt, at: now + .hours(2))
        #expect(ledger.upgrade("job-1") == before, "the same cancellation, told again")
        #expect(before?.stage == .cancelled && before?.expiredAt == nil)
        // Nor does it undo a click that came after.
        try ledger.click(.init(.tier(.pro), reference: "job-1", at: now + .minutes(3)), at: now + .hours(2))
        #expect(ledger.upgrade("job-1")?.stage == .clicked)
        try ledger.advance(
            job,
            .checkoutOpened(.init("c2", expiresAt: now + .minutes(30))),
            toldAt: now + .minutes(4),
            at: now + .hours(2)
        )
        #expect(ledger.upgrade("job-1")?.stage == .expired)
        #expect(ledger.upgrade("job-1")?.expiredAt == now + .minutes(30), "by the checkout that was not given up")
    }

    // MARK: What is kept

    @Test func `who started it, where from and what prompted it are the first that were told`() throws {
        var ledger = try Ledger()
        func from(_ source: String?) -> Account.Command.UpgradeRequest {
            .init(.tier(.pro), reference: "job-1", attribution: source.map { Upgrade.Attribution(source: $0) })
        }
        try ledger.lock(from(nil), at: now)
        try ledger.lock(from("letter"), by: "ann", at: now + .minutes(1))
        let attempt = try ledger.click(from("search"), by: "bob", at: now + .minutes(2))
        #expect(attempt.attribution?.source == "letter" && attempt.startedBy == "ann")
        #expect(attempt.visit?.at == now + .minutes(1))
    }

    @Test func `a pack can be bought`() throws {
        let small = Pack.ID("small")
        var ledger = try Ledger(catalog: UpgradeOrderTests.catalog())
        #expect(try ledger.click(.init(.pack(small)), at: now).key == .pack(small))
        let order = Account.Order(
            provider: "polar",
            id: "order_1",
            version: Fixture.version(now),
            status: "paid",
            isPaid: true,
            purpose: .purchase,
            createdAt: now,
            total: Money(minorUnits: 500, currency: .usd),
            pack: small
        )
        try ledger.take(order, at: now)
        let attempt = try #require(ledger.account.upgrade(.pack(small)))
        #expect(attempt.stage == .completed && attempt.pack == small && attempt.tier == nil)
        #expect(ledger.account.upgrades.count == 1)
    }

    @Test func `many checkouts of one attempt are remembered, those that were paid and the newest among them`() throws {
        var ledger = try Ledger()
        try ledger.click(request, at: now)
        for number in 0..<40 {
            let at = now + .minutes(Int64(number))
            try ledger.advance(job, .checkoutOpened(.init("c\(number)")), at: at)
            if number == 3 { try ledger.take(Fixture.order(tier: nil, at: at, checkout: "c3"), at: at) }
        }
        let attempt = try #require(ledger.upgrade("job-1"))
        #expect(attempt.checkouts.count == Upgrade.maximumCheckouts)
        #expect(attempt.checkout("c3") != nil && attempt.checkout("c39") != nil && attempt.checkout("c0") == nil)
        #expect(attempt.stage == .completed && attempt.checkout == "c3")
    }

    @Test func `where there are as many attempts as there may be, what is over makes room`() throws {
        let upgrades = (0..<Account.maximumSubscriptions).map { number in
            let at = now - .days(Int64(number))
            return Upgrade(
                key: .reference("job-\(number)"),
                stage: number.isMultiple(of: 2) ? .completed : .locked,
                acts: [Upgrade.Act(.locked, at: at)],
                checkouts: number.isMultiple(of: 2)
                    ? [
                        .init(
                            id: "order polar o\(number)",
                            payment: .init(provider: "polar", order: "o\(number)", at: at, target: .tier(.pro))
                        )
                    ]
                    : []
            )
        }
        let account = Account(
            customer: "acme",
            revision: 1,
            instant: now,
            anchor: now,
            standing: Account.Standing(tier: .free, catalog: 1, until: nil),
            upgrades: upgrades
        )
        let wish = Account.Command.UpgradeRequest(.tier(.pro), reference: "one more")
        let decision = try account.decide(Account.Command(.startUpgrade(wish)), at: now, in: Fixture.catalog())
        var after = account
        #expect(after.apply(try #require(decision.change)))
        #expect(after.upgrades.count == Account.maximumSubscriptions)
        #expect(after.upgrade(.reference("one more"))?.stage == .clicked)
        #expect(after.upgrade(.reference("job-999")) == nil, "the oldest that was only offered")
        #expect(after.upgrades.count { $0.stage == .completed } == Account.maximumSubscriptions / 2)
    }

    // MARK: The journal

    @Test func `the journal has a name for everything that happens to an attempt`() throws {
        var ledger = try Ledger()
        try ledger.lock(request, at: now)
        #expect(ledger.steps == [.started])
        try ledger.click(request, at: now)
        try ledger.advance(job, .checkoutOpened(.init("c1", expiresAt: now + .hours(1))), at: now)
        try ledger.advance(job, .successSeen, at: now)
        try ledger.send(Account.Command(.settle), at: now + .hours(1))
        try ledger.advance(job, .cancelled, at: now + .hours(1))
        try ledger.take(Fixture.order(at: now + .hours(2), checkout: "c1"), at: now + .hours(2))
        #expect(
            ledger.steps == [.started, .clicked, .checkoutOpened, .noted, .expired, .cancelled, .completed]
        )
        #expect(
            Upgrade.Step.allCases.map(\.rawValue) == [
                "upgrade_started", "upgrade_clicked", "checkout_opened", "upgrade_completed", "upgrade_cancelled",
                "upgrade_expired", "upgraded",
            ]
        )
    }

    // MARK: Refusals

    @Test(arguments: [
        "javascript:alert(1)", "data:text/html,x", "https:/\u{0}/x", "https://example.com/\r\nSet-Cookie: a=b",
        "http://\u{E9}.example", "//example.com", "https://" + String(repeating: "a", count: 4_096), "",
    ])
    func `an address that no browser may be sent to is refused from the host, and left out of the provider's word`(
        url: String
    ) throws {
        var ledger = try Ledger()
        #expect(
            code { try ledger.advance(job, .checkoutOpened(.init("c1", url: url)), at: now) } == .malformedIdentifier
        )
        let report = CheckoutSnapshot(
            id: "c1",
            version: Fixture.version(now),
            createdAt: now,
            isExpired: false,
            url: url,
            target: .tier(.pro),
            reference: "job-1"
        )
        try ledger.take(report, at: now)
        #expect(ledger.upgrade("job-1")?.stage == .checkout && ledger.upgrade("job-1")?.checkoutURL == nil)
    }

    @Test func `what no provider and no host would say is refused`() throws {
        var ledger = try Ledger()
        for id in ["", "a b", "\u{E9}", String(repeating: "a", count: 256)] {
            #expect(code { try ledger.advance(job, .checkoutOpened(.init(id)), at: now) } == .malformedIdentifier)
        }
        for key in [Upgrade.Key.reference(""), .reference("a\u{0}"), .checkout(String(repeating: "a", count: 256))] {
            #expect(code { try ledger.advance(key, .cancelled, at: now) } == .malformedIdentifier)
        }
        #expect(code { try ledger.click(.init(.tier(.pro), promoCode: ""), at: now) } == .malformedIdentifier)
        #expect(code { try ledger.click(.init(.pack(Pack.ID("none"))), at: now) } == .unknownPack)
        #expect(code { try ledger.lock(.init(.tier(.team)), at: now) } == .unknownTier)
        #expect(ledger.account.upgrades == [] && ledger.journal == [])
    }

    @Test func `a reference that the host cannot have given is taken for none`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.checkout(at: now, reference: String(repeating: "a", count: 256)), at: now)
        try ledger.take(Fixture.order(at: now, checkout: "a\u{0}b", reference: ""), at: now)
        #expect(ledger.account.upgrades.map(\.key) == [.tier(.pro)])
        #expect(ledger.account.upgrades.first?.stage == .completed)
    }
}
