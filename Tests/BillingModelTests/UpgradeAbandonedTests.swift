import BillingModel
import Testing

/// Hosts hear once of an attempt that nothing comes of, and it does not last for ever.
@Suite struct UpgradeAbandonedTests {
    let now = Fixture.day(3)
    private let job = Upgrade.Key.reference("job-1")

    private var request: Account.Command.UpgradeRequest { .init(.tier(.pro), reference: "job-1") }

    private func told(_ ledger: Ledger) -> [Upgrade.Key] {
        ledger.notices.compactMap { if case .upgradeAbandoned(let key) = $0 { key } else { nil } }
    }

    private func stage(_ ledger: Ledger, at instant: Timestamp) throws -> Upgrade.Stage? {
        try ledger.overview(at: instant).upgrade(job)?.stage
    }

    @Test func `a checkout that is not paid in time is told of once, when it is due`() throws {
        var ledger = try Ledger()
        try ledger.click(request, at: now)
        let end = now + .hours(2)
        try ledger.advance(job, .checkoutOpened(.init("c1", expiresAt: end)), at: now)
        #expect(ledger.account.upgrade(job)?.expiresAt == end)
        try ledger.send(Account.Command(.settle), at: end - .tick)
        #expect(told(ledger) == [])
        try ledger.send(Account.Command(.settle), at: end)
        #expect(told(ledger) == [job] && ledger.upgrade("job-1")?.abandonedAt == end)
        #expect(ledger.journal.last?.notices.first?.at == end)
        for instant in [end + .tick, end + .days(60)] {
            try ledger.send(Account.Command(.settle), at: instant)
            try ledger.consume(1, at: instant)
        }
        #expect(told(ledger) == [job])
    }

    @Test func `a checkout whose end the provider tells of is told of as well`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.checkout(at: now, reference: "job-1"), at: now)
        #expect(told(ledger) == [])
        let end = now + .hours(1)
        try ledger.take(Fixture.checkout(at: now, version: end, isExpired: true, reference: "job-1"), at: end)
        #expect(told(ledger) == [job])
    }

    @Test func `a click that nothing follows is told of after the time that the catalog says, also when nobody looked`()
        throws
    {
        let catalog = try Fixture.catalog(attempts: .init(life: .days(10), abandonedAfter: .hours(6)))
        for look in [now + .hours(6), now + .days(2)] {
            var ledger = try Ledger(catalog: catalog)
            try ledger.click(request, at: now)
            #expect(ledger.account.dueAt == now + .hours(6))
            if look == now + .hours(6) { try ledger.send(Account.Command(.settle), at: look - .tick) }
            #expect(told(ledger) == [])
            try ledger.consume(1, at: look)
            #expect(told(ledger) == [job], "the next command tells of it where the sweeper has not")
            #expect(ledger.upgrade("job-1")?.abandonedAt == now + .hours(6))
            #expect(ledger.upgrade("job-1")?.stage == .clicked, "it can still be paid")
            #expect(ledger.upgrade("job-1")?.expiresAt == now + .days(10))
        }
    }

    @Test func `another click, or a checkout, puts it off`() throws {
        var ledger = try Ledger()
        try ledger.click(request, at: now)
        try ledger.click(request, at: now + .hours(20))
        try ledger.send(Account.Command(.settle), at: now + .hours(30))
        #expect(told(ledger) == [])
        try ledger.advance(job, .checkoutOpened(.init("c1", expiresAt: now + .days(9))), at: now + .hours(31))
        try ledger.send(Account.Command(.settle), at: now + .days(8))
        #expect(told(ledger) == [])
    }

    @Test func `nobody hears of what was paid, cancelled or only offered`() throws {
        var paid = try Ledger()
        try paid.click(request, at: now)
        try paid.advance(job, .checkoutOpened(.init("c1", expiresAt: now + .hours(2))), at: now)
        try paid.take(Fixture.order(tier: nil, at: now + .hours(1), checkout: "c1"), at: now + .hours(1))
        var cancelled = try Ledger()
        try cancelled.click(request, at: now)
        try cancelled.advance(job, .cancelled, at: now + .hours(1))
        var offered = try Ledger()
        try offered.lock(request, at: now)
        for var ledger in [paid, cancelled, offered] {
            try ledger.send(Account.Command(.settle), at: now + .days(90))
            #expect(told(ledger) == [])
        }
    }

    @Test func `a payment after the notice completes it, and no other notice follows`() throws {
        var ledger = try Ledger()
        try ledger.click(request, at: now)
        try ledger.send(Account.Command(.settle), at: now + .days(2))
        #expect(told(ledger) == [job])
        try ledger.take(Fixture.order(at: now + .days(2), reference: "job-1"), at: now + .days(2))
        #expect(ledger.upgrade("job-1")?.stage == .completed)
        try ledger.send(Account.Command(.settle), at: now + .days(90))
        #expect(told(ledger) == [job])
    }

    // MARK: Expiry

    @Test func `what was only offered or clicked expires after the time that the catalog says`() throws {
        for kind in [Upgrade.Act.Kind.locked, .clicked] {
            var ledger = try Ledger()
            if kind == .locked { try ledger.lock(request, at: now) } else { try ledger.click(request, at: now) }
            let end = now + .days(30)
            #expect(try stage(ledger, at: end - .tick) == (kind == .locked ? .locked : .clicked))
            #expect(try stage(ledger, at: end) == .expired && stage(ledger, at: end + .tick) == .expired)
            try ledger.send(Account.Command(.settle), at: end + .days(3))
            let expired = try #require(ledger.upgrade("job-1"))
            #expect(expired.stage == .expired && expired.expiredAt == end)
            #expect(ledger.steps.count { $0 == .expired } == 1)
            // A click begins anew with all that was known, and money counts whenever it comes.
            let again = try ledger.click(request, at: end + .days(4))
            #expect(again.stage == .clicked && again.expiresAt == end + .days(34))
        }
    }

    @Test func `a seen success page alone does not last for ever either`() throws {
        var ledger = try Ledger()
        try ledger.advance(job, .successSeen, at: now)
        #expect(try stage(ledger, at: now + .days(30) - .tick) == .locked)
        #expect(try stage(ledger, at: now + .days(30)) == .expired)
    }

    @Test func `the numbers are the catalog's, within bounds`() throws {
        #expect(Catalog.Attempts().lifeSeconds == 30 * 86_400 && Catalog.Attempts().abandonedSeconds == 86_400)
        #expect(throws: CatalogError.self) { try Fixture.catalog(attempts: .init(life: .zero)) }
        #expect(throws: CatalogError.self) { try Fixture.catalog(attempts: .init(abandonedAfter: .days(367))) }
    }
}
