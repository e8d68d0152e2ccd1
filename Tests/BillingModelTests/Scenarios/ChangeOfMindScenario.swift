import BillingModel
import Testing

/// A customer cancels, thinks better of it, upgrades, and gets the money back, all within one month.
@Suite struct ChangeOfMindScenario {
    @Test func `cancelled, undone, upgraded, refunded in one period`() throws {
        var acme = try Ledger(catalog: Sold.catalog())
        let june = try from("2026-06-01", to: "2026-07-01")
        func told(_ report: SubscriptionSnapshot, on day: String) throws {
            var report = report
            report = Fixture.subscription(
                report.tier,
                report.status,
                period: report.period,
                at: try on(day),
                cancels: report.cancelsAtPeriodEnd,
                endsAt: report.endsAt,
                endedAt: report.endedAt,
                price: report.price
            )
            try acme.take(report, at: on(day))
        }
        let pro = Fixture.subscription(.pro, period: june, price: try Sold.dollars(30_00))
        try told(pro, on: "2026-06-01")
        try acme.consume(20, at: on("2026-06-02"))
        let bought = try acme.overview(at: on("2026-06-03"))

        // Cancelled on the 3rd: it stays active, with an end. Nobody reads that as a loss of access.
        let cancel = try acme.plan(.cancel(.periodEnd), at: on("2026-06-03"))
        #expect(cancel.asked.status == .active && cancel.asked.cancelsAtPeriodEnd)
        try told(cancel.asked, on: "2026-06-03")
        let leaving = try acme.overview(at: on("2026-06-03"))
        #expect(leaving.tier.id == .pro && leaving.accessReason == .ending)
        #expect(leaving.accessUntil == june.end, "exactly, with no grace")
        #expect(leaving[.documents] == bought[.documents])
        let refusal = try acme.preview(.change(to: .init(tier: .enterprise), nil), at: on("2026-06-03"))
        #expect(refusal.answer == .planRefused(.ends), "first the cancellation is taken back")

        // Undone on the 5th: all is as it was.
        try told(acme.plan(.undoCancellation, at: on("2026-06-05")).asked, on: "2026-06-05")
        let undone = try acme.overview(at: on("2026-06-05"))
        #expect(undone.accessReason == bought.accessReason && undone.accessUntil == bought.accessUntil)
        #expect(undone.meters == bought.meters)

        // Upgraded on the 16th, in the middle: half of 30 dollars back, half of 90 to pay.
        let upgrade = try acme.preview(.change(to: .init(tier: .enterprise), nil), at: on("2026-06-16"))
        let plan = try #require(upgrade.plan)
        #expect(plan.moment == .now && plan.estimate?.source == .kit)
        #expect(try plan.estimate?.lines.map(\.amount) == [Sold.dollars(-15_00), Sold.dollars(45_00)])
        #expect(try plan.estimate?.total == Sold.dollars(30_00))
        #expect(upgrade.after[.documents]?.used == 20 && upgrade.after[.documents]?.remaining == .units(180))
        try told(plan.asked, on: "2026-06-16")
        #expect(try acme.line(at: on("2026-06-16")) == upgrade.after[.documents])

        // On the 20th everything is refunded, and the provider ends the subscription with it.
        try acme.consume(30, at: on("2026-06-18"))
        let over = try acme.plan(.cancel(.now), at: on("2026-06-20"))
        #expect(try over.estimate?.total == Sold.dollars(-33_00), "11 of 30 days are unused")
        try told(over.asked, on: "2026-06-20")
        let end = try acme.overview(at: on("2026-06-20"))
        #expect(end.tier.id == .free && end.accessReason == .fallback)
        #expect(try end.accessSince == on("2026-06-20"))
        #expect(end[.documents]?.used == 0 && end[.documents]?.remaining == .units(10), "a period of Free's own begins")

        // A late repeat of any of the words changes nothing.
        #expect(try acme.take(cancel.asked, at: on("2026-06-21")) == .stale)
        #expect(try acme.overview(at: on("2026-06-21")).tier.id == .free)
        acme.audit.check(acme.account)
    }
}
