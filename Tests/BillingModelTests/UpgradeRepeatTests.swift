import BillingModel
import Testing

/// A command of an attempt that is sent again under its key is answered with the attempt that it was answered with first.
@Suite struct UpgradeRepeatTests {
    let first = Fixture.day(3)
    let second = Fixture.day(10)
    private let key = Upgrade.Key.tier(.pro)
    private let again = Upgrade.Key.again(
        .tier(.pro),
        after: ProviderReference(provider: "polar", kind: .order, id: "order_1")
    )

    private func answer(_ ledger: inout Ledger, _ command: Account.Command, at now: Timestamp) throws -> Upgrade {
        let revision = ledger.account.revision
        let decision = try ledger.send(command, at: now)
        if revision > 0, decision.change == nil { #expect(ledger.account.revision == revision) }
        guard case .upgrade(let upgrade) = decision.answer else { throw Fixture.Missing() }
        return upgrade
    }

    private func click(_ key: Account.Key, reference: String? = nil, at instant: Timestamp? = nil) -> Account.Command {
        Account.Command(.startUpgrade(.init(.tier(.pro), reference: reference, at: instant)), key: key)
    }

    private func bought(after words: [Account.Command]) throws -> Ledger {
        var ledger = try Ledger()
        for word in words { try ledger.send(word, at: first) }
        try ledger.take(Fixture.order(at: first + .hours(1)), at: first + .hours(1))
        return ledger
    }

    @Test func `a wish that is repeated after the next round has begun is of its own round`() throws {
        for told in [nil, first - .hours(3)] {
            var ledger = try bought(after: [click("one", at: told)])
            let new = try answer(&ledger, click("two"), at: second)
            #expect(new.key == again)
            let old = try answer(&ledger, click("one", at: told), at: second + .hours(1))
            #expect(old.key == key && old.stage == .completed && old.order == "order_1")
            #expect(try answer(&ledger, click("two"), at: second + .hours(2)) == new)
            #expect(ledger.account.upgrades.count == 2)
        }
    }

    @Test func `an offer, a cancellation and a checkout that are repeated are of their own round too`() throws {
        func word(_ step: Account.Command.UpgradeAdvance.Step, _ key: Account.Key) -> Account.Command {
            Account.Command(.advanceUpgrade(.init(step, of: self.key)), key: key)
        }
        let words = [
            word(.locked(.init(.tier(.pro))), "a"), word(.checkoutOpened(.init("chk_1")), "b"),
            word(.successSeen, "c"), word(.cancelled, "d"),
        ]
        var ledger = try bought(after: words)
        _ = try answer(&ledger, click("two"), at: second)
        for word in words { #expect(try answer(&ledger, word, at: second + .hours(1)).key == key) }
        #expect(ledger.account.upgrade(key)?.key == again, "whoever asks for the tier's gets the newest")
    }

    @Test func `a payment that is told late tells the rounds apart for the repeat as well`() throws {
        var ledger = try Ledger()
        try ledger.send(click("one"), at: first)
        try ledger.send(click("two"), at: second)
        try ledger.take(Fixture.order(at: first + .hours(1)), at: second + .hours(1))
        #expect(try answer(&ledger, click("one"), at: second + .hours(2)).key == key)
        #expect(try answer(&ledger, click("two"), at: second + .hours(2)).key == again)
    }

    @Test func `what was asked for while it was sold is answered when it is sold no more`() throws {
        var ledger = try Ledger()
        let answered = try answer(&ledger, click("one"), at: first)
        ledger.catalog = try Catalog(
            version: 2,
            meters: Fixture.meters,
            tiers: [Fixture.tiers[0]],
            fallback: .free
        )
        #expect(try answer(&ledger, click("one"), at: second) == answered)
        #expect(code { try ledger.decide(click("two"), at: second) } == .unknownTier)
        #expect(code { try ledger.decide(click("one", reference: "job-1"), at: second) } == .keyReused)
    }

    @Test func `an attempt that has made room for others is answered for as it was told, and nothing is written`()
        throws
    {
        var ledger = try Ledger()
        let answered = try answer(&ledger, click("one", reference: "job-0"), at: first)
        for number in 1...Account.maximumSubscriptions {
            try ledger.startUpgrade(reference: "job-\(number)", at: first + .minutes(1))
        }
        #expect(ledger.upgrade("job-0") == nil)
        let revision = ledger.account.revision
        #expect(try answer(&ledger, click("one", reference: "job-0"), at: first + .minutes(2)) == answered)
        #expect(ledger.account.revision == revision && ledger.upgrade("job-0") == nil)
    }

    @Test func `an act that is not remembered any more was of the round that went on at its time`() throws {
        var ledger = try Ledger()
        for number in 0..<60 { try ledger.send(click("\(number)"), at: first + .minutes(Int64(number))) }
        try ledger.take(Fixture.order(at: first + .hours(1)), at: first + .hours(1))
        try ledger.send(click("again"), at: second)
        for number in 0..<60 {
            #expect(try answer(&ledger, click("\(number)"), at: second + .hours(1)).key == key)
        }
    }
}
