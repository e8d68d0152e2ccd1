import BillingModel
import Testing

/// The laws that everybody in the field has, under the names that they have there.
@Suite struct UsualLawsTests {
    let now = Fixture.day(3)

    @Test func `balance is verified before an operation`() throws {
        var ledger = try Ledger()
        try ledger.consume(8, at: now)
        let before = ledger.account
        #expect(try ledger.consume(3, at: now).denial?.remaining == 2)
        #expect(try ledger.send(.reserve(3), at: now).answer.denial?.remaining == 2)
        #expect(ledger.account == before, "what is not there is not taken")
        #expect(try ledger.reserve(2, at: now).receipt.remaining == .units(0))
    }

    @Test func `a successful operation records usage`() throws {
        var ledger = try Ledger()
        try ledger.consume(2, at: now)
        let work = try ledger.reserve(3, at: now)
        #expect(try ledger.line(at: now).used == 2, "work that goes on has used nothing yet")
        try ledger.capture(work, at: now)
        let failed = try ledger.reserve(4, key: "other", at: now)
        try ledger.release(failed, at: now)
        #expect(try ledger.line(at: now).used == 5)
        #expect(ledger.usage(of: .meter(.documents), since: Fixture.opening).units == 5)
    }

    @Test func `balance queries are by customer`() throws {
        var acme = try Ledger("acme")
        var zeta = try Ledger("zeta")
        try acme.consume(4, at: now)
        try zeta.consume(1, at: now)
        #expect(try acme.overview(at: now).customer == "acme")
        #expect(try acme.left(at: now) == 6)
        #expect(try zeta.overview(at: now).customer == "zeta")
        #expect(try zeta.left(at: now) == 9)
    }

    @Test func `low balance warns`() throws {
        var ledger = try Ledger()
        try ledger.consume(8, at: now)
        #expect(ledger.notices == [], "a fifth is left")
        try ledger.consume(1, at: now)
        #expect(ledger.notices == [.lowBalance(.meter(.documents), .percent(20), left: 1)])
        #expect(try ledger.overview(at: now).warnings == [.init(.meter(.documents), .low(.percent(20)))])
    }

    @Test func `members share a balance`() throws {
        var ledger = try Ledger()
        let use = Account.Command.Action.consume(.init(meter: .documents, amount: 6))
        try ledger.send(Account.Command(use, member: "ann"), at: now)
        let denial = try #require(try ledger.send(Account.Command(use, member: "bob"), at: now).answer.denial)
        #expect(denial.remaining == 4)
        #expect(try ledger.left(at: now) == 4)
    }

    @Test func `switching customer applies the other balance`() throws {
        var acme = try Ledger("acme")
        var zeta = try Ledger("zeta")
        try acme.consume(10, at: now)
        // The same member, under the same key, for another customer.
        let use = Account.Command(.consume(.init(meter: .documents, amount: 1)), key: "request", member: "ann")
        #expect(try acme.send(use, at: now).answer.denial != nil)
        #expect(try zeta.send(use, at: now).answer.receipt?.remaining == .units(9))
        let change = try #require(zeta.journal.last)
        var account = Account(customer: "acme")
        let isApplied = account.apply(change)
        #expect(!isApplied, "and what one has used is not the other's")
    }

    @Test func `exhausted meters block`() throws {
        var ledger = try Ledger()
        try ledger.consume(10, at: now)
        #expect(ledger.notices.last == .exhausted(.meter(.documents)))
        #expect(try ledger.consume(at: now).denial?.remaining == 0)
        #expect(try ledger.send(.consume(upTo: 5), at: now).answer.denial != nil)
        #expect(try ledger.send(.reserve(1), at: now).answer.denial != nil)
        #expect(try ledger.consume(of: .searches, at: now).isApplied, "the others do not")
    }

    @Test func `unlimited tiers bypass balance checks`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.enterprise, period: Fixture.days(0, 31)), at: now)
        #expect(try ledger.consume(1_000_000_000, at: now).receipt?.remaining == .unlimited)
        #expect(try ledger.reserve(1_000_000_000, at: now).receipt.remaining == .unlimited)
    }

    @Test func `unlimited tiers still record usage`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.enterprise, period: Fixture.days(0, 31)), at: now)
        try ledger.consume(40, at: now)
        try ledger.capture(try ledger.reserve(2, at: now), at: now)
        #expect(try ledger.line(at: now).used == 42)
        #expect(ledger.usage(of: .meter(.documents), since: Fixture.opening).units == 42)
    }

    @Test func `downgrade enforces new limits at once`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 31)), at: now)
        try ledger.consume(9, at: now)
        let later = now + .hours(1)
        try ledger.take(Fixture.subscription(.free, period: Fixture.days(0, 31), at: later), at: later)
        #expect(try ledger.left(at: later) == 1)
        #expect(try ledger.consume(2, at: later).denial?.allowance == .limited(10, per: .month))
        #expect(try ledger.consume(1, at: later).isApplied)
    }

    @Test func `a webhook updates subscription state`() throws {
        var ledger = try Ledger()
        let month = Fixture.days(0, 31)
        let steps: [(SubscriptionStatus, Tier.ID)] = [
            (.incomplete, .free), (.active, .pro), (.pastDue, .pro), (.unpaid, .free), (.active, .pro),
            (.canceled, .free),
        ]
        for (hour, step) in zip(Int64(1)..., steps) {
            let now = now + .hours(hour)
            try ledger.take(Fixture.subscription(.pro, step.0, period: month, at: now, pastDueAt: now), at: now)
            #expect(try ledger.overview(at: now).subscriptions.map(\.status) == [step.0])
            #expect(try ledger.overview(at: now).tier.id == step.1, "\(step.0)")
        }
    }

    @Test func `inconsistent data alerts`() throws {
        var ledger = try Ledger()
        try ledger.consume(4, at: now)
        var grants = ledger.account.grants
        grants[0].held = 3
        var patient = Patient(ledger, grants: grants)
        let decision = try patient.send(Account.Command(.examine(folded: nil)), at: now)
        let finding = Account.Finding(.unbackedGrant(grants[0].id, held: 3, byHolds: 0))
        #expect(decision.answer == .examined([finding]))
        #expect(decision.change?.notices.map(\.kind) == [.inconsistent(finding.severity, finding.description)])
    }

    @Test func `checkout carries the customer's id and the reference`() throws {
        var ledger = try Ledger("acme")
        let request = Account.Command.UpgradeRequest(
            .tier(.pro),
            cycle: .year,
            reference: "job-1",
            promoCode: "SAVE10"
        )
        let attempt = try ledger.click(request, by: "ann", at: now)
        let checkout = try #require(attempt.checkoutRequest(for: "acme"))
        #expect(checkout.customer == "acme" && checkout.reference == "job-1")
        #expect(checkout.metadata == ["customer": "acme", "reference": "job-1"])
        #expect(checkout.target == .tier(.pro) && checkout.cycle == .year && checkout.promoCode == "SAVE10")

        // And what carries them finds its way back.
        try ledger.take(Fixture.checkout("c1", at: now, reference: checkout.metadata["reference"]), at: now)
        #expect(ledger.account.upgrade(checkout: "c1")?.key == checkout.attempt)
        try ledger.take(Fixture.order(at: now, reference: checkout.metadata["reference"]), at: now)
        let paid = try #require(ledger.account.upgrade(checkout.attempt))
        #expect(paid.stage == .completed && paid.checkoutRequest(for: "acme") == nil, "there is nothing left to pay")

        let plain = try ledger.click(.init(.tier(.enterprise)), at: now).checkoutRequest(for: "acme")
        #expect(plain?.metadata == ["customer": "acme"], "without a reference none is made up")
    }
}
