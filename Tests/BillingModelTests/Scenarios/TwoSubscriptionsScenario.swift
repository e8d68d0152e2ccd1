import BillingModel
import Testing

/// Two colleagues buy at the same time, each in a checkout of their own.
@Suite struct TwoSubscriptionsScenario {
    @Test func `two subscriptions by mistake`() throws {
        var acme = try Ledger(catalog: Sold.catalog())
        let april = try from("2026-04-01", to: "2026-05-01")
        let later = try from("2026-04-03", to: "2026-05-03")
        try acme.take(Fixture.subscription(.pro, id: "ann's", period: april), at: on("2026-04-01"))
        try acme.consume(30, at: on("2026-04-02"))

        // The second one is told of: the host can write to the customer before the next invoice does.
        try acme.take(Fixture.subscription(.pro, id: "bo's", period: later), at: on("2026-04-03"))
        #expect(acme.notices.last == .severalSubscriptions("bo's", beside: "ann's"))

        // One of them gives access: of equal ones the newer. The other gives nothing beside it.
        let page = try acme.overview(at: on("2026-04-03"))
        #expect(page.tier.id == .pro && page.subscription?.id == "bo's")
        #expect(page.subscriptions.map(\.id) == ["ann's", "bo's"])
        #expect(
            page[.documents]?.remaining == .units(50),
            "a period that is paid for brings its allowance, and only its own"
        )
        try acme.consume(20, at: on("2026-04-04"))

        // The mistake is mended by cancelling one of them at once, whichever it is.
        let mistake = Subscription.Key(provider: "polar", id: "bo's")
        let plan = try acme.plan(.cancel(.now), of: mistake, at: on("2026-04-05"))
        #expect(plan.subscription == mistake)
        try acme.take(
            Fixture.subscription(
                .pro,
                .canceled,
                id: "bo's",
                period: later,
                at: on("2026-04-05"),
                endedAt: on("2026-04-05")
            ),
            at: on("2026-04-05")
        )
        let mended = try acme.overview(at: on("2026-04-05"))
        #expect(mended.tier.id == .pro && mended.subscription?.id == "ann's")
        #expect(mended[.documents]?.period == april)
        #expect(mended[.documents]?.used == 50, "what was used in April is April's, whoever gave access then")
        #expect(mended[.documents]?.remaining == .units(0))
        #expect(!acme.notices.contains { if case .tierChanged(from: .pro, to: _) = $0 { true } else { false } })

        // A word of it that comes late counts for nothing.
        let old = try Fixture.subscription(.enterprise, id: "bo's", period: later, at: on("2026-04-02"))
        #expect(try acme.take(old, at: on("2026-04-06")) == .stale)
        #expect(try acme.overview(at: on("2026-04-06")).tier.id == .pro)
        acme.audit.check(acme.account)
    }
}
