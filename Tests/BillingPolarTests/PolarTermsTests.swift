import BillingInMemory
import BillingKit
import BillingPolar
import Foundation
import Testing

/// What Polar says of a subscription beside its standing, and what it gives beside a product.
@Suite struct PolarTermsTests {
    private let fixture: PolarFixture
    private let clock = ManualClock(at: PolarFixture.opening)
    private let billing: BillingSystem

    init() async throws {
        fixture = try PolarFixture()
        billing = try await BillingSystem(
            catalog: Catalog(
                version: 1,
                meters: [Meter(.documents, name: "documents")],
                features: [Feature(Feature.ID("sso"), name: "Single sign-on")],
                tiers: PolarFixture.catalog().tiers,
                fallback: .free
            ),
            store: InMemoryStore(),
            provider: PolarProvider(
                webhookSecrets: [fixture.secret],
                products: PolarFixture.products,
                benefits: [
                    "ben_credits": .units(10, of: .meter(.documents), rollsOver: false),
                    "ben_sso": .feature(Feature.ID("sso")),
                ]
            ),
            clock: clock
        )
    }

    private func receive(_ body: String, id: String) async throws -> WebhookAnswer.Outcome {
        let bytes = Array(body.utf8)
        return await billing.receive(bytes, headers: try fixture.signed(bytes, id: id, at: clock.now())).outcome
    }

    private func subscription(_ more: String, modified: String = "2026-12-01T08:00:01Z") -> String {
        #"""
        {"type":"subscription.updated","timestamp":"2026-12-01T08:00:00Z","data":{"id":"sub_1","status":"active",
        "product_id":"1dbfc517-0bbf-4301-9ba8-555ca42b9737","customer_id":"cus_1",
        "customer":{"id":"cus_1","external_id":"org_acme"},"recurring_interval":"month",
        "current_period_start":"2026-12-01T08:00:00Z","current_period_end":"2027-01-01T08:00:00Z",
        "created_at":"2026-12-01T08:00:00Z","modified_at":"\#(modified)",\#(more)}}
        """#
    }

    private func instant(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    @Test func `what a subscription costs, and what is set for later, is read`() async throws {
        let body = subscription(
            #"""
            "amount":8700,"currency":"usd","discount_id":"disc_1","seats":3,"pause_at_period_end":true,
            "resumes_at":"2027-02-01T08:00:00Z","trial_end":"2026-12-05T08:00:00.25Z",
            "pending_update":{"applies_at":"2027-01-01T08:00:00Z","seats":2,
            "product_id":"d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23"}
            """#
        )
        #expect(try await receive(body, id: "d1") == .applied)
        let known = try #require(try await billing.overview(of: "org_acme").subscription)
        #expect(known.price == Money(minorUnits: 87_00, currency: try Currency(named: "USD")))
        #expect(known.discount == "disc_1" && known.quantity == 3 && known.pausesAtPeriodEnd)
        #expect(known.resumesAt == (try instant("2027-02-01T08:00:00Z")))
        #expect(known.trialEnd == (try instant("2026-12-05T08:00:00.25Z")))
        let pending = try #require(known.pending)
        #expect(pending.tier == .pro && pending.quantity == 2)
        #expect(pending.appliesAt == (try instant("2027-01-01T08:00:00Z")))
    }

    @Test(arguments: [[0, 1], [1, 0], [1, 0, 1], [0, 1, 0, 1]])
    func `a customer's state takes nothing away that a subscription's own event has said`(order: [Int]) async throws {
        let own = subscription(
            #"""
            "recurring_interval_count":3,"pause_at_period_end":true,"resumes_at":"2027-04-01T08:00:00Z",
            "pending_update":{"applies_at":"2027-03-01T08:00:00Z","product_id":"d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23"}
            """#
        ).replacing("2027-01-01T08:00:00Z", with: "2027-03-01T08:00:00Z")
        let state = #"""
            {"type":"customer.state_changed","timestamp":"2026-12-01T08:00:09Z","data":{"id":"cus_1",
            "external_id":"org_acme","active_subscriptions":[{"id":"sub_1","status":"active",
            "product_id":"1dbfc517-0bbf-4301-9ba8-555ca42b9737","recurring_interval":"month",
            "current_period_start":"2026-12-01T08:00:00Z","current_period_end":"2027-03-01T08:00:00Z",
            "created_at":"2026-12-01T08:00:00Z","modified_at":"2026-12-01T08:00:01Z"}]}}
            """#
        for (number, index) in order.enumerated() {
            _ = try await receive([own, state][index], id: "d\(number)")
            let known = try #require(try await billing.overview(of: "org_acme").subscription)
            if order[0] == 1, number == 0 { #expect(known.cycle == nil, "a quarter is no month") }
        }
        let known = try #require(try await billing.overview(of: "org_acme").subscription)
        #expect(known.cycle == Recurrence(every: 3, .month) && known.pausesAtPeriodEnd && known.pending?.tier == .pro)
    }

    @Test func `a change of the number alone keeps the tier, and one to an unknown product is dropped`() async throws {
        let seats = subscription(#""units":5,"pending_update":{"applies_at":"2027-01-01T08:00:00Z","units":2}"#)
        #expect(try await receive(seats, id: "d1") == .applied)
        let known = try #require(try await billing.overview(of: "org_acme").subscription)
        #expect(known.quantity == 5 && known.pending?.tier == .enterprise && known.pending?.quantity == 2)
        let unknown = subscription(
            #""pending_update":{"applies_at":"2027-01-01T08:00:00Z","product_id":"gone"}"#,
            modified: "2026-12-01T09:00:00Z"
        )
        #expect(try await receive(unknown, id: "d2") == .applied)
        let after = try #require(try await billing.overview(of: "org_acme").subscription)
        #expect(after.pending == nil && after.tier == .enterprise && after.price == nil)
    }

    @Test func `an end is taken whatever product it names`() async throws {
        #expect(try await receive(subscription(#""seats":1"#), id: "d1") == .applied)
        func renamed(_ status: String, _ more: String, modified: String) -> String {
            subscription(more, modified: modified).replacing("1dbfc517-0bbf-4301-9ba8-555ca42b9737", with: "gone")
                .replacing(#""status":"active""#, with: #""status":"\#(status)""#)
        }
        let cancelled = renamed("active", #""cancel_at_period_end":true"#, modified: "2026-12-01T09:00:00Z")
        #expect(try await receive(cancelled, id: "d2") == .applied)
        let leaving = try await billing.overview(of: "org_acme")
        #expect(leaving.tier.id == .enterprise && leaving.accessReason == .ending)
        #expect(leaving.accessUntil == (try instant("2027-01-01T08:00:00Z")))
        let ended = #""ended_at":"2026-12-01T08:00:00Z""#
        #expect(
            try await receive(renamed("canceled", ended, modified: "2026-12-01T10:00:00Z"), id: "d3") == .applied
        )
        #expect(try await billing.overview(of: "org_acme").tier.id == .free)
        let paid = renamed("active", #""seats":1"#, modified: "2026-12-01T11:00:00Z")
        guard case .deferred = try await receive(paid, id: "d4") else {
            Issue.record("a payment for a product that is not known waits for the configuration")
            return
        }
    }

    private func benefit(
        _ type: String,
        _ benefit: String = "ben_credits",
        modified: String,
        creditedAt: String? = nil,
        revokedAt: String? = nil
    ) -> String {
        let revoked = revokedAt.map { #""is_granted":false,"is_revoked":true,"revoked_at":"\#($0)","# }
        // What is taken back is credited with less than nothing.
        let units = revokedAt == nil ? 40 : -40
        let credited = creditedAt.map {
            #"{"last_credited_meter_id":"m","last_credited_units":\#(units),"last_credited_at":"\#($0)"}"#
        }
        return #"""
            {"type":"benefit_grant.\#(type)","timestamp":"\#(modified)","data":{"id":"grant_\#(benefit)",
            "benefit_id":"\#(benefit)","customer_id":"cus_1","customer":{"id":"cus_1","external_id":"org_acme"},
            "subscription_id":"sub_1",\#(revoked ?? #""is_granted":true,"is_revoked":false,"#)
            "granted_at":"2026-12-01T08:00:00Z","properties":\#(credited ?? "{}"),
            "created_at":"2026-12-01T08:00:00Z","modified_at":"\#(modified)"}}
            """#
    }

    @Test func `credits of a benefit are given, renewed and taken back`() async throws {
        func left() async throws -> Account.Remaining? {
            try await billing.overview(of: "org_acme")[.documents]?.remaining
        }
        let first = benefit("created", modified: "2026-12-01T08:00:01Z", creditedAt: "2026-12-01T08:00:00Z")
        #expect(try await receive(first, id: "d1") == .applied)
        #expect(try await left() == .units(140), "Polar's own number counts")
        // The same lot in another event is no other lot.
        let updated = benefit("updated", modified: "2026-12-01T09:00:00Z", creditedAt: "2026-12-01T08:00:00Z")
        #expect(try await receive(updated, id: "d2") == .applied)
        #expect(try await left() == .units(140))
        clock.set(to: try instant("2027-01-01T08:00:02Z"))
        let cycled = benefit("cycled", modified: "2027-01-01T08:00:01Z", creditedAt: "2027-01-01T08:00:00Z")
        #expect(try await receive(cycled, id: "d3") == .applied)
        #expect(try await left() == .units(140), "the earlier lot ends with the next")
        let over = "2027-01-01T08:00:02Z"
        let revoked = benefit("revoked", modified: over, creditedAt: "2027-01-01T08:00:00Z", revokedAt: over)
        #expect(try await receive(revoked, id: "d4") == .applied)
        #expect(try await left() == .units(100))
        #expect(try await receive(updated, id: "d5") == .stale)
    }

    @Test func `a feature of a benefit is there until it is taken back, and others are ignored`() async throws {
        let sso = Feature.ID("sso")
        #expect(try await receive(subscription(#""amount":8700,"currency":"usd""#), id: "d0") == .applied)
        #expect(
            try await receive(benefit("created", "ben_sso", modified: "2026-12-01T08:00:01Z"), id: "d1") == .applied
        )
        #expect(try await billing.overview(of: "org_acme").tier.has(sso))
        let over = "2026-12-01T08:00:02Z"
        let revoked = benefit("revoked", "ben_sso", modified: over, revokedAt: over)
        #expect(try await receive(revoked, id: "d2") == .applied)
        #expect(try await !billing.overview(of: "org_acme").tier.has(sso))
        guard case .ignored = try await receive(benefit("created", "other", modified: over), id: "d3") else {
            Issue.record("a benefit that stands for nothing is ignored")
            return
        }
    }
}
