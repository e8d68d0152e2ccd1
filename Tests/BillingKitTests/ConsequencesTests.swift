import BillingInMemory
import BillingKit
import Synchronization
import Testing
import WebhookSignatures

/// What a command would lead to, asked of a system.
@Suite struct ConsequencesTests {
    /// A provider that may say beforehand what it will charge.
    private final class Quoting: BillingProvider {
        struct Down: Error {}

        let provider = FakeProvider()
        let quote: Int64?
        let asked = Mutex(0)

        init(quote: Int64?) {
            self.quote = quote
        }

        var id: ProviderID { provider.id }
        var tiers: Set<Tier.ID> { provider.tiers }

        func verify(_ body: [UInt8], at now: Timestamp, headers: (String) -> [String]) -> WebhookVerdict {
            provider.verify(body, at: now, headers: headers)
        }

        func event(from body: [UInt8]) throws(ProviderEventError) -> ProviderEvent { try provider.event(from: body) }

        func estimate(of plan: Account.Plan) async throws -> Account.Estimate? {
            asked.withLock { $0 += 1 }
            guard let quote, let kits = plan.estimate?.total else { throw Down() }
            let line = Account.Estimate.Line(
                kind: .time,
                tier: plan.done.tier,
                span: plan.done.period,
                amount: Money(minorUnits: quote, currency: kits.currency)
            )
            return try Account.Estimate(source: .provider, dueAt: plan.appliesAt, lines: [line], in: kits.currency)
        }
    }

    private let clock = ManualClock(at: KitFixture.start)
    private let store = InMemoryStore()

    private func system(_ provider: some BillingProvider) async throws -> BillingSystem {
        let dollars = try Currency(named: "USD")
        func price(_ cents: Int64) -> [Tier.Price] { [.init(Money(minorUnits: cents, currency: dollars), per: .month)] }
        let catalog = try Catalog(
            version: 1,
            meters: [Meter(KitFixture.documents, name: "Documents")],
            tiers: [
                Tier(
                    KitFixture.free,
                    rank: 0,
                    name: "Free",
                    allowances: [KitFixture.documents: .limited(10, per: .month)]
                ),
                Tier(
                    KitFixture.pro,
                    rank: 1,
                    name: "Pro",
                    allowances: [KitFixture.documents: .limited(50, per: .month)],
                    prices: price(30_00)
                ),
                Tier(
                    Tier.ID("team"),
                    rank: 2,
                    name: "Team",
                    allowances: [KitFixture.documents: .limited(90, per: .month)],
                    prices: price(60_00)
                ),
            ],
            fallback: KitFixture.free
        )
        let billing = try await BillingSystem(catalog: catalog, store: store, provider: provider, clock: clock)
        let report = ProviderSnapshot(provider: "fake", subscriptions: [KitFixture.subscription()])
        var account = Account(customer: "acme")
        let decision = try account.decide(Account.Command(.take(report)), at: KitFixture.start, in: catalog)
        let change = try #require(decision.change)
        account.apply(change)
        let item = CommitRequest.Item(account: account, changes: [change], dueAt: nil)
        _ = try await store.commit(CommitRequest(items: [item]))
        return billing
    }

    private let upgrade = Account.Command(
        .changeSubscription(.init(.change(to: .init(tier: Tier.ID("team")), nil)))
    )

    @Test func `a change is shown with limits, dates and amounts, and nothing is written`() async throws {
        let billing = try await system(FakeProvider())
        _ = try await billing.consume(7, of: KitFixture.documents, for: "acme", key: .request("1"))
        let changes = try await store.journal(JournalQuery(customer: "acme")).count
        let preview = try await billing.consequences(of: upgrade, for: "acme")
        #expect(preview.before[KitFixture.documents]?.remaining == .units(43))
        #expect(preview.after[KitFixture.documents]?.remaining == .units(83))
        #expect(preview.plan?.moment == .now && preview.plan?.estimate?.source == .kit)
        #expect(preview.plan?.estimate?.total.minorUnits == 30_00, "the whole month is left")
        #expect(try await store.journal(JournalQuery(customer: "acme")).count == changes)
        #expect(try await billing.overview(of: "acme") == preview.before)
        let use = Account.Command(.consume(.init(meter: KitFixture.documents, amount: 3)))
        #expect(try await billing.consequences(of: use, for: "acme").after[KitFixture.documents]?.used == 10)
    }

    @Test func `what the provider says beforehand is preferred, and the kit's is given where it cannot`() async throws {
        for (quote, source) in [(31_50, .provider), (nil, .kit)] as [(Int64?, Account.Estimate.Source)] {
            let provider = Quoting(quote: quote)
            let billing = try await BillingSystem(
                catalog: system(FakeProvider()).catalog,
                store: store,
                provider: provider,
                clock: clock
            )
            let estimate = try await billing.consequences(of: upgrade, for: "acme").plan?.estimate
            #expect(estimate?.source == source)
            #expect(estimate?.total.minorUnits == quote ?? 30_00)
            #expect(provider.asked.withLock { $0 } == 1)
        }
    }

    @Test func `the plan of a change asks the provider too, and says whose word its estimate is`() async throws {
        let provider = try InMemoryProvider(id: "fake", tiers: [KitFixture.pro])
        let first = try await system(FakeProvider())
        let billing = try await BillingSystem(catalog: first.catalog, store: store, provider: provider, clock: clock)
        let change = Account.Command.SubscriptionChange(.change(to: .init(tier: Tier.ID("team")), nil))
        func estimate() async throws -> Account.Estimate? {
            guard case .planned(let plan) = try await billing.plan(change, for: "acme") else { return nil }
            return plan.estimate
        }
        #expect(try await estimate()?.source == .kit, "a provider that cannot say")
        provider.quote { plan in
            guard let currency = plan.estimate?.total.currency else { return nil }
            let line = Account.Estimate.Line(
                kind: .time,
                tier: plan.done.tier,
                span: plan.done.period,
                amount: Money(minorUnits: 31_50, currency: currency)
            )
            return try Account.Estimate(source: .provider, dueAt: plan.appliesAt, lines: [line], in: currency)
        }
        #expect(try await estimate()?.source == .provider)
        #expect(try await estimate()?.total.minorUnits == 31_50)
        provider.quote { _ in throw BillingError(.catalogConflict, "out of reach") }
        #expect(try await estimate()?.source == .kit, "one that fails")
        #expect(try await estimate()?.total.minorUnits == 30_00)
    }

    @Test func `a wish that can be met has a plan, and one that cannot has a reason`() async throws {
        let billing = try await system(FakeProvider())
        guard case .planned(let plan) = try await billing.plan(.init(.cancel(.periodEnd)), for: "acme") else {
            Issue.record("it can be cancelled")
            return
        }
        #expect(plan.asked.cancelsAtPeriodEnd && plan.subscription.id == "sub_1")
        #expect(try await billing.plan(.init(.resume), for: "acme") == .refused(.nothingToUndo))
        #expect(try await billing.plan(.init(.cancel(.now)), for: "nobody") == .refused(.noSubscription))
    }
}
