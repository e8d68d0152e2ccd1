import BillingModel
import Testing

/// A customer on Enterprise goes down to Pro in the middle of a month in which more was used than Pro gives, while work is
/// going on.
@Suite struct DowngradeScenario {
    @Test func `downgrade with usage above the new limit and holds open`() throws {
        var acme = try Ledger(catalog: Sold.catalog())
        let january = try from("2026-01-01", to: "2026-02-01")
        try acme.take(Fixture.subscription(.enterprise, period: january), at: on("2026-01-01"))

        // By the 10th, 60 of 200 documents are used, and a job of 20 more is running.
        try acme.consume(60, key: "many", at: on("2026-01-05"))
        let job = try acme.reserve(20, key: "campaign", for: .days(9), at: on("2026-01-10"))
        #expect(try acme.line(at: on("2026-01-10")).remaining == .units(120))

        // Less comes with the period's end, unless the customer wants it now.
        #expect(try acme.plan(.change(to: .init(tier: .pro), nil), at: on("2026-01-10")).moment == .periodEnd)
        let preview = try acme.preview(.change(to: .init(tier: .pro), .now), at: on("2026-01-10"))
        #expect(preview.after[.documents]?.remaining == .units(0))
        #expect(preview.after[.documents]?.overage == 30, "the 20 that work has set aside stay covered")

        // The provider makes the change at once. New limits hold at once, and nothing is clawed back.
        try acme.take(Fixture.subscription(.pro, period: january, at: on("2026-01-11")), at: on("2026-01-11"))
        let line = try acme.line(at: on("2026-01-11"))
        #expect(line.used == 60 && line.held == 20 && line.remaining == .units(0))
        #expect(line.overage == 30, "what is beyond the limit is a number of its own, never a balance below nothing")
        #expect(line == preview.after[.documents], "the preview was the same decision")
        #expect(try acme.consume(1, at: on("2026-01-11")).denial?.remaining == 0)

        // The job has its 20 documents all the same.
        try acme.capture(job, at: on("2026-01-12"))
        let done = try acme.line(at: on("2026-01-12"))
        #expect(done.used == 80 && done.held == 0 && done.remaining == .units(0))

        // The renewal brings what Pro gives, and what was too much in January is not held against February.
        let february = try from("2026-02-01", to: "2026-03-01")
        try acme.take(Fixture.subscription(.pro, period: february), at: on("2026-02-01"))
        let fresh = try acme.line(at: on("2026-02-01"))
        #expect(fresh.used == 0 && fresh.remaining == .units(50) && fresh.overage == 0)
        acme.audit.check(acme.account)
    }
}
