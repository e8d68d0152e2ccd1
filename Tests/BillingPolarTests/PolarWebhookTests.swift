import BillingInMemory
import BillingKit
import BillingPolar
import Foundation
import Testing

/// What comes in at the webhook's door: genuine, forged, late, twice, hostile.
@Suite struct PolarWebhookTests {
    private let fixture: PolarFixture
    private let store = InMemoryStore()
    private let clock = ManualClock(at: PolarFixture.opening)

    init() throws {
        fixture = try PolarFixture()
    }

    private func receive(
        _ body: [UInt8],
        id: String = "d1",
        _ billing: BillingSystem
    ) async throws -> WebhookAnswer {
        await billing.receive(body, headers: try fixture.signed(body, id: id, at: clock.now()))
    }

    private func subscription(
        _ replacements: [String: String] = [:],
        type: String = "subscription.updated"
    ) -> [UInt8] {
        var body = #"""
            {"type":"\#(type)","timestamp":"2026-12-01T08:00:00Z","data":{"id":"sub_1","status":"active",
            "product_id":"d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23","customer_id":"cus_1",
            "customer":{"id":"cus_1","external_id":"org_acme"},"recurring_interval":"month",
            "current_period_start":"2026-12-01T08:00:00Z","current_period_end":"2027-01-01T08:00:00Z",
            "cancel_at_period_end":false,"created_at":"2026-12-01T08:00:00Z","modified_at":null}}
            """#
        for (old, new) in replacements { body = body.replacingOccurrences(of: old, with: new) }
        return Array(body.utf8)
    }

    @Test func `a webhook is kept before it is answered, and applied`() async throws {
        let billing = try await fixture.system(on: store, clock: clock)
        let answer = try await receive(subscription(), billing)
        #expect(answer.outcome == .applied)
        #expect(answer.statusCode == 200)
        let log = try await store.deliveries(DeliveryQuery())
        #expect(log.map(\.state) == [.done])
        #expect(log.map(\.detail) == ["applied"])
        #expect(log.map(\.body) == [subscription()])
        #expect(try await billing.overview(of: "org_acme").tier.id == .pro)
    }

    @Test func `the same delivery again is answered and dropped`() async throws {
        let billing = try await fixture.system(on: store, clock: clock)
        _ = try await receive(subscription(), billing)
        let again = try await receive(subscription(), billing)
        #expect(again.outcome == .duplicate)
        #expect(again.statusCode == 200)
        #expect(try await store.journal(JournalQuery(customer: "org_acme")).count == 1)
    }

    @Test func `the same change under another delivery id is stale`() async throws {
        let billing = try await fixture.system(on: store, clock: clock)
        _ = try await receive(subscription(), id: "d1", billing)
        #expect(try await receive(subscription(), id: "d2", billing).outcome == .stale)
        #expect(
            try await store.deliveries(DeliveryQuery(states: [.done])).map(\.detail).sorted() == ["applied", "stale"]
        )
    }

    @Test func `what is forged, too old, too new or unsigned is refused and not kept`() async throws {
        let billing = try await fixture.system(on: store, clock: clock)
        let body = subscription()
        let headers = try fixture.signed(body, id: "d1", at: clock.now())
        var answers = [
            await billing.receive(body + [0x20], headers: headers), await billing.receive(body, headers: [:]),
        ]
        var damaged = headers
        damaged["webhook-signature"] = String(repeating: "v1,", count: 350_000)
        answers.append(await billing.receive(body, headers: damaged))
        answers.append(
            await billing.webhooks.receive(body) { name in headers[name].map { [$0, $0] } ?? [] }
        )
        for distance in [-301, 301] {
            clock.set(to: PolarFixture.opening.advanced(by: .seconds(distance)))
            answers.append(await billing.receive(body, headers: headers))
        }
        for answer in answers {
            #expect(answer.statusCode == 401)
            guard case .rejected(let reason) = answer.outcome else {
                Issue.record("\(answer.outcome)")
                continue
            }
            #expect(!reason.contains(fixture.secret))
        }
        #expect(try await store.deliveries(DeliveryQuery()).isEmpty)
    }

    @Test func `a body beyond the limit is refused as too large`() async throws {
        let billing = try await fixture.system(on: store, clock: clock)
        let body = [UInt8](repeating: 0x20, count: (1 << 20) + 1)
        let answer = await billing.receive(body, headers: ["webhook-id": "d1"])
        #expect(answer.statusCode == 413)
    }

    @Test(
        arguments: [
            [0xFF, 0xFE, 0x00], [], Array("null".utf8), Array("[]".utf8), Array("{\"type\":7}".utf8),
            Array(String(repeating: "[", count: 10_000).utf8), Array("{\"type\":\"subscription.updated\"}".utf8),
        ] as [[UInt8]]
    )
    func `a genuine body that cannot be read is kept for a person`(body: [UInt8]) async throws {
        let billing = try await fixture.system(on: store, clock: clock)
        let answer = try await receive(body, billing)
        guard case .dead = answer.outcome else {
            Issue.record("\(answer.outcome)")
            return
        }
        #expect(answer.statusCode == 200)
        let log = try await store.deliveries(DeliveryQuery())
        #expect(log.map(\.state) == [.dead])
        #expect(log.map(\.body) == [body])
    }

    @Test(arguments: [
        ["\"current_period_end\":\"2027-01-01T08:00:00Z\"": "\"current_period_end\":null"],
        ["2027-01-01T08:00:00Z": "2026-01-01T08:00:00Z"],
        ["2027-01-01T08:00:00Z": "next year"],
        ["\"status\":\"active\"": "\"status\":7"],
        ["\"created_at\":\"2026-12-01T08:00:00Z\"": "\"created_at\":\"2026-12-01 08:00:00\""],
    ])
    func `a subscription without what it must have is kept for a person, and grants nothing`(
        _ replacements: [String: String]
    ) async throws {
        let billing = try await fixture.system(on: store, clock: clock)
        guard case .dead(let reason) = try await receive(subscription(replacements), billing).outcome else {
            Issue.record("a subscription that cannot be read was taken in")
            return
        }
        #expect(!reason.contains("org_acme"), "reasons hold no personal data")
        #expect(try await billing.overview(of: "org_acme").tier.id == .free)
    }

    @Test func `unknown types, statuses and keys are taken as they come`() async throws {
        let billing = try await fixture.system(on: store, clock: clock)
        let unknown = Array(#"{"type":"moon.full","timestamp":"2026-12-01T08:00:00Z","data":[1]}"#.utf8)
        guard case .ignored = try await receive(unknown, billing).outcome else {
            Issue.record("an unknown type is ignored")
            return
        }
        let status = subscription(["\"status\":\"active\"": "\"status\":\"on_a_break\",\"new_key\":{\"a\":[1]}"])
        #expect(try await receive(status, id: "d2", billing).outcome == .applied)
        let overview = try await billing.overview(of: "org_acme")
        #expect(overview.subscriptions.map(\.status.rawValue) == ["on_a_break"])
        #expect(overview.tier.id == .free, "a status that says nothing of payment opens nothing")
    }

    @Test func `an unknown product waits for the configuration and is applied then`() async throws {
        let unaware = try await fixture.system(on: store, clock: clock, products: [:])
        guard case .deferred(let reason) = try await receive(subscription(), unaware).outcome else {
            Issue.record("an unknown product is tried again")
            return
        }
        #expect(reason.contains("d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23"))
        let aware = try await fixture.system(on: store, clock: clock)
        let running = Task { await aware.run() }
        clock.advance(by: .seconds(3))
        for _ in 0..<2_000 where try await store.deliveries(DeliveryQuery(states: [.done])).isEmpty {
            clock.advance(by: .seconds(1))
            try await Task.sleep(for: .milliseconds(1))
        }
        running.cancel()
        await running.value
        #expect(try await aware.overview(of: "org_acme").tier.id == .pro)
    }

    @Test func `what was given up is listed with its reason, and a person can have it tried again`() async throws {
        let billing = try await fixture.system(on: store, clock: clock, products: [:])
        _ = try await receive(subscription(), billing)
        for _ in 0..<25 {
            clock.advance(by: .seconds(7_200))
            _ = try await billing.webhooks.retry(Delivery.ID(provider: "polar", id: "d1"))
        }
        let dead = try await billing.webhooks.deliveries(DeliveryQuery(states: [.dead]))
        #expect(dead.map(\.id.id) == ["d1"])
        let listed = try #require(dead.first).description
        #expect(listed.contains("stands for no tier"))
        #expect(!listed.contains("org_acme"))

        let aware = try await fixture.system(on: store, clock: clock)
        #expect(try await aware.webhooks.retry(Delivery.ID(provider: "polar", id: "d1")) == .applied)
        #expect(try await aware.overview(of: "org_acme").subscriptions.count == 1)
        #expect(try await aware.webhooks.retry(Delivery.ID(provider: "polar", id: "d1")) == nil)
    }

    @Test func `an order of a customer who is not known yet waits for the customer`() async throws {
        let billing = try await fixture.system(on: store, clock: clock)
        let order = Array(
            #"""
            {"type":"order.paid","timestamp":"2026-12-01T08:00:00Z","data":{"id":"ord_1","status":"paid","paid":true,
            "billing_reason":"purchase","total_amount":2500,"currency":"usd","customer_id":"cus_1",
            "product_id":"d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23","metadata":{"reference":"job-1"},
            "created_at":"2026-12-01T08:00:00Z","modified_at":null}}
            """#.utf8
        )
        guard case .deferred = try await receive(order, id: "order", billing).outcome else {
            Issue.record("an order of nobody is tried again")
            return
        }
        _ = try await receive(subscription(), id: "subscription", billing)
        #expect(try await receive(order, id: "order", billing).outcome == .applied)
        let upgrades = try await billing.overview(of: "org_acme").upgrades
        #expect(upgrades.map(\.stage) == [.completed])
        #expect(upgrades.map(\.reference) == ["job-1"])
    }

    @Test func `a subscription of one customer cannot be taken by another`() async throws {
        let billing = try await fixture.system(on: store, clock: clock)
        _ = try await receive(subscription(), id: "d1", billing)
        let other = subscription([
            "\"external_id\":\"org_acme\"": "\"external_id\":\"org_other\"",
            "\"modified_at\":null":
                "\"modified_at\":\"2026-12-02T08:00:00Z\"",
        ])
        guard case .deferred(let reason) = try await receive(other, id: "d2", billing).outcome else {
            Issue.record("a name that belongs to someone else was taken")
            return
        }
        #expect(reason.contains("org_acme"))
        #expect(try await billing.overview(of: "org_other").tier.id == .free)
    }

    @Test func `an older report never overwrites a newer one`() async throws {
        let billing = try await fixture.system(on: store, clock: clock)
        let newer = subscription([
            "\"modified_at\":null": "\"modified_at\":\"2026-12-01T07:59:59.000002Z\"",
            "d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23": "1dbfc517-0bbf-4301-9ba8-555ca42b9737",
        ])
        let older = subscription(["\"modified_at\":null": "\"modified_at\":\"2026-12-01T07:59:59.000001Z\""])
        #expect(try await receive(newer, id: "newer", billing).outcome == .applied)
        #expect(try await receive(older, id: "older", billing).outcome == .stale)
        #expect(try await billing.overview(of: "org_acme").tier.id == .enterprise)
    }

    @Test func `a catalog without a product's tier is refused at the start`() async throws {
        await #expect(throws: BillingError.self) {
            _ = try await fixture.system(on: store, clock: clock, products: ["p": Tier.ID("platinum")])
        }
    }

    @Test func `every event of the published examples is read`() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../shared/fixtures/polar/openapi-examples").standardizedFileURL
        guard let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        else {
            print("skipped: there are no published examples beside this checkout")
            return
        }
        let examples = files.filter { $0.pathExtension == "json" }
        #expect(examples.count >= 20)
        for file in examples {
            let body = try Array(Data(contentsOf: file))
            var products: [String: Tier.ID] = [:]
            for match in String(decoding: body, as: UTF8.self).matches(of: #/"product_id":\s*"([^"]+)"/#) {
                products[String(match.1)] = .pro
            }
            let polar = try PolarProvider(webhookSecrets: [fixture.secret], products: products)
            do {
                _ = try polar.event(from: body)
            } catch {
                Issue.record("\(file.lastPathComponent): \(error)")
            }
        }
    }
}
