import BillingInMemory
import BillingKit
import BillingPolar
import Foundation
import Testing

/// What Polar's recorded words say when a pack is bought, or a running subscription is changed.
@Suite struct PolarPurchaseTests {
    private let fixture: PolarFixture
    private let store = InMemoryStore()
    private let clock = ManualClock(at: PolarFixture.opening)
    private static let product = "d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23"

    init() throws {
        fixture = try PolarFixture()
    }

    private func receive(_ body: [UInt8], id: String, at now: Timestamp, _ billing: BillingSystem) async throws {
        clock.set(to: now)
        let answer = await billing.receive(body, headers: try fixture.signed(body, id: id, at: now))
        #expect([.applied, .stale].contains(answer.outcome), "\(id) was \(answer.outcome)")
    }

    /// Returns a recorded delivery with texts in it replaced by others.
    private func recorded(_ index: Int, _ replacements: [String: String]) -> [UInt8] {
        var text = fixture.items[index].body
        for (old, new) in replacements {
            #expect(text.contains(old), "delivery \(index) has no \(old)")
            text = text.replacingOccurrences(of: old, with: new)
        }
        return Array(text.utf8)
    }

    /// The deliveries of a purchase that concern a product bought once: its checkout, and its order unpaid and paid.
    private func purchase() -> [[UInt8]] {
        let once = ["\"billing_reason\":\"subscription_create\"": "\"billing_reason\":\"purchase\""]
        return [recorded(0, [:]), recorded(1, [:])] + [4, 5, 6].map { recorded($0, once) } + [recorded(10, [:])]
    }

    private func system() async throws -> BillingSystem {
        try await fixture.system(on: store, clock: clock, products: [:], packs: [Self.product: PolarFixture.hundred])
    }

    @Test func `a product that stands for a pack gives it for its paid order, once, and completes the attempt`()
        async throws
    {
        let words = purchase()
        let start = fixture.items[10].sentAt
        for order in [Array(words.indices), words.indices.reversed(), Array(words.indices) + Array(words.indices)] {
            let store = InMemoryStore()
            let billing = try await fixture.system(
                on: store,
                clock: clock,
                products: [:],
                packs: [Self.product: PolarFixture.hundred]
            )
            clock.set(to: start)
            let attempt = try await billing.startUpgrade(
                .init(.pack(PolarFixture.hundred), reference: "job-123"),
                for: "org_acme",
                by: "ann"
            )
            for (number, index) in order.enumerated() {
                let now = start.advanced(by: .milliseconds(number))
                try await receive(words[index], id: "d\(number)", at: now, billing)
            }
            let overview = try await billing.overview(of: "org_acme")
            let bought = overview.grants.filter { $0.source == .order }
            #expect(bought.map(\.amount) == [100] && bought.map(\.basis) == [.bought])
            #expect(overview.upgrades.map(\.stage) == [.completed])
            #expect(overview.upgrade(attempt.key)?.pack == PolarFixture.hundred)
            #expect(overview.upgrade(attempt.key)?.checkout == "abd4898d-e40d-4153-acd2-e5b2b07972a2")
            #expect(overview.tier.id == .free)
        }
    }

    @Test func `a refund of the whole order takes the rest of the pack back`() async throws {
        let billing = try await system()
        for (number, word) in purchase().enumerated() {
            try await receive(word, id: "d\(number)", at: fixture.items[10].sentAt, billing)
        }
        let partly = recorded(23, [:])
        let now = fixture.items[23].sentAt
        try await receive(partly, id: "partly", at: now, billing)
        #expect(try await billing.overview(of: "org_acme").grants.contains { $0.source == .order })
        let whole = recorded(
            23,
            [
                "\"status\":\"partially_refunded\"": "\"status\":\"refunded\"",
                "\"modified_at\":\"2026-12-22T15:00:00.103229Z\"": "\"modified_at\":\"2026-12-22T15:00:01Z\"",
            ]
        )
        try await receive(whole, id: "whole", at: now.advanced(by: .seconds(2)), billing)
        let overview = try await billing.overview(of: "org_acme")
        #expect(!overview.grants.contains { $0.source == .order })
        #expect(overview.upgrades.map(\.stage) == [.completed], "what was paid stays paid")
    }

    @Test func `the order of a changed subscription completes who asked for its tier, whatever reference it carries`()
        async throws
    {
        let words = Array(fixture.items.prefix(11)) + [fixture.items[17]]
        // Polar gives such an order no checkout, and the metadata of the subscription.
        let order = recorded(
            6,
            [
                "\"billing_reason\":\"subscription_create\"": "\"billing_reason\":\"subscription_update\"",
                "\"checkout_id\":\"abd4898d-e40d-4153-acd2-e5b2b07972a2\"": "\"checkout_id\":null",
                "19ac95c4-42cb-4ab1-90d5-5f6956cd697d": "29ac95c4-42cb-4ab1-90d5-5f6956cd697d",
                Self.product: "1dbfc517-0bbf-4301-9ba8-555ca42b9737",
                "\"created_at\":\"2026-12-01T09:04:00.046292Z\"": "\"created_at\":\"2026-12-16T12:00:00.002Z\"",
                "\"modified_at\":\"2026-12-01T09:04:00.052144Z\"": "\"modified_at\":\"2026-12-16T12:00:00.003Z\"",
            ]
        )
        for isOrderFirst in [false, true] {
            let store = InMemoryStore()
            let billing = try await fixture.system(on: store, clock: clock)
            clock.set(to: PolarFixture.opening)
            _ = try await billing.startUpgrade(to: .pro, for: "org_acme", reference: "job-123")
            for item in words.dropLast() { try await receive(item.bytes, id: item.id, at: item.sentAt, billing) }
            let asked = fixture.items[17].sentAt.advanced(by: .seconds(-60))
            clock.set(to: asked)
            let attempt = try await billing.startUpgrade(to: .enterprise, for: "org_acme", reference: "job-124")
            let now = fixture.items[17].sentAt
            if isOrderFirst { try await receive(order, id: "change", at: now, billing) }
            try await receive(fixture.items[17].bytes, id: fixture.items[17].id, at: now, billing)
            if !isOrderFirst { try await receive(order, id: "change", at: now, billing) }
            let overview = try await billing.overview(of: "org_acme")
            #expect(overview.tier.id == .enterprise)
            #expect(overview.upgrade(attempt.key)?.order == "29ac95c4-42cb-4ab1-90d5-5f6956cd697d")
            #expect(overview.upgrade(.reference("job-123"))?.order == "19ac95c4-42cb-4ab1-90d5-5f6956cd697d")
            #expect(overview.upgrades.map(\.stage) == [.completed, .completed])
        }
    }

    @Test func `a renewal completes nothing`() async throws {
        let billing = try await fixture.system(on: store, clock: clock)
        _ = try await billing.startUpgrade(to: .pro, for: "org_acme")
        let renewal = recorded(
            6,
            [
                "\"billing_reason\":\"subscription_create\"": "\"billing_reason\":\"subscription_cycle\"",
                "\"checkout_id\":\"abd4898d-e40d-4153-acd2-e5b2b07972a2\"": "\"checkout_id\":null",
            ]
        )
        try await receive(renewal, id: "renewal", at: fixture.items[6].sentAt, billing)
        #expect(try await billing.overview(of: "org_acme").upgrades.map(\.stage) == [.clicked])
    }

    @Test func `the first charge after a trial completes the attempt, before or after the trial's order of nothing`()
        async throws
    {
        let nothing = recorded(6, ["\"total_amount\":2500": "\"total_amount\":0"])
        let charge = recorded(
            6,
            [
                "\"billing_reason\":\"subscription_create\"": "\"billing_reason\":\"subscription_cycle\"",
                "\"checkout_id\":\"abd4898d-e40d-4153-acd2-e5b2b07972a2\"": "\"checkout_id\":null",
                "19ac95c4-42cb-4ab1-90d5-5f6956cd697d": "29ac95c4-42cb-4ab1-90d5-5f6956cd697d",
                "\"created_at\":\"2026-12-01T09:04:00.046292Z\"": "\"created_at\":\"2026-12-16T12:00:00.002Z\"",
                "\"modified_at\":\"2026-12-01T09:04:00.052144Z\"": "\"modified_at\":\"2026-12-16T12:00:00.003Z\"",
            ]
        )
        for words in [[nothing, charge], [charge, nothing]] {
            let billing = try await fixture.system(on: InMemoryStore(), clock: clock)
            clock.set(to: PolarFixture.opening)
            let attempt = try await billing.startUpgrade(to: .pro, for: "org_acme", reference: "job-123")
            let now = fixture.items[17].sentAt
            for (number, word) in words.enumerated() {
                try await receive(word, id: "d\(number)", at: now.advanced(by: .seconds(number)), billing)
            }
            let overview = try await billing.overview(of: "org_acme")
            #expect(overview.upgrades.map(\.stage) == [.completed])
            #expect(overview.upgrade(attempt.key)?.order == "29ac95c4-42cb-4ab1-90d5-5f6956cd697d")
        }
    }

    @Test func `a catalog without a product's pack is refused at the start`() async throws {
        await #expect(throws: BillingError.self) {
            _ = try await fixture.system(on: store, clock: clock, packs: ["p": Pack.ID("thousand")])
        }
    }
}
