import BillingInMemory
import BillingKit
import BillingPolar
import Foundation
import Testing

/// The recorded winter of one organisation, in every order.
@Suite struct PolarLifecycleTests {
    private let fixture: PolarFixture

    init() throws {
        fixture = try PolarFixture()
    }

    /// Where the customer stands, without what counts up with each change.
    private struct Standing: Equatable {
        let tier: Tier.ID
        let accessUntil: Timestamp?
        let subscriptions: [SubscriptionSnapshot]
        let meters: [Account.Overview.Line]
        let grants: [Grant]
        let upgrades: [Upgrade]

        struct Grant: Equatable {
            let subject: Account.Balance.Subject
            let amount: Int64
            let used: Int64
            let span: TimeSpan
        }

        init(_ overview: Account.Overview) {
            tier = overview.tier.id
            accessUntil = overview.accessUntil
            subscriptions = overview.subscriptions
            meters = overview.meters
            grants = overview.grants.map { Grant(subject: $0.subject, amount: $0.amount, used: $0.used, span: $0.span) }
            upgrades = overview.upgrades
        }
    }

    /// Lives through what is incoming, doing a little work every day, and returns the standing at the end.
    private func live(through incoming: [(item: PolarFixture.Item, at: Timestamp)], until end: Timestamp) async throws
        -> Standing
    {
        let clock = ManualClock(at: PolarFixture.opening)
        let billing = try await fixture.system(clock: clock)
        _ = try await billing.startUpgrade(to: .pro, cycle: .month, for: "org_acme", reference: "job-123")
        var waiting = incoming[...]
        for day in 0..<90 {
            let today = PolarFixture.opening.advanced(by: .seconds(day * 86_400 + 40_000))
            guard today <= end else { break }
            while let next = waiting.first, next.at <= today {
                waiting.removeFirst()
                try await receive(next.item, at: next.at, clock, billing)
            }
            clock.set(to: today)
            let answer = try await billing.consume(of: .documents, for: "org_acme", key: .request("\(day)"))
            guard case .consumed = answer else {
                Issue.record("a document a day is within every tier, on day \(day): \(answer)")
                continue
            }
        }
        for next in waiting { try await receive(next.item, at: next.at, clock, billing) }
        clock.set(to: end.advanced(by: .seconds(200)))
        return Standing(try await billing.overview(of: "org_acme"))
    }

    private func receive(
        _ item: PolarFixture.Item,
        at now: Timestamp,
        _ clock: ManualClock,
        _ billing: BillingSystem
    ) async throws {
        clock.set(to: now)
        let answer = await billing.receive(
            item.bytes,
            headers: try fixture.signed(item.bytes, id: item.id, at: now)
        )
        switch answer.outcome {
        case .applied, .stale, .ignored, .duplicate: #expect(answer.statusCode == 200)
        default: Issue.record("\(item.id) was \(answer.outcome)")
        }
    }

    @Test(arguments: [1, 3, 9, 11, 14, 18, 19, 20, 25, 28, 30, 32, 33, 36, 38, 39, 42])
    func `any order of the first deliveries, with repeats, ends where their own order does`(count: Int) async throws {
        let seed =
            ProcessInfo.processInfo.environment["BILLINGKIT_SEED"].flatMap { UInt64($0) } ?? .random(in: 0 ... .max)
        print("order of \(count) deliveries: BILLINGKIT_SEED=\(seed)")
        let items = Array(fixture.items.prefix(count))
        let end = try #require(items.map(\.sentAt).max())
        let inOrder = try await live(through: items.map { ($0, $0.sentAt) }, until: end)
        let entropy = SeededEntropy(seed: seed)
        for _ in 0..<4 {
            let repeated = items + items.filter { _ in entropy.next() % 3 == 0 }
            let shuffled = repeated.map { ($0, entropy.next()) }.sorted { $0.1 < $1.1 }.map(\.0)
            let late = shuffled.enumerated().map { index, item in
                (item: item, at: end.advanced(by: .milliseconds(index)))
            }
            #expect(try await live(through: late, until: end) == inOrder)
        }
    }

    @Test func `a customer who never used anything is as old as what the provider tells of`() async throws {
        let last = try #require(fixture.items.map(\.sentAt).max()).advanced(by: .seconds(60))
        var standings: [Standing] = []
        for order in [fixture.items, fixture.items.reversed()] {
            let clock = ManualClock(at: PolarFixture.opening)
            let billing = try await fixture.system(clock: clock)
            for (index, item) in order.enumerated() {
                let now = order.first?.id == fixture.items.first?.id ? item.sentAt : last.advanced(by: .seconds(index))
                try await receive(item, at: now, clock, billing)
            }
            clock.set(to: last.advanced(by: .seconds(3_600)))
            _ = try await billing.consume(of: .documents, for: "org_acme", key: .request("1"))
            standings.append(Standing(try await billing.overview(of: "org_acme")))
        }
        #expect(standings.first == standings.last)
    }

    @Test func `in their own order they tell the winter as it was`() async throws {
        let clock = ManualClock(at: PolarFixture.opening)
        let billing = try await fixture.system(clock: clock)
        var seen: [String] = []
        for item in fixture.items {
            try await receive(item, at: item.sentAt, clock, billing)
            let overview = try await billing.overview(of: "org_acme")
            let subscription = overview.subscriptions.first
            let words =
                "\(overview.tier.id) \(subscription?.status.rawValue ?? "–")"
                + (subscription?.cancelsAtPeriodEnd == true ? " ending" : "")
            if seen.last != words { seen.append(words) }
        }
        #expect(
            seen == [
                "free –", "pro active", "pro active ending", "pro active", "enterprise active", "pro active",
                "pro past_due", "pro active", "pro past_due", "free canceled",
            ]
        )
    }

    @Test func `money completes the attempt, and nothing before it does`() async throws {
        let clock = ManualClock(at: PolarFixture.opening)
        let billing = try await fixture.system(clock: clock)
        _ = try await billing.startUpgrade(to: .pro, cycle: .month, for: "org_acme", by: "ann", reference: "job-123")
        var stages: [String] = []
        for item in fixture.items.prefix(11) {
            try await receive(item, at: item.sentAt, clock, billing)
            let upgrade = try #require(try await billing.overview(of: "org_acme").upgrades.first)
            stages.append(upgrade.stage.rawValue)
            #expect(upgrade.startedBy == "ann")
        }
        // The sixth delivery is the first that says the order is paid.
        #expect(stages == Array(repeating: "checkout", count: 5) + Array(repeating: "completed", count: 6))
        let overview = try await billing.overview(of: "org_acme")
        #expect(overview.upgrades.count == 1)
        #expect(overview.upgrades.first?.order == "19ac95c4-42cb-4ab1-90d5-5f6956cd697d")
        #expect(overview.upgrades.first?.checkout == "abd4898d-e40d-4153-acd2-e5b2b07972a2")
    }

    @Test func `a state without the subscription takes nothing away`() async throws {
        let clock = ManualClock(at: PolarFixture.opening)
        let billing = try await fixture.system(clock: clock)
        for item in fixture.items.prefix(11) { try await receive(item, at: item.sentAt, clock, billing) }
        let now = clock.now().advanced(by: .seconds(5))
        let body = Array(
            #"""
            {"type":"customer.state_changed","timestamp":"2026-12-01T09:04:05.000001Z","data":{"id":
            "406615e1-3f75-45c4-8b0c-a43c471bae83","external_id":"org_acme","active_subscriptions":[]}}
            """#.utf8
        )
        clock.set(to: now)
        let answer = await billing.receive(body, headers: try fixture.signed(body, id: "empty-state", at: now))
        #expect(answer.outcome == .stale)
        #expect(try await billing.overview(of: "org_acme").tier.id == .pro)
    }
}
